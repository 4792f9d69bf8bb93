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
        -- The same mending as of lines: U+FFFE is a hyphen at a line's end, U+00AD one that is not printed. A line's
        -- end of a converter is white space. A footnote's reference behind a figure or word is none of the cell's words.
        regexp_replace(
            regexp_replace(
                {{ one_line("regexp_replace(translate(" ~ without_controls('text') ~ ", chr(65534) || chr(173), '-'), '<br */?>', ' ', 'g')") }}
                [:{{ var('longest_cell') }}],
                '([\w%)])(?:\[\^[^\]\s]{1,12}\]|\[\d{1,2}\]| ?\[(?:[a-z]|note \d{1,2})\])', '\1', 'g'
            ),
            '^([^{{ note_signs() }}]*(?:[\d%]|[a-z]{4}|\w\)|%\))) ?[{{ note_signs() }}]{1,3}$', '\1'
        ) as cell_text,
        row_span,
        column_span,
        is_read,
    from cells

)

select * from cleaned
