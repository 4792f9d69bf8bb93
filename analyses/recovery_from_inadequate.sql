/*
Question: which authorities improved after an inadequate overall grade, and how long did it take?

How to read it: a row for each time that an authority fell to inadequate (or had it in the first report at hand).
recovered_on is the last day of the first later inspection that gave a better grade, days_to_recover the days between the two
last days, inspections_until_then how many graded inspections it took. Empty: none at hand yet.

Caveats: only sif and ilacs inspections with an overall grade count; ilacs gives none from April 2026. Reports that are not
in the folder are not seen: an authority may have recovered in one of them. Inspections come years apart, so the days say when it
was seen to have recovered, not when it did.
*/
with graded as (

    select
        inspections.*,
        authorities.authority_name,
        lag(inspections.overall_grade) over in_order as grade_before,
        row_number() over in_order as place,
    from fct_inspections as inspections
    inner join dim_authority as authorities using (authority_id)
    where inspections.overall_grade is not null and inspections.authority_id != 'unknown'
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
        later.overall_grade,
        later.place - falls.place as inspections_until_then,
    from falls
    inner join graded as later
        on falls.authority_id = later.authority_id and falls.place < later.place and later.overall_grade != 'inadequate'
    qualify row_number() over (partition by falls.report_id order by later.place) = 1

)

select
    falls.authority_name,
    falls.grade_before,
    falls.inspection_end_date as inadequate_on,
    recoveries.inspection_end_date as recovered_on,
    recoveries.overall_grade as recovered_to,
    recoveries.inspection_end_date - falls.inspection_end_date as days_to_recover,
    recoveries.inspections_until_then,
from falls
left join recoveries using (report_id)
order by days_to_recover nulls last, falls.authority_name, falls.inspection_end_date;
