-- The cells of boards' tables in two views: as printed, and turned, so that what reads columns of dates reads rows of them, too.

with tables as (

    select * from {{ ref('int_board_tables') }}

),

cells as (

    select
        tables.board_table_id,
        printed_cells.printed_page,
        printed_cells.row_number as printed_row,
        printed_cells.column_number as printed_column,
        printed_cells.row_span,
        printed_cells.column_span,
        printed_cells.cell_text is null as is_merged,
        -- Markdown's and HTML's signs are no words.
        trim(regexp_replace(
            coalesce(printed_cells.cell_text, ''), '(\*\*|__|<[^>]{1,30}>|[{{ raised_digits() }}]+)', '', 'g'
        )) as cell_text,
    from {{ ref('stg_whole_table_cells') }} as printed_cells
    inner join tables using (report_id, page_number, table_number)

),

-- A cell that goes over several rows or columns speaks for all of them.
spanned as (

    select
        cells.* exclude (row_span, column_span, is_merged),
        coalesce(spanning_cells.cell_text, '') as spanning_text,
    from cells
    left join cells as spanning_cells
        on
            cells.is_merged
            and cells.board_table_id = spanning_cells.board_table_id
            and greatest(spanning_cells.row_span, spanning_cells.column_span) > 1
            and cells.printed_row between spanning_cells.printed_row and spanning_cells.printed_row + spanning_cells.row_span - 1
            and cells.printed_column
            between spanning_cells.printed_column and spanning_cells.printed_column + spanning_cells.column_span - 1
    qualify row_number() over (
        partition by cells.board_table_id, cells.printed_row, cells.printed_column
        order by spanning_cells.printed_row desc, spanning_cells.printed_column desc
    ) = 1

),

views as (

    select
        *,
        false as is_turned,
        printed_row as row_number,
        printed_column as column_number,
    from spanned
    union all by name
    select
        *,
        true as is_turned,
        printed_column as row_number,
        printed_row as column_number,
    from spanned

)

select * from views
