{#- What the models of boards' tables share. -#}

{#- Letters and digits alone, so that a row of cells and a printed line can be compared. -#}
{% macro letters_and_digits(text) -%}
    regexp_replace(lower({{ text }}), '[^a-z0-9]+', '', 'g')
{%- endmacro %}

{#- The calendar year in which the (last) financial year that a text names began: "2016/17", "April 2016 - March 2017",
    "year ended 31 March 2017". Null where it names none. -#}
{% macro named_financial_year(text) -%}
    coalesce(
        list_extract(
            list_filter(
                list_transform(
                    regexp_extract_all(
                        {{ text }},
                        '\b20\d\d\s*(?:[-–—−/]|to|and)\s*(?:\d{1,2}(?:st)?\s+)?(?:[A-Za-z]+\s+)?(?:20)?\d\d\b'
                    ),
                    lambda span: case
                        when (regexp_extract(span, '^20(\d\d)', 1)::integer + 1) % 100 = span[-2:]::integer
                            then span[:4]::integer
                    end
                ),
                lambda first_year: first_year is not null
            ), -1
        ),
        try_cast(nullif(regexp_extract(
            {{ text }}, '(?i)(?:year[ -]?end\w*|year to|ending|ended)\W+(?:on )?(?:the )?(?:31(?:st)? )?march (20\d\d)', 1
        ), '') as integer) - 1,
        try_cast(nullif(regexp_extract({{ text }}, '(?i)\b31(?:st)? march,? (20\d\d)', 1), '') as integer) - 1,
        case
            when regexp_matches({{ text }}, '^\D*\d\d/\d\d\D*$')
                and (try_cast(regexp_extract({{ text }}, '(\d\d)/(\d\d)', 1) as integer) + 1) % 100
                = try_cast(regexp_extract({{ text }}, '(\d\d)/(\d\d)', 2) as integer)
                then 2000 + try_cast(regexp_extract({{ text }}, '(\d\d)/(\d\d)', 1) as integer)
        end
    )
{%- endmacro %}

{#- The calendar year in which a line says that meetings were: "Attendance at meetings in 2016", "January to December 2016". Null
    where it names a financial year, or a month or day of the year. -#}
{% macro named_calendar_year(text) -%}
    case
        when {{ named_financial_year(text) }} is null and len(regexp_extract_all({{ text }}, '\b20\d\d\b')) = 1
            then coalesce(
                try_cast(nullif(regexp_extract(
                    {{ text }}, '(?i)\bjan(?:uary)?\W+(?:to\W+)?dec(?:ember)?\W+(20\d\d)\b', 1
                ), '') as integer),
                case
                    when not regexp_matches({{ text }}, '(?i)\b(?:{{ month_names() }})\b')
                        then try_cast(nullif(regexp_extract(
                            {{ text }}, '(?i)\b(?:meetings?|attendance|attended|calendar year)\b[^\d/–]{0,30}\b(20\d\d)\b', 1
                        ), '') as integer)
                end
            )
    end
{%- endmacro %}

{#- The pounds that a cell states, as a struct of value, is_negative and has_sign; null where it states no amount. -#}
{% macro stated_amount(text) -%}
    case
        when regexp_matches(
            {{ text }}, '(?i)^\(?[-–−]?\s*£?\s*[-–−]?\s*(\d{1,3}([, ]\d{3})+|\d+)(\.\d+)?\s*(k|m|p)?\s*\)?[{{ note_signs() }}#]*$|^£\s*\d[\d,]*(\.\d+)?(k|m)?\b'
        )
            then {
                'value': try_cast(
                    regexp_replace(regexp_extract({{ text }}, '(\d{1,3}([, ]\d{3})+|\d+)(\.\d+)?'), '[, ]', '', 'g') as double
                ) * case lower(regexp_extract({{ text }}, '(?i)\d\s*(k|m|p)\b', 1))
                    when 'k' then 1000 when 'm' then 1000000 when 'p' then 0.01 else 1
                end,
                'is_negative': regexp_matches({{ text }}, '^\(|^£?\s*[-–−]'),
                'has_sign': contains({{ text }}, '£')
            }
    end
{%- endmacro %}

{#- A text as quotes are compared: without white space, with line-end hyphens mended. -#}
{% macro without_spaces(text) -%}
    regexp_replace(translate({{ text }}, chr(65534) || chr(173), '-'), '[\s\x{00A0}]+', '', 'g')
{%- endmacro %}

{#- Of several texts, the first that stands in one piece on the page (its text without spaces); in the last resort as many
    words of the last text as do. -#}
{% macro first_on_page(texts, page_text) -%}
    coalesce(
        list_extract(
            list_filter(
                {{ texts }}, lambda words: words != '' and contains({{ page_text }}, {{ without_spaces('words') }})
            ), 1
        ),
        list_extract(
            list_filter(
                list_transform(
                    range(len(string_split(list_extract({{ texts }}, -1), ' ')), 0, -1),
                    lambda word_count: array_to_string(string_split(list_extract({{ texts }}, -1), ' ')[:word_count], ' ')
                ),
                lambda words: contains({{ page_text }}, {{ without_spaces('words') }})
            ), 1
        )
    )
{%- endmacro %}

{#- For each printed row of a table and the words that stand for it (a column of `rows`), the row as it stands on its page, else
    those words. Once a row: a page of a text document is all of it, too much to go along with every cell. Needs the
    relations `cells` and `tables`. -#}
{% macro quotes_of_rows(rows, words) -%}
    with row_texts as materialized (

        select
            named.board_table_id,
            named.printed_row,
            named.{{ words }},
            min(cells.printed_page) as page_number,
            string_agg(nullif(cells.cell_text, ''), ' ' order by cells.printed_column) as row_text,
            '| ' || string_agg(cells.cell_text, ' | ' order by cells.printed_column) as piped_text,
        from (select distinct board_table_id, printed_row, {{ words }} from {{ rows }}) as named
        inner join cells using (board_table_id, printed_row)
        where not cells.is_turned
        group by named.board_table_id, named.printed_row, named.{{ words }}

    )

    select
        row_texts.board_table_id,
        row_texts.printed_row,
        row_texts.{{ words }},
        coalesce(row_texts.page_number, tables.page_number) as page_number,
        coalesce(
            {{ first_on_page('[row_texts.row_text, row_texts.piped_text, row_texts.' ~ words ~ ']', 'tables.page_text') }},
            row_texts.{{ words }}
        ) as quote,
    from row_texts
    inner join tables using (board_table_id)
{%- endmacro %}

{#- 'income' or 'spending' where a text speaks of one and not of the other, else null. `pattern` says where the patterns of
    the wordings are. -#}
{% macro money_flow(text, pattern='wordings.{}') -%}
    case
        when regexp_matches({{ text }}, {{ pattern.format('income') }}) = regexp_matches({{ text }}, {{ pattern.format('expenditure') }})
            then null
        when regexp_matches({{ text }}, {{ pattern.format('income') }}) then 'income'
        else 'spending'
    end
{%- endmacro %}

{#- What the board_wordings seed's patterns are for. -#}
{% macro board_wording_roles() -%}
    {{ return([
        'attendance', 'not_attendance', 'sub_group', 'agency_header', 'member_header', 'person_header', 'held', 'percent',
        'attended', 'total_row', 'no_agency', 'income', 'expenditure', 'not_pounds', 'planned', 'actual', 'total_amount',
        'closing_income', 'balance', 'carried_forward', 'brought_forward', 'expenditure_row', 'expense', 'contributor',
        'group_header', 'spent', 'within_a_line',
    ]) }}
{%- endmacro %}

{#- A date as printed, without the ends of ordinals and the names of days. -#}
{% macro plain_date_text(text) -%}
    trim(regexp_replace(
        regexp_replace(lower({{ text }}), '(\d)\s*(?:st|nd|rd|th)\b', '\1 ', 'g'),
        '\b(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?\b|,|\bof\b|''|’|\s+', ' ', 'g'
    ))
{%- endmacro %}

{#- Day, month and year of a date in any form, each null where it is not said; late_number is a number of two digits behind a
    month's name, which may be a day or a year. -#}
{% macro date_parts(text) -%}
    {%- set name = '(?:' ~ month_names() | lower ~ ')' -%}
    {%- set numbers = "regexp_extract(" ~ text ~ ", '(?:^|[^\\d])(\\d{1,2}) ?[/.\\-–] ?(\\d{1,2}) ?[/.\\-–] ?(20\\d\\d|\\d\\d)(?:$|[^\\d])', ['day', 'month', 'year'])" -%}
    {%- set iso = "regexp_extract(" ~ text ~ ", '\\b(20\\d\\d)-(\\d\\d)-(\\d\\d)\\b', ['year', 'month', 'day'])" -%}
    case
        when {{ iso }}.year != '' then {
            'day': {{ iso }}.day::integer, 'month': {{ iso }}.month::integer, 'year': {{ iso }}.year::integer,
            'late_number': null::integer
        }
        when {{ numbers }}.year != '' then {
            'day': {{ numbers }}.day::integer,
            'month': case when {{ numbers }}.month::integer <= 12 then {{ numbers }}.month::integer end,
            'year': 2000 + {{ numbers }}.year::integer % 100,
            'late_number': null::integer
        }
        when regexp_matches({{ text }}, '(?:\b|\d){{ name }}(?:\b|\d)') then {
            'day': coalesce(
                try_cast(nullif(regexp_extract({{ text }}, '\b(\d{1,2})[ \-–./]*{{ name }}', 1), '') as integer),
                try_cast(nullif(regexp_extract({{ text }}, '\b{{ name }}[ .]*(\d{1,2}) +20\d\d\b', 1), '') as integer)
            ),
            'month': {{ month_number("regexp_extract(" ~ text ~ ", '(" ~ name ~ ")', 1)") }},
            'year': coalesce(
                try_cast(nullif(regexp_extract({{ text }}, '{{ name }}[ \-–./]*(20\d\d)\b', 1), '') as integer),
                2000 + try_cast(nullif(
                    regexp_extract({{ text }}, '\d[ \-–./]*{{ name }}[ \-–./]*(\d\d)\b', 1), ''
                ) as integer)
            ),
            'late_number': case
                when not regexp_matches({{ text }}, '\d[ \-–./]*{{ name }}|20\d\d')
                    then try_cast(nullif(regexp_extract({{ text }}, '{{ name }}[ \-–./]*(\d{1,2})\b', 1), '') as integer)
            end
        }
        when regexp_matches({{ text }}, '^\d{1,2} ?[/.] ?\d{1,2}$') then {
            'day': regexp_extract({{ text }}, '^(\d+)', 1)::integer,
            'month': case
                when regexp_extract({{ text }}, '(\d+)$', 1)::integer between 1 and 12
                    then regexp_extract({{ text }}, '(\d+)$', 1)::integer
            end,
            'year': null::integer,
            'late_number': null::integer
        }
        when regexp_matches({{ text }}, '\b(q|qtr|quarter) ?[1-4]\b') then {
            'day': null::integer,
            'month': 3 * (1 + regexp_extract({{ text }}, '\b(?:q|qtr|quarter) ?([1-4])\b', 1)::integer % 4),
            'year': null::integer,
            'late_number': null::integer
        }
    end
{%- endmacro %}
