-- The grades of inspections by what can be compared across frameworks, primary copies only.

with judgements as (

    select * from {{ ref('int_judgements') }}

),

reports as (

    select *
    from {{ ref('int_reports') }}
    semi join (from {{ ref('frameworks') }} where grades_are_compared) as compared using (framework_id)
    where is_primary

),

judgement_areas as (

    select * replace (reported_from::date as reported_from, reported_to::date as reported_to)
    from {{ ref('judgement_areas') }}
    where comparable_area is not null

),

grades as (

    select * from {{ ref('grades') }}

),

final as (

    select
        judgements.report_id,
        reports.authority_id,
        reports.framework_id,
        reports.inspection_start_date,
        reports.inspection_end_date,
        judgement_areas.comparable_area,
        judgements.judgement_area_id,
        judgements.grade,
        grades.grade_rank::integer as grade_rank,
    from judgements
    inner join reports using (report_id)
    inner join judgement_areas
        on
            reports.framework_id = judgement_areas.framework_id
            and judgements.judgement_area_id = judgement_areas.judgement_area_id
    inner join grades using (grade)
    -- A document that grades an area and its halves was misread or slipped: the area of its framework's time stands.
    qualify
        row_number() over (
            partition by judgements.report_id, judgement_areas.comparable_area
            order by
                coalesce(
                    reports.inspection_start_date between judgement_areas.reported_from
                    and coalesce(judgement_areas.reported_to, reports.inspection_start_date), false
                ) desc,
                judgements.judgement_area_id
        ) = 1

)

select * from final
