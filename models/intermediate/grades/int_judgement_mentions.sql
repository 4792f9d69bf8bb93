{%- set held_areas = held_patterns('judgement_area_patterns') -%}
{%- set held_grades = held_patterns('grade_wordings', grade_with_number(any_grade())) -%}
-- Every place where a report gives an area a grade: in a table's row, in the running text of the page, in a headline.
-- Nothing is chosen here.

with reports as (

    select * from {{ documents_of(ref('int_report_frameworks')) }}
    where has_typed_facts

),

flows as (

    select * from {{ documents_of(ref('int_page_flows')) }}

),

page_lines as (

    select *
    from {{ documents_of(ref('stg_lines')) }}
    where line_kind in ('text', 'heading') and clean_text != ''

),

statements as (

    select * from {{ documents_of(ref('stg_statements')) }}

),

table_cells as (

    select * from {{ documents_of(ref('stg_table_cells')) }}
    where is_read

),

area_patterns as (

    select * from {{ ref('judgement_area_patterns') }}

),

grade_wordings as (

    select * from {{ ref('grade_wordings') }}

),

outcome_sentences as (

    select * from {{ ref('outcome_sentences') }}

),

grade_patterns as (

    select
        {{ any_grade() }} as grade_wording,
        {{ grade_with_number('grade_wording') }} as grade_pattern,
    from grade_wordings

),

record_pages as (

    select
        report_id,
        max(page_number) as record_page_number,
    from flows
    where contains(lower(flow), 'record of main findings')
    group by report_id

),

last_words as (

    select distinct string_split(printed_grade, ' ')[-1] as word
    from grade_wordings

),

places as (

    -- A text copy is one page: its front is its beginning.
    select
        report_id,
        page_number,
        'front' as place,
        flow[:6000] as place_text,
    from flows
    where page_number <= 3

    union all

    select
        flows.report_id,
        flows.page_number,
        'record' as place,
        regexp_replace(flows.flow, '(?is)^.*record of main findings', '')[:6000] as place_text,
    from flows
    inner join record_pages using (report_id)
    where flows.page_number >= record_pages.record_page_number

    union all

    -- The line over a section that says its grade.
    select
        statements.report_id,
        statements.page_number,
        'headline' as place,
        statements.quote as place_text,
    from statements
    where
        length(statements.quote) < 220
        and regexp_extract(lower(statements.statement), '(\w+)\W*(?:grade \d)?\W*$', 1) in (select word from last_words)

),

-- Held, so that the patterns are only tried on texts of their own framework and place that hold their keyword.
pairs as materialized (

    select
        places.report_id,
        places.page_number,
        places.place_text,
        area_patterns.judgement_area_id,
        area_patterns.place,
        area_patterns.priority,
        area_patterns.pattern,
    from places
    inner join reports using (report_id)
    inner join area_patterns
        on
            reports.framework_id = area_patterns.framework_id
            and places.place = area_patterns.place
            and contains(lower(places.place_text), area_patterns.keyword)

),

-- Between an area and its grade stand no more than a sign and a footnote's number. Each mention is put between chr(30)
-- and chr(31): so a pattern is compiled once for a text, and what stands around the mention is at hand.
mentioned as materialized (

    select
        pairs.* exclude (place_text, pattern),
        string_split(
            {% call(area) by_pattern('pairs.pattern', held_areas) %}
                {% call(grade) by_pattern('grade_patterns.grade_pattern', held_grades) %}
                    regexp_replace(
                        pairs.place_text,
                        '(?is)\b(?:' || {{ without_groups(area) }} || ')[\s:–─|(-]{0,6}\d?[\s:–─|(-]{0,4}' || {{ grade }},
                        chr(30) || '\0' || chr(31), 'g'
                    )
                {% endcall %}
            {% endcall %},
            chr(30)
        ) as parts,
    from pairs
    cross join grade_patterns

),

