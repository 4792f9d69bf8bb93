{#- Any grade, of the wordings' rows; the longest first, as one can end with another. -#}
{% macro any_grade() -%}
    '(' || string_agg(replace(printed_grade, ' ', '\s+'), '|' order by length(printed_grade) desc, printed_grade) || ')'
{%- endmacro %}

{#- A grade can have its number before or behind it: "Grade 3: …", "… (4)". -#}
{% macro grade_with_number(wording) -%}
    '(?:grade\s+\d[\s:–─-]*)?' || {{ wording }} || '\b(?:[\s:–─-]*grade\s+\d\b|\s*\((?:grade\s+)?\d\))?'
{%- endmacro %}

{#- How a heading says the grade of what it is about: "Leadership and management are …", "Safety: Grade 2 – … (2)". -#}
{% macro grade_ending() -%}
    '[\s:–─-]*( (is|are)( that (it|they)( (is|are))?)?)?[\s:–─-]+(grade \d[\s:–─-]*)?('
    || string_agg(printed_grade, '|' order by length(printed_grade) desc, printed_grade)
    || ')([\s:–─-]*\(?(grade \d|\b\d\))\)?)?$'
{%- endmacro %}
