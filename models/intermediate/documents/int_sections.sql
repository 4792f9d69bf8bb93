-- Where in its report a block stands: in which kind of section, in whose part, under which graded area.

with blocks as (

    select * from {{ documents_of(ref('stg_blocks')) }}

),

reports as (

    select
        report_frameworks.report_id,
        frameworks.document_type,
        frameworks.default_part,
        frameworks.areas_part_lists,
        frameworks.findings_have_own_headings,
        frameworks.findings_are_prose,
    from {{ documents_of(ref('int_report_frameworks')) }} as report_frameworks
    inner join {{ ref('frameworks') }} as frameworks using (framework_id)

),

section_headings as (

    select * from {{ documents_of(ref('int_section_headings')) }}

),

-- A grade on a line of its own belongs to the headline above it.
grade_lines as (

    select
        blocks.report_id,
        blocks.block_number,
        true as is_grade,
    from blocks
    inner join {{ ref('grade_wordings') }} as grade_wordings
        on
            trim(
                regexp_replace(lower({{ one_line(without_marks('blocks.block_text')) }}), '^grade \d\W*|\W*grade \d\W*$', ''), ' .:()'
            ) = grade_wordings.printed_grade
    where length(blocks.block_text) < 60

),

headed as (

    select
        blocks.report_id,
        blocks.block_number,
        blocks.font_size,
        blocks.is_bold,
        blocks.bullet,
        reports.document_type,
        reports.default_part,
        reports.areas_part_lists,
        reports.findings_have_own_headings,
        reports.findings_are_prose,
        section_headings.* exclude (report_id, block_number, printed_heading, has_grade),
        blocks.block_kind = 'heading' and grade_lines.is_grade is null as is_set_as_heading,
        coalesce(section_headings.role = 'section' and section_headings.judgement_area_id != 'none', false) as names_an_area,
        coalesce(
            section_headings.has_grade or lead(grade_lines.is_grade) over (partition by blocks.report_id order by blocks.block_number),
            false
        ) as is_graded,
        case
            when names_an_area
                then lead(blocks.block_number) over (
                    partition by blocks.report_id, section_headings.role, section_headings.judgement_area_id order by blocks.block_number
                )
        end as next_block_of_area,
    from blocks
    inner join reports using (report_id)
    left join section_headings using (report_id, block_number)
    left join grade_lines using (report_id, block_number)

),

-- Other sections stand before the areas: inside a list an area's name without a grade only parts the list.
parted as (

    select
        * exclude (next_block_of_area),
        coalesce(
            names_an_area
            and not is_graded
            and last_value(case when role = 'section' and not names_an_area then section_kind end ignore nulls) over before_this
            in (
                'recommendations', 'action_points', 'areas_for_improvement', 'priority_and_immediate_action',
                'what_needs_to_improve', 'executive_summary', 'strengths', 'progress'
            )
            -- In other reports the areas follow on the list itself: there the name that comes again is a part's.
            and (areas_part_lists or next_block_of_area is not null), false
        ) as parts_a_list,
        coalesce(role = 'table_head' and not coalesce(bool_or(role = 'section') over before_this, false), false) as is_table_head,
        is_table_head or coalesce(role = 'section' and not parts_a_list, false) as opens_section,
    from headed
    window before_this as (
        partition by report_id order by block_number rows between unbounded preceding and 1 preceding
    )

),

-- Findings can stand under headings of their own: where no known heading of findings comes any more, a heading set like the
-- list's own ends the list of asks above it. Where findings are known to be prose, one over points parts the list instead.
opened as (

    select
        * replace (
            opens_section or opens_findings as opens_section,
            if(opens_findings, 'findings', section_kind) as section_kind
        ),
    from (
        select
            *,
            coalesce(
                role is null
                and is_set_as_heading
                and findings_have_own_headings
                and section_above.section_kind in (
                    'recommendations', 'areas_for_improvement', 'priority_and_immediate_action', 'what_needs_to_improve'
                )
                and coalesce(font_size >= section_above.font_size - 0.3, true)
                and (is_bold or not section_above.is_bold)
                and if(findings_are_prose, not stands_over_points, not has_findings_below), false
            ) as opens_findings,
        from (
            select
                *,
                last_value(
                    case
                        when opens_section and section_kind is not null
                            then {'section_kind': section_kind, 'font_size': font_size, 'is_bold': is_bold}
                    end ignore nulls
                ) over (
                    partition by report_id order by block_number rows between unbounded preceding and 1 preceding
                ) as section_above,
                coalesce(
                    bool_or(opens_section and section_kind = 'findings') over (
                        partition by report_id order by block_number rows between 1 following and unbounded following
                    ), false
                ) as has_findings_below,
                coalesce(
                    min(case when bullet is not null then block_number end) over below_this
                    < coalesce(min(case when is_set_as_heading then block_number end) over below_this, 2147483647), false
                ) as stands_over_points,
            from parted
            window below_this as (
                partition by report_id order by block_number rows between 1 following and unbounded following
            )
        )
    )

),

carried as (

    select
        *,
        coalesce(
            last_value(case when opens_section then section_kind end ignore nulls) over up_to_this,
            -- A review's first paragraphs are findings; a report begins with its title and grades, a letter with its address.
            if(document_type = 'review', 'findings', 'front')
        ) as carried_kind,
        coalesce(last_value(part ignore nulls) over up_to_this, default_part) as carried_part,
        last_value(case when opens_section then judgement_area_id end ignore nulls) over up_to_this as section_area_id,
        last_value(case when opens_section then block_number end ignore nulls) over up_to_this as section_block_number,
    from opened
    window up_to_this as (partition by report_id order by block_number rows unbounded preceding)

),

-- A list's part ends with the next heading of any kind.
under_headings as (

    select
        *,
        last_value(
            case
                when
                    names_a_part
                    or opens_section and not is_table_head
                    or is_set_as_heading and not coalesce(role = 'table_head' or role = 'label' and carried_kind = 'front', false)
                    then {'block_number': block_number, 'part_area_id': case when names_a_part then judgement_area_id end}
            end ignore nulls
        ) over (partition by report_id order by block_number rows unbounded preceding) as heading,
    from (
        select
            *,
            coalesce(
                parts_a_list
                or role = 'list_part'
                and carried_kind in (
                    'recommendations', 'action_points', 'areas_for_improvement', 'priority_and_immediate_action', 'what_needs_to_improve'
                ), false
            ) as names_a_part,
        from carried
    )

),

final as (

    select
        report_id,
        block_number,
        carried_kind as section_kind,
        carried_part as part,
        case
            when carried_kind in ('front', 'area_information', 'about_inspection', 'judgement_descriptions', 'annex', 'imprint')
                then null
            when carried_part = 'board' then 'safeguarding_board'
            else coalesce(heading.part_area_id, nullif(section_area_id, 'none'))
        end as judgement_area_id,
        section_block_number,
        heading.block_number as heading_block_number,
    from under_headings

)

select * from final
