{% test filled(model, columns) %}
    {#- The rows that lack one of the columns. -#}
    select * from {{ model }} where {{ is_refused('filled', model, {'columns': columns}) }}
{% endtest %}
