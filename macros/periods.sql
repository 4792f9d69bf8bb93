{#- Parts of a date at the end of a period's words. -#}
{% macro closing_date(mention) -%}
    coalesce(
        {%- set parts = "regexp_extract(" ~ mention ~ ", '(?:(\\d{1,2})(?: ?(?:st|nd|rd|th))? (?:of )?)?(" ~ month_word()[3:-1] ~ "),? (?:in )?(20\\d\\d|\\d\\d)$', ['day', 'month', 'year'])" %}
        case
            when {{ parts }}.month != ''
                then coalesce(
                    {{ date_of("nullif(" ~ parts ~ ".day, '')", month_number(parts ~ ".month"), "2000 + try_cast(" ~ parts ~ ".year as integer) % 100") }},
                    last_day({{ date_of("1", month_number(parts ~ ".month"), "2000 + try_cast(" ~ parts ~ ".year as integer) % 100") }})
                )
        end,
        try_strptime(regexp_extract({{ mention }}, '\d{1,2}[/.]\d{1,2}[/.]20\d\d$').replace('.', '/'), '%d/%m/%Y')::date
    )
{%- endmacro %}
