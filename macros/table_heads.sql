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

{#- Words over a table without the times that they say. -#}
{% macro without_periods(words) -%}
    regexp_replace(
        translate(lower({{ words }}), '‐‑‒–—−’‘''', '------'),
        '\b(?:as )?(?:at|on) (?:the )?{{ head_day() }}|{{ head_slashed_day() }}|{{ head_financial_year() }}|{{ head_day() }}|{{ head_month() }}|\b20\d\d\b|\b(?:year|12 months|twelve months) (?:to|ending|ended|up to)(?: the)?\b', ' ', 'g'
    )
{%- endmacro %}

{#- The unit that words of heads and titles say. -#}
{% macro stated_unit(words) -%}
    case
        when regexp_matches({{ words }}, '%|\b(?:per ?cent|percentages?|proportion|share)\b') then 'percent'
        when regexp_matches({{ words }}, 'per 10 ?,?000') then 'per_10k'
        when regexp_matches({{ words }}, '\b(?:average|mean|length|time|duration|timescale)\b.*\bweeks\b|\bweeks\b.*\b(?:average|mean|length|time|duration)\b') then 'weeks'
        when regexp_matches({{ words }}, '\b(?:average|mean|length|time|duration)\b.*\bdays\b|\bdays\b.*\b(?:average|mean|length|time|duration)\b') then 'days'
        when regexp_matches({{ words }}, '£') then 'gbp'
    end
{%- endmacro %}

{#- Comparable words without some of them, whose places part what is left. -#}
{% macro without_words(words, passed_over) -%}
    trim(regexp_replace(
        list_reduce(
            list_concat([{{ words }}], {{ passed_over }}), lambda words_so_far, said_word: replace(words_so_far, ' ' || said_word || ' ', ' ; ')
        ), '  +', ' ', 'g'
    ))
{%- endmacro %}

{#- A table's title without its number, its times, and what it is divided by: that, its heads say. -#}
{% macro title_words(words) -%}
    regexp_replace(
        regexp_replace({{ without_periods(words) }}, '\b(?:table|figure|fig|chart|graph) ?\d+[a-z]?\b ?[:.-]?', ' ', 'g'),
        '\bby (?:age|gender|sex|ethnic|categor|type|placement|legal|team|localit|district|ward|month|quarter|year|area|local authorit|region)[a-z ]*', ' ', 'g'
    )
{%- endmacro %}

{#- Comparable words without whom a rate is of: "per 10,000 of the population under 18". -#}
{% macro without_population(words) -%}
    regexp_replace({{ words }}, ' per 10 000(?: of| the| child| children| young people| and| population| aged| age| under 18s?| years?| old| 0 17| 0 to 17)* ', ' ', 'g')
{%- endmacro %}
