-- A row an area, with the column names of the sector's own overview of joint inspections.

with publications as (

    select * from {{ ref('int_report_publications') }}

),

authorities as (

    select * from {{ ref('int_summary_authorities') }}
    where is_current

),

inspections as (

    select reports.*
    from {{ ref('int_reports') }} as reports
    semi join (from {{ ref('frameworks') }} where summary_sheet = 'joint_inspections') as of_the_sheet using (framework_id)
    where reports.is_primary
    qualify row_number() over (
        partition by reports.authority_id order by reports.inspection_start_date desc nulls last, reports.report_id
    ) = 1

),

themes as (

    select
        report_id,
        string_agg(subjects.subject_name, '; ' order by subjects.subject_order) as inspection_theme,
    from {{ ref('int_visit_subjects') }}
    inner join {{ ref('dim_visit_subject') }} as subjects using (subject_id)
    group by report_id

),

texts as (

    select
        report_id,
        'recommendation' as source,
        recommendation_type as kind,
        section,
        block_number,
        paragraph_text,
    from {{ ref('int_recommendations') }}

    union all

    select
        report_id,
        'finding' as source,
        section_kind as kind,
        section,
        block_number,
        paragraph_text,
    from {{ ref('int_findings') }}

),

gathered as (

    select
        texts.report_id,
        columns_of_texts.summary_column,
        string_agg(texts.paragraph_text, chr(10) order by texts.block_number, texts.paragraph_text) as summary,
    from texts
    inner join {{ ref('summary_columns') }} as columns_of_texts using (source, kind)
    where
        columns_of_texts.heading is null
        or coalesce(regexp_full_match(lower(texts.section), columns_of_texts.heading), false)
    group by texts.report_id, columns_of_texts.summary_column

),

side_by_side as (

    select
        report_id,
        {% for column in [
            'summary_priority_action', 'summary_improvement', 'summary_key_strengths', 'summary_headline_findings',
            'summary_needs_to_improve', 'summary_case_study',
        ] %}
            any_value(summary) filter (where summary_column = '{{ column }}') as {{ column }},
        {% endfor %}
    from gathered
    group by report_id

),

-- The headings of the case studies, in the order of the letter.
case_studies as (

    select
        report_id,
        string_agg(section, chr(10) order by first_block) as case_study_title,
    from (
        select
            texts.report_id,
            texts.section,
            min(texts.block_number) as first_block,
        from texts
        inner join {{ ref('summary_columns') }} as columns_of_texts using (source, kind)
        where columns_of_texts.summary_column = 'summary_case_study' and texts.section is not null
        group by texts.report_id, texts.section
    ) as headings
    group by report_id

),

final as (

    select
        authorities.urn,
        authorities.la_code,
        authorities.region_code,
        authorities.ltla23cd,
        authorities.stat_neighbours,
        authorities.local_authority,
        publications.source_url as inspection_link,
        inspections.inspection_start_date,
        publications.published_date as publication_date,
        authorities.local_link_to_all_inspections,
        themes.inspection_theme,
        side_by_side.summary_priority_action,
        side_by_side.summary_improvement,
        side_by_side.summary_key_strengths,
        side_by_side.summary_headline_findings,
        side_by_side.summary_needs_to_improve,
        case_studies.case_study_title,
        side_by_side.summary_case_study,
        inspections.report_id,
    from inspections
    left join publications using (report_id)
    inner join authorities using (authority_id)
    left join themes using (report_id)
    left join side_by_side using (report_id)
    left join case_studies using (report_id)

)

select * from final
