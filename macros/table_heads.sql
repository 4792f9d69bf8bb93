{#- What the heads of tables say: their periods, and for whom a column is. Over lower-case text with plain dashes. -#}

{#- A financial year with or without its century, "2012-13", "12/13"; the groups are its first and its last year. -#}
{% macro head_financial_year() -%}
    \b(?:20)?(\d\d) ?[-/] ?(?:20)?(\d\d)\b
{%- endmacro %}

{#- A day of the month, with or without its year. -#}
{% macro head_day() -%}
    \b(\d{1,2})(?:st|nd|rd|th)? (?:of )?({{ month_word() }})\b(?:,?[ -]*(20\d\d|\d\d\b))?
{%- endmacro %}

{#- A month with its year: "march 2013", "mar-13". -#}
{% macro head_month() -%}
    \b({{ month_word() }})[ ,-]*(20\d\d|\d\d)\b
{%- endmacro %}

{% macro head_slashed_day() -%}
    \b(\d{1,2})[/.](\d{1,2})[/.](20\d\d|\d\d)\b
{%- endmacro %}

{#- A year of two or four digits as four. -#}
{% macro whole_year(year) -%}
    (case when length({{ year }}) = 2 then 2000 else 0 end + try_cast({{ year }} as integer))
{%- endmacro %}
