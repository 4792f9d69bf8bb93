with tables as (

    select * from {{ documents_of(ref('stg_tables')) }}

),

cells as (

    select
        report_id,
        page_number,
        table_number,
        is_read,
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
        trim(regexp_replace(translate({{ without_controls('text') }}, chr(65534) || chr(173), '-'), '\s+', ' ', 'g'))
            [:{{ var('longest_cell') }}] as cell_text,
        row_span,
        column_span,
        is_read,
    from cells

)

select * from cleaned
