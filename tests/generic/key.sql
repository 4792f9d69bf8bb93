{% test key(model, columns) %}
    {#- The rows whose key is not whole or not their own. -#}
    select
        {{ columns | join(', ') }},
        count(*) as rows_with_this_key,
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {% for column in columns %}or {{ column }} is null {% endfor %}
{% endtest %}
