with tables as (

    select * from {{ documents_of(ref('stg_tables')) }}

),

lines as (

    select
        report_id,
        page_number,
        table_number,
        unnest(lines, recursive := true),
    from tables

),

-- A line stands in one table, by its first word.
final as (

    select
        report_id,
        page_number,
        line_number,
        table_number,
        row_number,
    from lines
    qualify row_number() over (partition by report_id, page_number, line_number order by table_number, row_number) = 1

)

select * from final
