{% macro generate_schema_name(custom_schema_name, node) %}
    {#- Schemas are named as written, so that the marts stand in `main` and `select * from fct_judgements` works. -#}
    {{ custom_schema_name if custom_schema_name else target.schema }}
{% endmacro %}
