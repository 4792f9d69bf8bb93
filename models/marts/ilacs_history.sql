-- A row an inspection, with the column names of the sector's own history of them.

with frameworks as (

    select * from {{ ref('frameworks') }}
    where summary_sheet = 'social_care_inspections'

),

reports as (

    select reports.*
    from {{ ref('int_reports') }} as reports
    semi join frameworks using (framework_id)
    where reports.is_primary

),

publications as (

    select * from {{ ref('int_report_publications') }}

),

authorities as (

    select * from {{ ref('int_summary_authorities') }}

),

grades as (

    select
        report_id,
        {% for area in ['overall', 'leadership', 'help_and_protection', 'children_in_care', 'care_leavers'] %}
            any_value(grade) filter (where comparable_area = '{{ area }}') as {{ area }}_grade,
        {% endfor %}
    from {{ ref('int_comparable_grades') }}
    group by report_id

),

inspections as (

    select
        report_id,
        overall_status,
    from {{ ref('fct_inspections') }}

),

lengths as (

    select
        reports.report_id,
        min_by(lengths.length_name, lengths.most_days) as length_name,
    from reports
    inner join {{ ref('inspection_lengths') }} as lengths
        on
            reports.framework_id = lengths.framework_id
            and reports.inspection_end_date - reports.inspection_start_date < lengths.most_days
    group by reports.report_id

),

final as (

    select
        authorities.urn,
        coalesce(authorities.local_authority, reports.authority_id) as local_authority,
        publications.source_url as inspection_link,
        reports.file_name as pdf_filename,
        publications.published_date as publication_date,
        lengths.length_name as inspection_framework,
        reports.lead_inspector as inspector_name,
        reports.inspection_start_date,
        reports.inspection_end_date,
        coalesce(
            grades.overall_grade,
            case when inspections.overall_status = 'not given' then frameworks.no_overall_grade end
        ) as overall_effectiveness_grade,
        grades.leadership_grade as impact_of_leaders_grade,
        grades.help_and_protection_grade,
        grades.children_in_care_grade as in_care_grade,
        grades.care_leavers_grade,
        reports.loader_version as parser_version,
        reports.report_id,
    from reports
    left join publications using (report_id)
    inner join frameworks using (framework_id)
    left join authorities using (authority_id)
    left join grades using (report_id)
    left join lengths using (report_id)
    left join inspections using (report_id)

)

select * from final
