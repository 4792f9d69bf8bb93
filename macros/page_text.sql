{#- What all models that read the words of a page share. -#}

{#- Signs that open a list item wherever they open a line, even without a space behind them. -#}
{% macro bullet_signs() -%}
    \x{E000}-\x{F8FF}•◦‣⁃∙·●○◼◾▪■□❖✦➔➢➤►▶▸✓✔
{%- endmacro %}

{#- With those that are also letters and strokes of running text. -#}
{% macro bullet_characters() -%}
    [{{ bullet_signs() }}o*–—―─−‒-]
{%- endmacro %}

{#- How a bullet opens a line: a sign, or a letter or stroke with a space behind it. -#}
{% macro opening_bullet() -%}
    (?:[{{ bullet_signs() }}]|{{ bullet_characters() }}(?:\s|$))
{%- endmacro %}

{#- How a number opens a line: with its stop (or two) or a bracket. The number is the group. -#}
{% macro opening_number() -%}
    (\d{1,3})\s?(?:\.{1,3}|\))
{%- endmacro %}

{#- All that opens an item: a bullet, a number with or without its stop, or a number behind a bullet; with Markdown's signs. -#}
{% macro item_opening() -%}
    {%- set marks = '(?:\\x01[^\\x02]*\\x02)*' -%}
    {{ marks }}(?:{{ opening_bullet() }}\s*)?{{ marks }}(?:\d{1,3}\s?(?:\.{1,3}|\))?{{ marks }}\s*)?
{%- endmacro %}

{#- Digits as a footnote's mark shows them, so that no reader takes them for the end of a figure. -#}
{% macro raised(text) -%}
    translate({{ text }}, '0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹')
{%- endmacro %}

{#- The line with each digit at the 1-based `positions` raised, between chr(1) and chr(2). -#}
{% macro mark_characters(line, positions) -%}
    list_aggregate(
        list_transform(
            string_split({{ line }}, ''),
            lambda character, position: case
                when list_contains({{ positions }}, position) then chr(1) || {{ raised('character') }} || chr(2)
                else character
            end
        ),
        'string_agg', ''
    )
{%- endmacro %}

{#- Before words that a drawing sets apart: a comma to patterns, and nothing in a quote. -#}
{% macro pause() -%}
    chr(3)
{%- endmacro %}

{#- What a pattern reads: the text without the marked stretches. -#}
{% macro without_marks(marked_text) -%}
    trim(
        regexp_replace(
            replace(regexp_replace({{ marked_text }}, '\x01[^\x02]*\x02', '', 'g'), ' ' || {{ pause() }}, ', '),
            -- The hyphen of a symbol font: a bullet at a line's head, a dash within a word or between years.
            '(\w)\x{F02D}(\w)', '\1-\2', 'g'
        )
    )
{%- endmacro %}

{#- What a quote shows: the text as printed, marked stretches included. -#}
{% macro with_marks(marked_text) -%}
    trim(regexp_replace({{ marked_text }}, '[\x01\x02' || {{ pause() }} || ']', '', 'g'))
{%- endmacro %}

{#- A footnote's mark where it is a sign: digits that are raised characters, and the signs that stand for a number. -#}
{% macro raised_digits() -%}
    ¹²³⁴⁵⁶⁷⁸⁹⁰
{%- endmacro %}

{% macro note_signs() -%}
    *†‡
{%- endmacro %}

{#- Control characters as spaces: some of them are our marks. -#}
{% macro without_controls(text) -%}
    regexp_replace({{ text }}, '[\x00-\x08\x0B\x0E-\x1F\x7F]', ' ', 'g')
{%- endmacro %}

{#-
    A line of the inspectorate's letterhead: nothing but parts that its seed holds, and signs between them; of a `standing`, a
    part of that kind in such a line. Written into the query: a pattern that comes from a row is compiled for every line.
-#}
{% macro letterhead_words(standing='') -%}
    {%- set held = adapter.get_relation(target.database, 'seeds', 'letterhead_lines') if execute -%}
    {%- set query = "select replace(string_agg('(?:' || pattern || ')', '|'), '''', '''''') from " ~ held ~ (" where standing = '" ~ standing ~ "'" if standing else '') -%}
    {%- set parts = run_query(query).columns[0].values()[0] if held else 'Ofsted' -%}
    {{ '(?:^|[\\s,;|])(?:' ~ parts ~ ')(?:[\\s,;|]|$)' if standing else '\\W*(?:(?:' ~ parts ~ ')(?:[\\s,;|–-]+|$))+' }}
{%- endmacro %}

{#- White space folded, page turns included. A space that stands alone is left: to replace each takes five times as long. -#}
{% macro one_line(text) -%}
    trim(regexp_replace({{ text }}, '\s{2,}|[^\S ]', ' ', 'g'))
{%- endmacro %}

{#- A text as a list of pieces as long as a sentence; RE2 is a hundred times slower with pieces three times as long. -#}
{% macro pieces_of(text) -%}
    regexp_extract_all({{ text }}, '(?s).{1,300}')
{%- endmacro %}

{#- A block's text as a list of sentences. A point after an initial, a title or an abbreviation ends none. -#}
{% macro sentences(block_text) -%}
    string_split(
        regexp_replace(
            regexp_replace(
                {{ block_text }},
                '([.!?][’”"'')\]]*(?:\x01[^\x02]*\x02)*)([\s\f]+)([A-Z0-9‘“"''(\x01])', '\1' || chr(30) || '\2\3', 'g'
            ),
            '(\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|vs|etc|eg|ie|e\.g|i\.e|approx|para|Cllr)\.)' || chr(30), '\1', 'g'
        ),
        chr(30)
    )
{%- endmacro %}

{#- Whether a line greets whom a letter is written to: a report's page for children, or a foreword, addresses people, too. -#}
{% macro is_salutation(line) -%}
    (regexp_matches(lower({{ line }}), '^dear ') and not regexp_matches(lower({{ line }}), '^dear (children|young|reader|parent|carer|all|friend)'))
{%- endmacro %}
