-- The cells of tables as their authors wrote them: a table that goes on over pages is one, its repeated heads left out and a row
-- that a page cuts whole. It is known by the page and number of its first part.

with cells as (

    select * from {{ documents_of(ref('stg_table_cells')) }}

),

parts as (

    select * from {{ documents_of(ref('stg_table_parts')) }}

),

placed as (

    select
        cells.report_id,
        coalesce(parts.whole_page_number, cells.page_number) as page_number,
        coalesce(parts.whole_table_number, cells.table_number) as table_number,
        coalesce(parts.rows_before, 0) + cells.row_number - coalesce(parts.repeated_rows, 0) - coalesce(parts.is_cut, false)::integer
            as row_number,
        cells.column_number,
        cells.page_number as printed_page,
        cells.row_number as printed_row,
        cells.cell_text,
        cells.row_span,
        cells.column_span,
        cells.is_read,
    from cells
    left join parts using (report_id, page_number, table_number)
    where cells.row_number > coalesce(parts.repeated_rows, 0)

),

final as (

    select
        report_id,
        page_number,
        table_number,
        row_number::integer as row_number,
        column_number,
        min(printed_page) as printed_page,
        string_agg(nullif(cell_text, ''), ' ' order by printed_page) as filled_text,
        case when count(cell_text) > 0 then coalesce(filled_text, '') end as cell_text,
        min_by(row_span, printed_page) as row_span,
        min_by(column_span, printed_page) as column_span,
        bool_and(is_read) as is_read,
    from placed
    group by report_id, page_number, table_number, row_number, column_number

)

select * exclude (filled_text) from final
