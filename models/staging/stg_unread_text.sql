-- What stands behind the limits of a document, in pieces: no fact is read from it, but it can be searched.

with pages as (

    select * from {{ documents_of(ref('stg_pages')) }}
    where unread_text is not null

),

pieces as (

    select
        report_id,
        page_number,
        generate_subscripts(all_pieces, 1)::integer as piece_number,
        unnest(all_pieces) as printed_piece,
    from (
        select
            report_id,
            page_number,
            {{ pieces_of('unread_text') }} as all_pieces,
        from pages
    )

),

final as (

    select
        report_id,
        page_number,
        piece_number,
        {{ one_line(without_controls('printed_piece')) }} as piece,
    from pieces

)

select * from final
where piece != ''
