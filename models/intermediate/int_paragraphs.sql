-- The numbered paragraphs, coded asks, bulleted points and other paragraphs of inspection reports, letters and reviews,
-- each whole: with the lists under it, and across pages.

with blocks as (

    select
        * exclude (block_text),
        {{ one_line(without_marks('block_text')) }}[:{{ var('longest_paragraph') }}] as words,
    from {{ ref('stg_blocks') }}

),

sections as (

    select * from {{ ref('int_sections') }}

),

reports as (

    select *
    from {{ ref('int_report_frameworks') }}
    where has_typed_facts and document_type in ('inspection report', 'letter', 'review')

),

placed as (

    select
        blocks.report_id,
        blocks.block_number,
        blocks.page_number,
        blocks.block_kind,
        blocks.bullet,
        blocks.indent,
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
            lead(min(printed_number)) over document_order = lag(max(printed_number)) over document_order + 1, false
        ) as is_inside_a_paragraph,
    from numbered
    group by report_id, run_number
    window document_order as (partition by report_id order by run_number)

),

paragraph_numbers as (

    select
        numbered.report_id,
        numbered.block_number,
        numbered.printed_number as paragraph_number,
    from numbered
    inner join runs using (report_id, run_number)
    where not runs.is_inside_a_paragraph

),

described as (

    select
        placed.* exclude (printed_number),
        paragraph_numbers.paragraph_number,
        -- Where paragraphs are numbered, a bullet belongs to the number above it.
        bool_or(paragraph_numbers.paragraph_number is not null or placed.code is not null) over (
            under_heading rows between unbounded preceding and 1 preceding
        ) as follows_a_number,
        bool_or(paragraph_numbers.paragraph_number is not null) over (
            partition by placed.report_id order by placed.block_number rows between 1 following and unbounded following
        ) as precedes_a_number,
        bool_or(paragraph_numbers.paragraph_number is not null or placed.bullet is not null) over (
            partition by placed.report_id, placed.heading_block_number
        ) as has_list,
        min(case when placed.bullet is not null then placed.indent end) over (
            partition by placed.report_id, placed.heading_block_number
        ) as bullet_indent,
        bool_or(placed.code is not null) over (partition by placed.report_id) as has_codes,
        lag(placed.words) over under_heading as words_above,
    from placed
    left join paragraph_numbers using (report_id, block_number)
    window under_heading as (partition by placed.report_id, placed.heading_block_number order by placed.block_number)

),

opened as (

    select
        *,
        case
            when block_kind = 'heading' then null
            when code is not null then 'code'
            when paragraph_number is not null then 'number'
            when bullet is not null and not coalesce(follows_a_number, false) and indent <= bullet_indent + 5 then 'bullet'
            when bullet is not null then null
            -- A sentence that goes on below a list or a page's end.
            when regexp_matches(words, '^[a-z(,;]') and not regexp_matches(words_above, '[.!?][’”"'')]*$') then null
            -- Between two numbers a paragraph goes on over a page's end; behind the last there can be an imprint.
            when
                follows_a_number
                and precedes_a_number
                and length(words) >= 40
                and regexp_matches(words, '[.!?)][’”"'')]*$')
                then null
            else 'paragraph'
        end as opened_by,
        -- A heading ends the paragraph above it.
        block_kind = 'heading' or opened_by is not null as ends_another,
    from described

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
        trim(string_agg(if(block_number > first_block_number and bullet is not null, '• ', '') || words, ' ' order by block_number))
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
        gathered.has_list,
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
            and not regexp_matches(lower(joined.paragraph_text), '^(there (are|were|is) no|no|none|not applicable)\b')
            -- A paragraph in a list's section introduces the list.
            and (
                gathered.opened_by != 'paragraph'
                or (not gathered.has_list and length(joined.paragraph_text) > 25 and joined.paragraph_text not like '%:')
            ), false
        ) as is_recommendation,
    from gathered
    inner join joined using (report_id, block_number)
    left join headings using (report_id, heading_block_number)
    where gathered.opened_by is not null

)

select * from final