in_text as (

    select
        * exclude (parts, part, part_before),
        string_split(part, chr(31))[1] as quote,
        string_split(part, chr(31))[2] as words_behind,
        regexp_extract(string_split(part_before, chr(31))[-1], '[^.!?]*$') as words_before,
        regexp_replace(quote, '(?i)[\s:–─-]*\(?(?:grade\s+\d|\b\d\))\)?$', '') as words,
    from (
        select
            *,
            unnest(parts[2:]) as part,
            unnest(parts[:-2]) as part_before,
            generate_subscripts(parts[2:], 1)::integer as mention_number,
        from mentioned
    )

),

-- A quote ends with its grade: the longest wording that it ends with.
with_wordings as (

    select
        *,
        (
            select arg_max(grade_wordings.printed_grade, length(grade_wordings.printed_grade))
            from grade_wordings
            where ends_with(regexp_replace(lower(in_text.words), '\s+', ' ', 'g'), grade_wordings.printed_grade)
        ) as printed_grade,
    from in_text

),

read_text as (

    select
        report_id,
        page_number,
        judgement_area_id,
        'text' as source,
        place,
        priority,
        mention_number,
        right(words, length(printed_grade)) as grade_as_printed,
        quote,
    from with_wordings
    cross join grade_patterns
    where
        -- "… are not yet good", "… were previously inadequate" give no grade, nor does "the previous judgement is good".
        not regexp_matches(
            left(words, length(words) - length(printed_grade)),
            '(?i)\b(not|yet|never|been|was|were|has|have|had|previously|formerly|last)\b'
        )
        and not regexp_matches(words_before, '(?i)\b(previous(ly)?|last|earlier|prior|former(ly)?)\b')
        -- The grade ends what says it: "overall effectiveness, good in parts" is prose.
        and (not regexp_matches(words_behind, '^[\s,;–─-]*[a-z]') or regexp_matches(words_behind, '^\s*because\b'))
        -- A list of grades, or one that became another, is none.
        and not {% call(grade) by_pattern('grade_patterns.grade_wording', held_patterns('grade_wordings', any_grade())) %}
            regexp_matches(words_behind, '(?is)^\s*(?:\(\d{4}\))?\s*[/→>,;&–-]+\s*' || {{ grade }})
        {% endcall %}
        -- "In 2018, overall effectiveness: …"
        and not regexp_matches(words_before, '(?i)\b(?:in|since|until)\s+(?:[a-z]+\s+)?(?:19|20)\d\d\W*$')

),

-- A label can break in the middle, with its grade beside an upper line of it.
lines_around as (

    select
        report_id,
        page_number,
        line_number,
        clean_text as line,
        regexp_replace(clean_text, '(?i)[\s:–─-]*\(?(grade \d|\b\d\))\)?$', '') as words,
        lag(clean_text) over document_order as line_above,
        lead(clean_text) over document_order as line_below,
        lead(clean_text, 2) over document_order as second_line_below,
    from page_lines
    where page_number <= 2 and length(clean_text) < 200
    window document_order as (partition by report_id, page_number order by line_number)

),

graded_lines as (

    select
        lines_around.* exclude (words),
        right(words, length(printed_grade)) as grade,
        nullif(
            trim(
                regexp_replace(left(words, length(words) - length(printed_grade)), '(?i)\bgrade \d\W*$', ''), ' :–─-('
            ), ''
        ) as label_beside,
    from lines_around
    inner join grade_wordings on ends_with(' ' || lower(lines_around.words), ' ' || grade_wordings.printed_grade)
    qualify row_number() over (
        partition by report_id, page_number, line_number order by length(grade_wordings.printed_grade) desc
    ) = 1

),

-- A label begins above its grade or beside it: what stands under a grade alone is the next row.
broken_labels as (

    select
        report_id,
        page_number,
        grade,
        unnest([
            {'label': label_beside || ' ' || line_below, 'quote': line || ' ' || line_below},
            {
                'label': label_beside || ' ' || line_below || ' ' || second_line_below,
                'quote': line || ' ' || line_below || ' ' || second_line_below
            },
            {
                'label': line_above || ' ' || concat_ws(' ', label_beside, line_below),
                'quote': line_above || ' ' || line || ' ' || line_below
            }
        ], recursive := true),
    from graded_lines

),

