{% test is_empty(model) %}
    {#- All rows: each is something for a person to look at. -#}
    select * from {{ model }}
{% endtest %}
