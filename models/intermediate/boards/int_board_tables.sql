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

lines as (

    select
        stg_lines.report_id,
        stg_lines.page_number,
        stg_lines.line_number,
        stg_lines.line_kind,
        stg_lines.clean_text,
    from {{ ref('stg_lines') }} as stg_lines
    inner join reports using (report_id)
    where stg_lines.clean_text != ''

),

table_lines as (

    select * from {{ ref('stg_table_lines') }}

),

parts as (

    select * from {{ ref('stg_table_parts') }}

),

whole_tables as (

    select distinct
        whole_cells.report_id,
        whole_cells.page_number,
        whole_cells.table_number,
    from {{ ref('stg_whole_table_cells') }} as whole_cells
    inner join pages using (report_id, page_number)
    where whole_cells.is_read

),

-- The pages of a table, and where it begins and ends.
table_pages as (

    select
        whole_tables.report_id,
        whole_tables.page_number,
        whole_tables.table_number,
        coalesce(parts.page_number, whole_tables.page_number) as printed_page,
        min(table_lines.line_number) as first_line,
        max(table_lines.line_number) as last_line,
    from whole_tables
    left join parts
        on
            whole_tables.report_id = parts.report_id
            and whole_tables.page_number = parts.whole_page_number
            and whole_tables.table_number = parts.whole_table_number
    left join table_lines
        on
            whole_tables.report_id = table_lines.report_id
            and coalesce(parts.page_number, whole_tables.page_number) = table_lines.page_number
            and coalesce(parts.table_number, whole_tables.table_number) = table_lines.table_number
    group by whole_tables.report_id, whole_tables.page_number, whole_tables.table_number, printed_page

),

tables as (

    select
        report_id,
        page_number,
        table_number,
        -- A table whose lines are not known is taken to stand at the foot of its page.
        coalesce(min_by(first_line, printed_page), 100000) as first_line,
        max(printed_page) as last_page,
        coalesce(max_by(last_line, printed_page), 100000) as last_line,
    from table_pages
    group by report_id, page_number, table_number

),

free_lines as (

    select lines.*
    from lines
    left join table_lines using (report_id, page_number, line_number)
    where table_lines.line_number is null and lines.line_kind not in ('furniture', 'contents')

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
        min(distance) filter (distance <= 8 and {{ named_financial_year('clean_text') }} is not null) as year_distance,
        min({
            'distance': distance, 'year': {{ named_calendar_year('clean_text') }}
        }) filter (
            distance <= 8 and headings_between <= 1 and {{ named_calendar_year('clean_text') }} is not null
        ) as calendar,
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
            and tables.last_page = free_lines.page_number
            and free_lines.line_number between tables.last_line + 1 and tables.last_line + 12
    group by tables.report_id, tables.page_number, tables.table_number

),

page_texts as (

    select
        table_pages.report_id,
        table_pages.page_number,
        table_pages.table_number,
        string_agg({{ without_spaces('stg_pages.text') }}, '' order by table_pages.printed_page) as page_text,
    from table_pages
    inner join {{ ref('stg_pages') }} as stg_pages
        on table_pages.report_id = stg_pages.report_id and table_pages.printed_page = stg_pages.page_number
    group by table_pages.report_id, table_pages.page_number, table_pages.table_number

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
        case
            when words_before.calendar.distance < coalesce(words_before.year_distance, 100) then words_before.calendar.year
        end as calendar_year,
        page_texts.page_text,
    from tables
    inner join reports using (report_id)
    inner join page_texts using (report_id, page_number, table_number)
    left join words_before using (report_id, page_number, table_number)
    left join words_after using (report_id, page_number, table_number)

)

select * from final
