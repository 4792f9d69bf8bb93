{% test holds(model, expression) %}
    {#- The rows for which the expression is false; one that is null is not known to be false. -#}
    select *
    from {{ model }}
    where not ({{ expression }})
{% endtest %}
