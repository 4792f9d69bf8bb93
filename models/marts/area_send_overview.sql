-- A row an area, with the column names of the sector's own overview of area SEND inspections.

with publications as (

    select * from {{ ref('int_report_publications') }}

),

authorities as (

    select * from {{ ref('int_summary_authorities') }}
    where is_current

),

inspections as (

    select
        reports.*,
        lag(reports.inspection_end_date) over history as previous_inspection_date,
        row_number() over (
            partition by reports.authority_id order by reports.inspection_start_date desc nulls last, reports.report_id
        ) as newest_first,
    from {{ ref('int_reports') }} as reports
    semi join (from {{ ref('frameworks') }} where summary_sheet = 'send_inspections') as of_the_sheet using (framework_id)
    where reports.is_primary
    window history as (partition by reports.authority_id order by reports.inspection_start_date, reports.report_id)

),

outcomes as (

    select
        judgements.report_id,
        any_value(grades.grade_rank)::varchar as outcome_grade,
        any_value(judgements.quote) as inspection_outcome_text,
    from {{ ref('int_judgements') }} as judgements
    inner join {{ ref('grades') }} as grades using (grade)
    group by judgements.report_id
    having count(*) = 1

),

next_inspections as (

    select * from {{ ref('int_next_inspections') }}

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
        outcomes.outcome_grade,
        inspections.previous_inspection_date,
        inspections.inspection_start_date,
        inspections.inspection_end_date,
        publications.published_date as publication_date,
        next_inspections.due_as_printed as next_inspection,
        next_inspections.due_date as next_inspection_by_date,
        authorities.local_link_to_all_inspections,
        outcomes.inspection_outcome_text,
        inspections.report_id,
    from inspections
    left join publications using (report_id)
    inner join authorities using (authority_id)
    left join outcomes using (report_id)
    left join next_inspections using (report_id)
    where inspections.newest_first = 1

)

select * from final
