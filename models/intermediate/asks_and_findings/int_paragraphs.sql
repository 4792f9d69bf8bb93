-- The numbered paragraphs, coded asks, bulleted points and other paragraphs of inspection reports, letters and reviews,
-- each whole: with the lists under it, and across pages.

with blocks as (

    select
        * exclude (block_text),
        {{ one_line(without_marks('block_text')) }}[:{{ var('longest_paragraph') }}] as words,
    from {{ documents_of(ref('stg_blocks')) }}

),

sections as (

    select * from {{ documents_of(ref('int_sections')) }}

),

reports as (

    select *
    from {{ documents_of(ref('int_report_frameworks')) }}
    where has_typed_facts and document_type in ('inspection report', 'letter', 'review')

),

placed as (

    select
        blocks.report_id,
        blocks.block_number,
        blocks.page_number,
        blocks.block_kind = 'heading' or blocks.block_number = sections.heading_block_number as is_heading,
        blocks.bullet,
        blocks.indent,
        blocks.words_indent,
        blocks.page_left,
        blocks.words,
        sections.section_kind,
        sections.section_kind in (
            'recommendations', 'action_points', 'areas_for_improvement', 'priority_and_immediate_action',
            'what_needs_to_improve'
        ) as is_of_asks,
        sections.part,
        sections.judgement_area_id,
        sections.heading_block_number,
        -- Under which heading a review's paragraphs go on behind its asks.
        last_value(
            case
                when
                    blocks.block_number = sections.heading_block_number
                    and not (is_of_asks and blocks.block_number = sections.section_block_number)
                    then blocks.words[:{{ var('longest_heading') }}]
            end ignore nulls
        ) over (
            partition by blocks.report_id order by blocks.block_number rows unbounded preceding
        ) as heading_above_asks,
        -- "R7" is a code, under the headings that codes stand under.
        case
            when sections.section_kind in ('recommendations', 'action_points')
                then nullif(regexp_extract(blocks.words, '^([A-Z]{1,2}\d{1,3})[.:)]?(\s|$)', 1), '')
        end as code,
        -- The numbers on the first page are those of the table of grades.
        case
            when blocks.block_kind = 'text' and sections.section_kind != 'front' then blocks.item_number
        end as printed_number,
    from blocks
    inner join reports using (report_id)
    inner join sections using (report_id, block_number)

),

-- Numbers in a row make a run; a run is a list inside a paragraph where the one after it goes on from the one before it.
numbered as (

    select
        *,
        sum(coalesce(printed_number != last_number + 1, true)::integer) over (
            partition by report_id order by block_number rows unbounded preceding
        ) as run_number,
    from (
        select
            *,
            lag(printed_number) over (partition by report_id order by block_number) as last_number,
        from placed
        where printed_number is not null
    )

),

runs as (

    select
        report_id,
        run_number,
        coalesce(
            lead(min(printed_number)) over document_order = lag(max(printed_number)) over document_order + 1
            -- The number behind it can be missing.
            or (
                min(printed_number) = 1
                and max(printed_number) <= 10
                and lead(min(printed_number)) over document_order
                between lag(max(printed_number)) over document_order + 2 and lag(max(printed_number)) over document_order + 3
                and lag(max(printed_number)) over document_order > max(printed_number)
            ), false
        ) as is_inside_a_paragraph,
    from numbered
    group by report_id, run_number
    window document_order as (partition by report_id order by run_number)

),

paragraph_numbers as (

    select
        numbered.report_id,
        numbered.block_number,
        case when not runs.is_inside_a_paragraph then numbered.printed_number end as paragraph_number,
        runs.is_inside_a_paragraph,
    from numbered
    inner join runs using (report_id, run_number)

),

described as (

    select
        placed.* exclude (printed_number),
        paragraph_numbers.paragraph_number,
        placed.bullet is not null or coalesce(paragraph_numbers.is_inside_a_paragraph, false) as is_point,
        -- Where paragraphs are numbered, a point belongs to the number above it.
        bool_or(paragraph_numbers.paragraph_number is not null or placed.code is not null) over (
            under_heading rows between unbounded preceding and 1 preceding
        ) as follows_a_number,
        bool_or(paragraph_numbers.paragraph_number is not null) over (
            partition by placed.report_id order by placed.block_number rows between 1 following and unbounded following
        ) as precedes_a_number,
        not placed.is_heading and (paragraph_numbers.paragraph_number is not null or placed.bullet is not null) as is_of_a_list,
        max(case when is_of_a_list then placed.block_number end) over (
            partition by placed.report_id, placed.heading_block_number
        ) as last_block_of_list,
        -- A list inside another begins where the other's words do, on the paper and on its page (margins can change sides), or
        -- has dashes for signs.
        placed.indent >= min(case when placed.bullet is not null and not placed.is_heading then placed.words_indent end) over heading - 3
        and placed.indent - placed.page_left >= min(
            case when placed.bullet is not null and not placed.is_heading then placed.words_indent - placed.page_left end
        ) over heading - 3
            as is_set_in,
        regexp_matches(placed.bullet, '^[–—―─−‒o-]$')
        and not regexp_matches(
            first_value(case when not placed.is_heading then placed.bullet end ignore nulls) over under_heading, '^[–—―─−‒o-]$'
        ) as is_dash_among_bullets,
        bool_or(placed.code is not null) over (partition by placed.report_id) as has_codes,
        lag(placed.words) over under_heading as words_above,
    from placed
    left join paragraph_numbers using (report_id, block_number)
    window
        heading as (partition by placed.report_id, placed.heading_block_number),
        under_heading as (partition by placed.report_id, placed.heading_block_number order by placed.block_number)

),

