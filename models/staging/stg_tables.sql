-- The tables of a document. One beyond the limits is read as the lines that it stands in, and no more.

with landed as (

    select * from {{ documents_of(ref('landed_documents'), 'sha256[:16]') }}

),

tables as (

    select
        sha256[:16] as report_id,
        unnest(tables, recursive := true),
    from landed
    where rejected_reason is null

),

final as (

    select
        report_id,
        page_number,
        table_number,
        cells,
        lines,
        column_edges,
        len(cells) <= {{ var('most_cells') }}
        and sum(len(cells)) over (partition by report_id order by page_number, table_number)
        <= {{ var('most_cells_of_a_document') }} as is_read,
    from tables

)

select * from final
