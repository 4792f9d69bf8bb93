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
    One group of all matches of a row's own pattern, 0 for the whole of each. A pattern that comes from a row is compiled for every row that
    it is tried on, one that stands in the query once: so those that the warehouse holds are written into the query (twenty
    times as fast), and only others, as in a unit test, are read from their row.
-#}
{% macro extract_by_pattern(pattern_id, text, regex, patterns, group) -%}
    {%- set held = adapter.get_relation(target.database, 'intermediate', patterns) if execute -%}
    case {{ pattern_id }}
        {%- if held %}
        {%- for row in run_query('select pattern_id, regex from ' ~ held ~ ' order by pattern_id').rows %}
        when '{{ row[0] }}' then regexp_extract_all({{ text }}, '{{ row[1] | replace("'", "''") }}', {{ group }})
        {%- endfor %}
        {%- endif %}
        else regexp_extract_all({{ text }}, {{ regex }}, {{ group }})
    end
{%- endmacro %}

{#- A pattern whose brackets give no groups, to be put into one that has groups of its own. -#}
{% macro without_groups(pattern) -%}
    replace(replace(replace(replace({{ pattern }}, '\(', chr(1)), '(', '(?:'), '(?:?', '(?'), chr(1), '\(')
{%- endmacro %}
