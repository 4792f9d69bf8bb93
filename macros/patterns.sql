{#-
    A seed's pattern as a regular expression: <#> is the value, # any other number, @ a date or period, ~ words without a
    number, » what introduces the statement; words in capitals stand for what the list all_words says.
-#}
{% macro spelled_out(pattern) -%}
    list_reduce(
        list_concat(
            [{word: '', stands_for: {{ pattern }}}],
            all_words,
            [
                {word: '<#>', stands_for: '<(\d+)' || chr(1)},
                {word: '#', stands_for: '<\d+>'},
                {word: chr(1), stands_for: '>'},
                {word: '@', stands_for: '\{\d*\}'},
                {word: '~', stands_for: '[^<>»]*?'},
                {word: ' » ', stands_for: '.*» '}
            ]
        ),
        lambda spelled, pair: {word: '', stands_for: replace(spelled.stands_for, pair.word, pair.stands_for)}
    ).stands_for
{%- endmacro %}

{#-
    What the caller says of a row's own pattern. A pattern that comes from a row is compiled for every row that it is tried on,
    one that stands in the query once (twenty times as fast): so those that the warehouse holds are written into the query, and
    only others, as in a unit test, are read from their row.
-#}
{% macro by_pattern(pattern, held) -%}
    case {{ pattern }}
        {%- for written in held %}
        when {{ written }} then {{ caller(written) }}
        {%- endfor %}
        else {{ caller(pattern) }}
    end
{%- endmacro %}

{#- The patterns that a relation holds, as a query writes them; none where it is not there yet. -#}
{% macro held_patterns(relation, pattern='pattern', schema='seeds') -%}
    {%- set held = [] -%}
    {%- set there = adapter.get_relation(target.database, schema, relation) if execute -%}
    {%- if there -%}
        {%- set query = 'select distinct ' ~ pattern ~ ' as held from ' ~ there -%}
        {%- for row in run_query('select held from (' ~ query ~ ") where held != '' order by held").rows -%}
            {%- do held.append("'" ~ row[0] | replace("'", "''") ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(held) -%}
{%- endmacro %}

{#- A pattern whose brackets give no groups, to be put into one that has groups of its own. -#}
{% macro without_groups(pattern) -%}
    replace(replace(replace(replace({{ pattern }}, '\(', chr(1)), '(', '(?:'), '(?:?', '(?'), chr(1), '\(')
{%- endmacro %}
