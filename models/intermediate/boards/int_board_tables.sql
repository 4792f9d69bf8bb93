-- The tables of boards' annual reports, each with the words that stand around it: a table rarely says what it is about.

with reports as (

    select
        report_id,
        authority_id,
        reporting_year_end,
    from {{ ref('int_reports') }}
    where document_type = 'annual report'

),

pages as (

    select * from {{ ref('int_board_pages') }}
    where is_read

),

cells as (

    select stg_table_cells.*
    from {{ ref('stg_table_cells') }} as stg_table_cells
    inner join pages using (report_id, page_number)
    where stg_table_cells.is_read

),

lines as (

    select
        stg_lines.report_id,
        stg_lines.page_number,
        stg_lines.line_number,
        stg_lines.line_kind,
        stg_lines.clean_text,
        {{ letters_and_digits('stg_lines.clean_text') }} as line_key,
    from {{ ref('stg_lines') }} as stg_lines
    inner join reports using (report_id)
    where stg_lines.clean_text != ''

),

table_rows as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        {{ letters_and_digits("string_agg(cell_text, ' ' order by column_number)") }} as row_key,
    from cells
    group by report_id, page_number, table_number, row_number

),

-- Which printed lines are a row of the table, or a part of one where a cell has several lines.
table_lines as (

    select
        table_rows.report_id,
        table_rows.page_number,
        table_rows.table_number,
        lines.line_number,
        bool_or(lines.line_key = table_rows.row_key and length(lines.line_key) >= 6) as is_row,
        max(length(lines.line_key)) as key_length,
    from table_rows
    inner join lines
        on
            table_rows.report_id = lines.report_id
            and table_rows.page_number = lines.page_number
            and contains(table_rows.row_key, lines.line_key)
            and lines.line_key != ''
    group by table_rows.report_id, table_rows.page_number, table_rows.table_number, lines.line_number

),

-- The surest lines of a table: whole rows that no other table of the page has, else whole rows, else long parts.
sure_lines as (

    select *
    from (
        select
            *,
            case
                when is_row and count(*) filter (is_row) over same_line = 1 then 1
                when is_row then 2
                when key_length >= 6 then 3
                else 4
            end as sureness,
        from table_lines
        window same_line as (partition by report_id, page_number, line_number)
    )
    qualify sureness = min(sureness) over (partition by report_id, page_number, table_number)

),

cores as (

    select
        report_id,
        page_number,
        table_number,
        min(line_number) as core_first,
        max(line_number) as core_last,
    from sure_lines
    group by report_id, page_number, table_number

),

-- From the sure lines up and down as far as every line is a part of the table.
spans as (

    select
        cores.report_id,
        cores.page_number,
        cores.table_number,
        coalesce(
            max(lines.line_number) filter (lines.line_number < cores.core_first and table_lines.line_number is null), 0
        ) + 1 as first_line,
        coalesce(
            min(lines.line_number) filter (lines.line_number > cores.core_last and table_lines.line_number is null),
            max(lines.line_number) + 1
        ) - 1 as last_line,
    from cores
    inner join lines using (report_id, page_number)
    left join table_lines using (report_id, page_number, table_number, line_number)
    group by cores.report_id, cores.page_number, cores.table_number, cores.core_first, cores.core_last

),

tables as (

    select
        table_rows.report_id,
        table_rows.page_number,
        table_rows.table_number,
        -- A table whose text is not found is taken to stand at the foot of its page.
        coalesce(spans.first_line, 100000) as first_line,
        coalesce(spans.last_line, 100000) as last_line,
    from table_rows
    left join spans using (report_id, page_number, table_number)
    group by all

),

free_lines as (

    select lines.*
    from lines
    left join spans
        on
            lines.report_id = spans.report_id
            and lines.page_number = spans.page_number
            and lines.line_number between spans.first_line and spans.last_line
    where spans.report_id is null and lines.line_kind not in ('furniture', 'contents')

),

lines_before as (

    select
        tables.report_id,
        tables.page_number,
        tables.table_number,
        free_lines.line_kind,
        free_lines.clean_text,
        row_number() over nearest_first as distance,
        coalesce(sum((free_lines.line_kind = 'heading')::integer) over (
            partition by tables.report_id, tables.page_number, tables.table_number
            order by free_lines.page_number desc, free_lines.line_number desc
            rows between unbounded preceding and 1 preceding
        ), 0) as headings_between,
    from tables
    inner join free_lines
        on
            tables.report_id = free_lines.report_id
            and free_lines.page_number between tables.page_number - 2 and tables.page_number
            and (free_lines.page_number < tables.page_number or free_lines.line_number < tables.first_line)
    window nearest_first as (
        partition by tables.report_id, tables.page_number, tables.table_number
        order by free_lines.page_number desc, free_lines.line_number desc
    )

),

words_before as (

    select
        report_id,
        page_number,
        table_number,
        -- What stands between the nearest heading and the table, the heading included.
        string_agg(clean_text, chr(10) order by distance desc) filter (
            distance <= 8 and (headings_between = 0 or (headings_between = 1 and line_kind = 'heading' and distance <= 3))
        ) as near_text,
        string_agg(clean_text, chr(10) order by distance desc) filter (distance <= 2 and headings_between <= 1) as caption,
        string_agg(clean_text, chr(10) order by distance desc) filter (
            line_kind = 'heading' and headings_between between 0 and 1
        ) as headings,
        list({{ named_financial_year('clean_text') }} order by distance)
            filter (distance <= 8 and {{ named_financial_year('clean_text') }} is not null) as named_years,
    from lines_before
    where distance <= 60
    group by report_id, page_number, table_number

),

words_after as (

    select
        tables.report_id,
        tables.page_number,
        tables.table_number,
        string_agg(free_lines.clean_text, chr(10) order by free_lines.line_number) as text_after,
    from tables
    inner join free_lines
        on
            tables.report_id = free_lines.report_id
            and tables.page_number = free_lines.page_number
            and free_lines.line_number between tables.last_line + 1 and tables.last_line + 12
    group by tables.report_id, tables.page_number, tables.table_number

),

page_texts as (

    select
        report_id,
        page_number,
        {{ without_spaces('text') }} as page_text,
    from {{ ref('stg_pages') }}

),

final as (

    select
        md5(concat_ws('|', tables.report_id, tables.page_number, tables.table_number))[:16] as board_table_id,
        tables.report_id,
        reports.authority_id,
        tables.page_number,
        tables.table_number,
        row_number() over (
            partition by tables.report_id order by tables.page_number, tables.table_number
        )::integer as table_order,
        coalesce(words_before.near_text, '') as near_text,
        coalesce(words_before.caption, '') as caption,
        coalesce(words_before.headings, '') as headings,
        coalesce(words_after.text_after, '') as text_after,
        coalesce(words_before.named_years[1], year(reports.reporting_year_end) - 1)::integer as first_year,
        page_texts.page_text,
    from tables
    inner join reports using (report_id)
    inner join page_texts using (report_id, page_number)
    left join words_before using (report_id, page_number, table_number)
    left join words_after using (report_id, page_number, table_number)

)

select * from final
