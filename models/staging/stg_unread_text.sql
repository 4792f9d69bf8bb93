-- What stands behind the limits of a document, in pieces: no fact is read from it, but it can be searched.

with pages as (

    select * from {{ ref('stg_pages') }}
    where unread_text is not null

),

pieces as (

    select
        report_id,
        page_number,
        unnest(range(1, length(unread_text) + 1, {{ var('longest_statement') }})) as first_character,
        unread_text,
    from pages

),

final as (

    select
        report_id,
        page_number,
        ((first_character - 1) // {{ var('longest_statement') }} + 1)::integer as piece_number,
        {{ one_line('substring(unread_text, first_character, ' ~ var('longest_statement') ~ ')') }} as piece,
    from pieces

)

select * from final
where piece != ''
