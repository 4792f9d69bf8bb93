{% test one_of(model, column, values, may_be_null=false) %}
    {#- The rows whose value is none of those that the contract knows. -#}
    {%- set given = {'column': column, 'values': values, 'may_be_null': may_be_null} %}
    select * from {{ model }} where {{ is_refused('one_of', model, given) }}
{% endtest %}
