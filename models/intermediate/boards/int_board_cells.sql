-- The cells of boards' tables in two views: as printed, and turned, so that what reads columns of dates reads rows of them, too.

with tables as (

    select * from {{ ref('int_board_tables') }}

),

cells as (

    select
        tables.board_table_id,
        stg_table_cells.row_number as printed_row,
        stg_table_cells.column_number as printed_column,
        -- Markdown's and HTML's signs are no words.
        trim(regexp_replace(
            coalesce(stg_table_cells.cell_text, ''), '(\*\*|__|<[^>]{1,30}>|[{{ raised_digits() }}]+)', '', 'g'
        )) as cell_text,
    from {{ ref('stg_table_cells') }} as stg_table_cells
    inner join tables using (report_id, page_number, table_number)

),

views as (

    select
        *,
        false as is_turned,
        printed_row as row_number,
        printed_column as column_number,
    from cells
    union all by name
    select
        *,
        true as is_turned,
        printed_column as row_number,
        printed_row as column_number,
    from cells

)

select * from views
