{% test one_of(model, column, values, may_be_null=false) %}
    {#- The rows whose value is none of those that the contract knows. -#}
    select *
    from {{ model }}
    where
        {{ column }} not in ('{{ values | join("', '") }}')
        {% if not may_be_null %}or {{ column }} is null{% endif %}
{% endtest %}
