{#- Dates as reports print them. -#}

{% macro month_names() -%}
    Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?
{%- endmacro %}

{#- The number of a month by the first three letters of its name; null where it is none. -#}
{% macro month_number(name) -%}
    nullif(list_position(
        ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
        lower({{ name }})[:3]
    ), 0)
{%- endmacro %}

{#- A day, month and year as a date; null where there is no such day, or no report could speak of it. -#}
{% macro date_of(day, month, year) -%}
    try_cast(
        case
            when {{ year }}::integer between 1900 and 2099
                then printf('%04d-%02d-%02d', {{ year }}::integer, {{ month }}::integer, {{ day }}::integer)
        end as date
    )
{%- endmacro %}

{#- What follows the inspection's dates on a front page. -#}
{% macro end_of_inspection_dates() -%}
    dates? of (?:the )?(?:previous|last)|inspection outcome|report published|published|lead inspector|reporting inspector|age group|judgement|the overall|children.{0,2} services?|the local safeguarding|$
{%- endmacro %}
