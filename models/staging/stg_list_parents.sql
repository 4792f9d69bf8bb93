-- Which block introduces which: "Of this number:" and the list under it.

with blocks as (

    select
        *,
        lead(indent) over document_order as next_indent,
        lead(bullet is not null) over document_order as is_next_bulleted,
    from {{ documents_of(ref('stg_blocks')) }}
    window document_order as (partition by report_id order by block_number)

),

introductions as (

    select *
    from blocks
    where
        regexp_matches({{ without_marks('block_text') }}, ':[’”"'')]*$')
        or (
            is_next_bulleted
            and bullet is null
            and block_kind = 'text'
            and not regexp_matches({{ without_marks('block_text') }}, '[.!?][’”"'')]*$')
        )

),

-- What follows an introduction, up to 60 blocks, and whether it ends the introduction's list.
followers as (

    select
        introductions.report_id,
        introductions.block_number as parent_block_number,
        blocks.block_number,
        blocks.indent < introductions.next_indent - 4
        or blocks.block_kind = 'heading'
        or blocks.item_number is not null
        -- A list with bullets ends at the first block without one on its own level.
        or (introductions.is_next_bulleted and blocks.bullet is null and blocks.indent < introductions.next_indent + 12)
        -- On the introduction's own level the next introduction takes over.
        or (
            introductions.next_indent <= introductions.indent + 4
            and blocks.block_number > introductions.block_number + 1
            and regexp_matches({{ without_marks('blocks.block_text') }}, ':[’”"'')]*$')
        )
            as ends_list,
    from introductions
    inner join blocks
        on
            introductions.report_id = blocks.report_id
            and blocks.block_number between introductions.block_number + 1 and introductions.block_number + 60

),

within_list as (

    select *
    from followers
    qualify not bool_or(ends_list) over (
        partition by report_id, parent_block_number order by block_number rows unbounded preceding
    )

),

nearest as (

    select
        report_id,
        block_number,
        max(parent_block_number) as parent_block_number,
    from within_list
    group by report_id, block_number

)

select * from nearest
