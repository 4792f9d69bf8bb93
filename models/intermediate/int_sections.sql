-- Where in its report a block stands: in which kind of section, in whose part, under which graded area.

with blocks as (

    select * from {{ ref('stg_blocks') }}

),

reports as (

    select * from {{ ref('int_report_frameworks') }}

),

section_headings as (

    select * from {{ ref('int_section_headings') }}

),

-- A grade on a line of its own belongs to the headline above it.
grade_lines as (

    select
        blocks.report_id,
        blocks.block_number,
    from blocks
    inner join {{ ref('grade_wordings') }} as grade_wordings
        on
            trim(
                regexp_replace(lower({{ one_line(without_marks('blocks.block_text')) }}), '^grade \d\W*', ''), ' .:()'
            ) = grade_wordings.printed_grade
    where length(blocks.block_text) < 60

),

headed as (

    select
        blocks.report_id,
        blocks.block_number,
        blocks.block_kind,
        section_headings.printed_heading,
        section_headings.section_kind,
        section_headings.part,
        section_headings.judgement_area_id,
        reports.framework_id,
        reports.document_type,
        section_headings.printed_heading is not null as opens_section,
        blocks.block_kind = 'heading' and grade_lines.block_number is null or opens_section as is_heading,
        -- Other sections stand before the areas of a sif report: inside a list an area's name only parts the list.
        coalesce(
            last_value(
                case
                    when not (reports.framework_id = 'sif' and section_headings.judgement_area_id != 'none')
                        then section_headings.section_kind
                end ignore nulls
            ) over before_this
            in (
                'recommendations', 'areas_for_improvement', 'priority_and_immediate_action',
                'executive_summary', 'strengths', 'progress'
            )
            and reports.framework_id = 'sif'
            and section_headings.judgement_area_id != 'none', false
        ) as parts_a_list,
    from blocks
    inner join reports using (report_id)
    left join section_headings using (report_id, block_number)
    left join grade_lines using (report_id, block_number)
    window before_this as (
        partition by blocks.report_id order by blocks.block_number rows between unbounded preceding and 1 preceding
    )

),

carried as (

    select
        report_id,
        block_number,
        framework_id,
        coalesce(
            last_value(case when not parts_a_list then section_kind end ignore nulls) over up_to_this,
            -- A review's first paragraphs are findings; a report begins with its title and grades, a letter with its address.
            if(document_type = 'review', 'findings', 'front')
        ) as section_kind,
        coalesce(
            last_value(part ignore nulls) over up_to_this,
            if(framework_id in ('lscb_review', 'board_annual_report'), 'board', 'authority')
        ) as part,
        last_value(judgement_area_id ignore nulls) over up_to_this as judgement_area_id,
        last_value(case when opens_section and not parts_a_list then block_number end ignore nulls) over up_to_this
            as section_block_number,
        last_value(case when is_heading then block_number end ignore nulls) over up_to_this
            as heading_block_number,
    from headed
    window up_to_this as (partition by report_id order by block_number rows unbounded preceding)

),

final as (

    select
        report_id,
        block_number,
        section_kind,
        part,
        case
            when section_kind in ('front', 'area_information', 'about_inspection', 'judgement_descriptions', 'annex', 'imprint') then null
            when part = 'board' then 'safeguarding_board'
            else nullif(judgement_area_id, 'none')
        end as judgement_area_id,
        section_block_number,
        heading_block_number,
    from carried

)

select * from final
