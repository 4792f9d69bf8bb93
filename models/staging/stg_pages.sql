-- The text of every page, as far as it is read. What stands behind a document's limits is kept apart, to be searched.

with landed as (

    select * from {{ documents_of(ref('landed_documents'), 'sha256[:16]') }}

),

pages as (

    select
        sha256[:16] as report_id,
        media_type,
        unnest(pages, recursive := true),
    from landed
    where rejected_reason is null

),

measured as (

    select
        *,
        greatest({{ var('longest_document') }} - coalesce(sum(length(text)) over pages_before, 0), 0)::bigint as characters_left,
        greatest(
            {{ var('most_lines') }} - coalesce(sum(1 + length(text) - length(replace(text, chr(10), ''))) over pages_before, 0), 0
        )::bigint as lines_left,
    from pages
    window pages_before as (
        partition by report_id order by page_number rows between unbounded preceding and 1 preceding
    )

),

cut as (

    select
        *,
        case
            when length(text) - length(replace(text, chr(10), '')) < lines_left and length(text) <= characters_left then text
            else
                array_to_string(string_split(left(text, characters_left), chr(10))[:lines_left], chr(10))
        end as read_text,
    from measured

),

final as (

    select
        report_id,
        media_type,
        page_number,
        is_order_in_doubt,
        read_text as text,
        case
            when len(line_layout) = 0 then line_layout
            else line_layout[:length(read_text) - length(replace(read_text, chr(10), '')) + 1]
        end as line_layout,
        nullif(text[length(read_text) + 1:], '') as unread_text,
    from cut

)

select * from final
