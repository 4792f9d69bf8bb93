/*
Question: which authorities improved after an inadequate overall grade, and how long did it take?

How to read it: a row for each time that an authority fell to inadequate (or had it in the first report at hand).
recovered_on is the last day of the first later inspection that was better, days_to_recover the days between the two last days,
inspections_until_then how many inspections it took. Empty: none at hand yet. recovered_by says what was better: the "overall
grade", or, in an inspection that gives no overall grade any more, the "lowest area": none of its areas is inadequate, and
recovered_to is the lowest grade of them.

Caveats: only sif and ilacs inspections with an overall grade count, and ilacs from April 2026, which gives none. Reports that are
not in the folder are not seen: an authority may have recovered in one of them. Inspections come years apart, so the days say when
it was seen to have recovered, not when it did.
*/
with lowest_areas as (

    select
        judgements.report_id,
        max_by(judgements.grade, grades.grade_rank) as lowest_grade,
    from fct_judgements as judgements
    inner join dim_judgement_area as areas using (framework_id, judgement_area_id)
    inner join dim_grade as grades using (grade)
    where areas.comparable_area is not null and areas.comparable_area != 'overall'
    group by judgements.report_id

),

graded as (

    select
        inspections.*,
        authorities.authority_name,
        coalesce(inspections.overall_grade, lowest_areas.lowest_grade) as standing_grade,
        if(inspections.overall_grade is null, 'lowest area', 'overall grade') as graded_by,
        lag(standing_grade) over in_order as grade_before,
        row_number() over in_order as place,
    from fct_inspections as inspections
    inner join dim_authority as authorities using (authority_id)
    left join lowest_areas using (report_id)
    where
        (inspections.overall_grade is not null or inspections.overall_status = 'not given' and lowest_areas.lowest_grade is not null)
        and inspections.authority_id != 'unknown'
    window in_order as (
        partition by inspections.authority_id order by inspections.inspection_end_date, inspections.report_id
    )

),

falls as (

    select *
    from graded
    where overall_grade = 'inadequate' and grade_before is distinct from 'inadequate'

),

recoveries as (

    select
        falls.report_id,
        later.inspection_end_date,
        later.standing_grade,
        later.graded_by,
        later.place - falls.place as inspections_until_then,
    from falls
    inner join graded as later
        on falls.authority_id = later.authority_id and falls.place < later.place and later.standing_grade != 'inadequate'
    qualify row_number() over (partition by falls.report_id order by later.place) = 1

)

select
    falls.authority_name,
    falls.grade_before,
    falls.inspection_end_date as inadequate_on,
    recoveries.inspection_end_date as recovered_on,
    recoveries.standing_grade as recovered_to,
    recoveries.graded_by as recovered_by,
    recoveries.inspection_end_date - falls.inspection_end_date as days_to_recover,
    recoveries.inspections_until_then,
from falls
left join recoveries using (report_id)
order by days_to_recover nulls last, falls.authority_name, falls.inspection_end_date;