in_broken_labels as (

    select
        broken_labels.report_id,
        broken_labels.page_number,
        area_patterns.judgement_area_id,
        'text' as source,
        area_patterns.place,
        area_patterns.priority,
        broken_labels.grade as grade_as_printed,
        broken_labels.quote,
    from broken_labels
    inner join reports using (report_id)
    inner join area_patterns
        on
            reports.framework_id = area_patterns.framework_id
            and area_patterns.place = 'front'
            and contains(lower(broken_labels.label), area_patterns.keyword)
    where
        -- The grade's own second line stands behind the label's.
        {% call(area) by_pattern('area_patterns.pattern', held_areas) %}
            regexp_full_match(
                regexp_replace(regexp_replace(broken_labels.label, '(?i)\s+to be good$', ''), '\s+', ' ', 'g'),
                '(?is)[\d.\s]*(the )?(' || {{ area }} || ')\s*'
            )
        {% endcall %}

),

-- A row of a table whose first filled cell is an area and whose next is a grade.
table_rows as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        list(cell_text order by column_number) filter (where coalesce(cell_text, '') != '') as filled_cells,
    from table_cells
    group by report_id, page_number, table_number, row_number

),

in_tables as (

    select
        table_rows.report_id,
        table_rows.page_number,
        area_patterns.judgement_area_id,
        'table' as source,
        area_patterns.place,
        area_patterns.priority,
        (100 * table_rows.table_number + table_rows.row_number)::integer as mention_number,
        regexp_extract(table_rows.filled_cells[2], '(?is)' || grade_patterns.grade_wording, 1) as grade_as_printed,
        table_rows.filled_cells[1] || ' ' || table_rows.filled_cells[2] as quote,
    from table_rows
    inner join reports using (report_id)
    inner join area_patterns using (framework_id)
    cross join grade_patterns
    where
        len(table_rows.filled_cells) = 2
        and area_patterns.place in ('front', 'record')
        and {% call(grade) by_pattern('grade_patterns.grade_pattern', held_grades) %}
            regexp_full_match(table_rows.filled_cells[2], '(?is)' || {{ grade }} || '\W*')
        {% endcall %}
        and {% call(area) by_pattern('area_patterns.pattern', held_areas) %}
            regexp_matches(table_rows.filled_cells[1], '(?is)^[\d.\s]*(the )?' || {{ area }} || '\d?\W*$')
        {% endcall %}

),

-- An outcome that a sentence says in words of its own, on the first pages, where a text copy has its first blocks. Two outcomes
-- are none.
in_sentences as (

    select
        statements.report_id,
        outcome_sentences.judgement_area_id,
        statements.page_number,
        'text' as source,
        'front' as place,
        1 as priority,
        row_number() over (partition by statements.report_id order by statements.block_number, statements.sentence_number)::integer
            as mention_number,
        outcome_sentences.grade,
        regexp_extract(statements.statement, '(?i)' || outcome_sentences.pattern) as grade_as_printed,
        statements.quote,
    from statements
    inner join reports using (report_id)
    inner join outcome_sentences using (framework_id)
    where
        statements.page_number <= 2
        and statements.block_number <= 40
        and contains(lower(statements.statement), outcome_sentences.keyword)
        and regexp_matches(lower(statements.statement), outcome_sentences.pattern)
        and not regexp_matches(lower(statements.statement), '\b(previous|last|earlier) ([a-z]+ ){0,2}inspection')
    qualify
        count(distinct outcome_sentences.grade) over (partition by statements.report_id, outcome_sentences.judgement_area_id) = 1

),

final as (

    select * from in_sentences

    union all by name

    select
        mentions.report_id,
        mentions.judgement_area_id,
        mentions.page_number,
        mentions.source,
        mentions.place,
        mentions.priority,
        coalesce(mentions.mention_number, 1) as mention_number,
        grade_wordings.grade,
        trim(mentions.grade_as_printed) as grade_as_printed,
        trim(mentions.quote) as quote,
    from (
        select * from in_tables
        union all by name
        select * from in_broken_labels
        union all by name
        select * from read_text
    ) as mentions
    inner join grade_wordings
        on trim(regexp_replace(lower(mentions.grade_as_printed), '[^a-z]+', ' ', 'g')) = grade_wordings.printed_grade

)

select * from final
