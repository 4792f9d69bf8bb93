-- The grades of every sif and ilacs inspection by what can be compared across frameworks, primary copies only.

with judgements as (

    select * from {{ ref('fct_judgements') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

judgement_areas as (

    select * from {{ ref('dim_judgement_area') }}

),

grades as (

    select * from {{ ref('dim_grade') }}

),

final as (

    select
        judgements.report_id,
        judgements.authority_id,
        judgements.framework_id,
        reports.inspection_start_date,
        reports.inspection_end_date,
        judgement_areas.comparable_area,
        judgements.judgement_area_id,
        judgements.grade,
        grades.grade_rank,
    from judgements
    inner join reports using (report_id)
    inner join judgement_areas
        on
            judgements.framework_id = judgement_areas.framework_id
            and judgements.judgement_area_id = judgement_areas.judgement_area_id
    inner join grades using (grade)
    where
        reports.is_primary
        and reports.framework_id in ('sif', 'ilacs')
        and judgement_areas.comparable_area is not null
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
