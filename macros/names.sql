{#- A name without case, signs and double spaces, between spaces: so that whole words are compared. -#}
{% macro comparable_name(text) -%}
    ' ' || trim(
        regexp_replace(regexp_replace(lower({{ text }}), '\s*&\s*', ' and ', 'g'), '[^a-z0-9]+', ' ', 'g')
    ) || ' '
{%- endmacro %}
