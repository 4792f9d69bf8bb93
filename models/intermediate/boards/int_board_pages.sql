-- The pages of boards' reports that have tables. Each table is set beside the lines before it, and a text document is one page:
-- where a page has too many of both, its tables are read as the lines that they stand in.

with reports as (

    select * from {{ ref('int_reports') }}
    where document_type = 'annual report'

),

table_rows as (

    select
        report_id,
        page_number,
        count(distinct row(table_number, row_number)) as row_count,
    from {{ ref('stg_table_cells') }}
    where is_read
    group by report_id, page_number

),

page_lines as (

    select
        report_id,
        page_number,
        count(*) as line_count,
    from {{ ref('stg_lines') }}
    group by report_id, page_number

),

final as (

    select
        table_rows.report_id,
        table_rows.page_number,
        table_rows.row_count * coalesce(page_lines.line_count, 0) <= {{ var('most_comparisons') }} as is_read,
    from table_rows
    inner join reports using (report_id)
    left join page_lines using (report_id, page_number)

)

select * from final
