/*
Question: which focused visits looked at the front door in the year before an inadequate overall grade?

How to read it: a row for each focused visit to the front door that ended within a year before an inspection that graded the authority
inadequate overall. days_before counts from the visit to the inspection; urgent_asks are the priority actions of the visit's letter.

Caveats: a visit that says nothing of its focus, as most of early 2021, is not here; letters and reports that are not at hand are none.
*/
select
    dim_authority.authority_name,
    visits.end_date as visited_on,
    visits.focus_or_theme,
    visits.standing_overall_grade as grade_that_stood,
    visits.recommendation_count as asks,
    visits.priority_action_count as urgent_asks,
    inspections.inspection_start_date as inspected_on,
    inspections.inspection_start_date - visits.end_date as days_before,
from fct_visits as visits
inner join dim_authority using (authority_id)
inner join fct_visit_subjects as subjects on visits.report_id = subjects.report_id and subjects.subject_id = 'front_door'
inner join fct_inspections as inspections
    on
        visits.authority_id = inspections.authority_id
        and inspections.inspection_start_date between visits.end_date and visits.end_date + 366
        and inspections.overall_grade = 'inadequate'
where visits.framework_id = 'focused_visit'
order by dim_authority.authority_name, visits.end_date, inspections.inspection_start_date
