{#- A name without case, signs and double spaces, between spaces: so that whole words are compared. -#}
{% macro comparable_name(text) -%}
    ' ' || trim(
        regexp_replace(regexp_replace(lower({{ text }}), '\s*&\s*', ' and ', 'g'), '[^a-z0-9]+', ' ', 'g')
    ) || ' '
{%- endmacro %}

{#- The words of a person's name in small letters, without signs and initials. -#}
{% macro name_words(name) -%}
    list_filter(
        string_split(regexp_replace(lower({{ name }}), '[^\pL ]', '', 'g'), ' '),
        lambda word: length(word) > 1
    )
{%- endmacro %}
