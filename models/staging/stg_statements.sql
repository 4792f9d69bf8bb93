-- A statement is what a fact is read from: one sentence, bullet, list item or heading.

with blocks as (

    select * from {{ documents_of(ref('stg_blocks')) }}

),

parents as (

    select * from {{ documents_of(ref('stg_list_parents')) }}

),

split_blocks as (

    select
        report_id,
        block_number,
        page_number as block_page_number,
        unnest(all_sentences) as whole_text,
        generate_subscripts(all_sentences, 1)::integer as whole_number,
    from (
        select
            report_id,
            block_number,
            page_number,
            {{ sentences('block_text') }} as all_sentences,
        from blocks
    )

),

-- What is too long for a sentence is cut into pieces.
pieces as (

    select
        report_id,
        block_number,
        block_page_number,
        marked_text,
        is_whole,
        row_number() over (partition by report_id, block_number order by whole_number, piece_number)::integer as sentence_number,
    from (
        select
            * exclude (all_pieces),
            unnest(all_pieces) as marked_text,
            generate_subscripts(all_pieces, 1) as piece_number,
        from (
            select
                * exclude (whole_text),
                length(whole_text) <= {{ var('longest_statement') }} as is_whole,
                case when is_whole then [whole_text] else {{ pieces_of('whole_text') }} end as all_pieces,
            from split_blocks
        )
    )

),

placed as (

    select
        *,
        -- Pages turned before this sentence, and before its own first word.
        coalesce(
            sum(length(marked_text) - length(replace(marked_text, chr(12), ''))) over (
                partition by report_id, block_number order by sentence_number
                rows between unbounded preceding and 1 preceding
            ), 0
        )
        + length(regexp_extract(marked_text, '^[\s\f]*'))
        - length(replace(regexp_extract(marked_text, '^[\s\f]*'), chr(12), '')) as pages_turned,
    from pieces

),

sections as (

    select
        report_id,
        block_number,
        last_value(case when block_kind = 'heading' then block_number end ignore nulls) over (
            partition by report_id order by block_number rows between unbounded preceding and 1 preceding
        ) as section_block_number,
    from blocks

),

-- Once for each block, and not for each sentence under it.
block_words as (

    select
        report_id,
        block_number,
        {{ one_line(without_marks('block_text')) }} as words,
    from blocks
    where
        (report_id, block_number) in (select (report_id, section_block_number) from sections)
        or (report_id, block_number) in (select (report_id, parent_block_number) from parents)

),

final as (

    select
        md5(placed.report_id || '|' || placed.block_number || '|' || placed.sentence_number)[:16] as statement_id,
        placed.report_id,
        (placed.block_page_number + placed.pages_turned)::integer as page_number,
        placed.block_number,
        placed.sentence_number,
        blocks.block_kind,
        blocks.bullet is not null as is_bulleted,
        blocks.item_number as paragraph_number,
        blocks.indent,
        sections.section_block_number,
        section_words.words[:{{ var('longest_heading') }}] as section,
        parents.parent_block_number,
        parent_words.words[:{{ var('longest_introduction') }}] as parent_text,
        {{ one_line(without_marks('placed.marked_text')) }} as statement,
        {{ one_line(with_marks('placed.marked_text')) }} as quote,
        placed.is_whole,
    from placed
    inner join blocks using (report_id, block_number)
    left join sections using (report_id, block_number)
    left join parents using (report_id, block_number)
    left join block_words as parent_words
        on
            parents.report_id = parent_words.report_id
            and parents.parent_block_number = parent_words.block_number
    left join block_words as section_words
        on
            sections.report_id = section_words.report_id
            and sections.section_block_number = section_words.block_number

)

select * from final
where statement != ''