items as (

    select
        *,
        case
            when is_heading then null
            when code is not null then 'code'
            when paragraph_number is not null then 'number'
            when
                is_point
                and bullet is not null
                and not coalesce(follows_a_number, false)
                and not is_set_in
                and not is_dash_among_bullets
                then 'bullet'
        end as item_kind,
    from described

),

opened as (

    select
        *,
        case
            when is_heading then null
            when item_kind is not null then item_kind
            when is_point then null
            -- What is set as the words of the item above it belongs to it.
            when
                last_words_indent > last_item_indent + 6
                and least(
                    abs(indent - last_words_indent), abs(indent - page_left - (last_words_indent - last_page_left))
                ) < 3
                then null
            -- A sentence that goes on below a list or a page's end.
            when regexp_matches(words, '^[a-z(,;]') and not regexp_matches(words_above, '[.!?][’”"'')]*$') then null
            -- Between two numbers a paragraph goes on over a page's end; behind the last there can be an imprint.
            when
                follows_a_number
                and precedes_a_number
                and length(words) >= 40
                and regexp_matches(words, '[.!?][’”"'')]*$|\((?i:recommendation|para)[^()]*\)$')
                then null
            else 'paragraph'
        end as opened_by,
        -- A heading ends the paragraph above it.
        is_heading or opened_by is not null as ends_another,
    from (
        select
            *,
            last_value(case when item_kind is not null then indent end ignore nulls) over before_this as last_item_indent,
            last_value(case when item_kind is not null then page_left end ignore nulls) over before_this as last_page_left,
            last_value(case when item_kind is not null then coalesce(words_indent, indent) end ignore nulls) over before_this
                as last_words_indent,
        from items
        window before_this as (
            partition by report_id, heading_block_number order by block_number rows between unbounded preceding and 1 preceding
        )
    )

),

gathered as (

    select
        *,
        max(case when ends_another then block_number end) over (
            partition by report_id order by block_number rows unbounded preceding
        ) as first_block_number,
    from opened

),

joined as (

    select
        report_id,
        first_block_number as block_number,
        trim(string_agg(if(block_number > first_block_number and is_point, '• ', '') || words, ' ' order by block_number))
            [:{{ var('longest_paragraph') }}] as paragraph_text,
        max(block_number)::integer as last_block_number,
    from gathered
    group by report_id, first_block_number

),

headings as (

    select
        report_id,
        block_number as heading_block_number,
        words[:{{ var('longest_heading') }}] as heading,
    from blocks

),

final as (

    select
        gathered.report_id,
        gathered.block_number,
        joined.last_block_number,
        gathered.page_number,
        gathered.opened_by,
        gathered.paragraph_number,
        gathered.code,
        gathered.section_kind,
        gathered.is_of_asks,
        gathered.part,
        gathered.judgement_area_id,
        if(gathered.has_codes and gathered.code is null, gathered.heading_above_asks, headings.heading) as section,
        coalesce(gathered.last_block_of_list < gathered.block_number, false) as is_behind_a_list,
        if(
            gathered.code is not null,
            ltrim(joined.paragraph_text[length(gathered.code) + 1:], ' .:)'),
            joined.paragraph_text
        ) as paragraph_text,
        coalesce(
            gathered.is_of_asks
            -- A review's asks have codes: the numbered paragraphs between them are findings.
            and (gathered.code is not null or not gathered.has_codes)
            and joined.paragraph_text != coalesce(gathered.code, '')
            and not regexp_full_match(lower(joined.paragraph_text), '{{ asks_for_nothing() }}')
            -- A paragraph in a list's section introduces the list.
            and (
                gathered.opened_by != 'paragraph'
                or (gathered.last_block_of_list is null and length(joined.paragraph_text) > 25 and joined.paragraph_text not like '%:')
            ), false
        ) as is_recommendation,
    from gathered
    inner join joined using (report_id, block_number)
    left join headings using (report_id, heading_block_number)
    where gathered.opened_by is not null

)

select * from final
