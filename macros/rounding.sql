{#- How far a printed value can lie from the value that it stands for, by whether it counts (units.is_whole) and its qualifier: half its last digit.
    A count is exact unless it is called approximate; then its last digit is the last that is not zero. -#}
{% macro rounding_error(value, is_whole, qualifier) -%}
    case
        when {{ qualifier }} = 'approximate' and {{ value }} = round({{ value }})
            then 0.5 * pow(10, length(regexp_extract(try_cast({{ value }} as bigint)::varchar, '0*$')))
        when not {{ is_whole }} or {{ qualifier }} = 'approximate'
            then 0.5 * pow(10, -{{ decimal_places(value) }})
        else 0
    end
{%- endmacro %}

{#- How many digits stand behind a value's point, up to four; none where it is too large to have any. -#}
{% macro decimal_places(value) -%}
    coalesce(length(regexp_extract(try_cast(round({{ value }}, 4) as decimal(18, 4))::varchar, '\.(\d*?)0*$', 1)), 0)
{%- endmacro %}

{#- A number as people write it: without a decimal point where there are no decimals, with separators for thousands. -#}
{% macro plain_number(value) -%}
    regexp_replace(format('{:,.2f}', {{ value }}), '\.00$|(\.\d)0$', '\1')
{%- endmacro %}
