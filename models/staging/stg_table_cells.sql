with landed as (

    select * from {{ ref('landed_documents') }}

),

tables as (

    select
        sha256[:16] as report_id,
        unnest(tables, recursive := true),
    from landed
    where rejected_reason is null

),

cells as (

    select
        report_id,
        page_number,
        table_number,
        unnest(cells, recursive := true),
    from tables

),

cleaned as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        column_number,
        -- The same mending as of lines: U+FFFE is a hyphen at a line's end, U+00AD one that is not printed.
        trim(regexp_replace(translate(text, chr(65534) || chr(173), '-'), '\s+', ' ', 'g')) as cell_text,
    from cells

)

select * from cleaned
