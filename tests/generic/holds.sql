{% test holds(model, expression) %}
    {#- The rows for which the expression is false. -#}
    select * from {{ model }} where {{ is_refused('holds', model, {'expression': expression}) }}
{% endtest %}
