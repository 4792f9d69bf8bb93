-- Every place where a report gives an area a grade: in a table's row, in the running text of the page, in a headline.
-- Nothing is chosen here.

with reports as (

    select * from {{ ref('int_report_frameworks') }}
    where has_typed_facts

),

flows as (

    select * from {{ ref('int_page_flows') }}

),

statements as (

    select * from {{ ref('stg_statements') }}

),

table_cells as (

    select * from {{ ref('stg_table_cells') }}
    where is_read

),

area_patterns as (

    select * from {{ ref('judgement_area_patterns') }}

),

grade_wordings as (

    select * from {{ ref('grade_wordings') }}

),

grade_patterns as (

    select
        -- The longest first, so that "requires improvement to be good" is not read as "good".
        '(' || string_agg(replace(printed_grade, ' ', '\s+'), '|' order by length(printed_grade) desc, printed_grade) || ')'
            as grade_pattern,
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
        and regexp_matches(statements.statement, '(?i)(outstanding|good|improvement|adequate|judged|judgement)\W*$')

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

in_text as materialized (

    select
        pairs.* exclude (place_text),
        regexp_extract(
            pairs.place_text, '(?is)\b(' || pairs.pattern || '\W{0,6}\d?\W{0,4})' || grade_patterns.grade_pattern || '\b', 0
        ) as quote,
        regexp_replace(quote, '\s+', ' ', 'g') as words,
    from pairs
    cross join grade_patterns

),

-- A quote ends with its grade: the longest wording that it ends with.
with_wordings as (

    select
        *,
        (
            select arg_max(grade_wordings.printed_grade, length(grade_wordings.printed_grade))
            from grade_wordings
            where ends_with(lower(words), grade_wordings.printed_grade)
        ) as printed_grade,
    from in_text
    where quote != ''

),

read_text as (

    select
        report_id,
        page_number,
        judgement_area_id,
        'text' as source,
        place,
        priority,
        right(words, length(printed_grade)) as grade_as_printed,
        quote,
    from with_wordings
    -- "… are not yet good", "… were previously inadequate" give no grade.
    where not regexp_matches(
        left(words, length(words) - length(printed_grade)),
        '(?i)\b(not|yet|never|been|was|were|has|have|had|previously|formerly|last)\b'
    )

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
        table_rows.filled_cells[2] as grade_as_printed,
        table_rows.filled_cells[1] || ' ' || table_rows.filled_cells[2] as quote,
    from table_rows
    inner join reports using (report_id)
    inner join area_patterns using (framework_id)
    cross join grade_patterns
    where
        len(table_rows.filled_cells) = 2
        and area_patterns.place in ('front', 'record')
        and regexp_full_match(table_rows.filled_cells[2], '(?is)' || grade_patterns.grade_pattern || '\W*')
        and regexp_matches(table_rows.filled_cells[1], '(?is)^[\d.\s]*(the )?' || area_patterns.pattern || '\d?\W*$')

),

final as (

    select
        mentions.report_id,
        mentions.judgement_area_id,
        mentions.page_number,
        mentions.source,
        mentions.place,
        mentions.priority,
        grade_wordings.grade,
        trim(mentions.grade_as_printed) as grade_as_printed,
        trim(mentions.quote) as quote,
    from (
        select * from in_tables
        union all by name
        select * from read_text
    ) as mentions
    inner join grade_wordings
        on trim(regexp_replace(lower(mentions.grade_as_printed), '[^a-z]+', ' ', 'g')) = grade_wordings.printed_grade

)

select * from final
