/*
Question: which authorities have widespread failings in SEND and good children's services?

How to read it: a row for each authority whose newest area SEND inspection found widespread or systemic failings, and whose last overall
grade is good or outstanding. urgent_asks counts the areas for priority action; next_inspection_by is when the next full
inspection is due, monitoring_inspection_by when a monitoring inspection is due before it, as the report says.

Caveats: the outcome is the partnership's, of the authority and its health boards, and on a scale of its own: it is set beside the grade
and not compared with it. The two are of different years.
*/
with newest_send as (

    select fct_visits.*
    from fct_visits
    inner join dim_grade on fct_visits.outcome = dim_grade.grade
    qualify row_number() over (partition by authority_id order by start_date desc, report_id) = 1

)

select
    latest_outcomes.authority_name,
    newest_send.outcome,
    newest_send.end_date as send_inspected_on,
    newest_send.priority_action_count as urgent_asks,
    newest_send.monitoring_inspection_by,
    newest_send.next_inspection_by,
    latest_outcomes.last_overall_grade,
    latest_outcomes.last_overall_date,
from newest_send
inner join latest_outcomes using (authority_id)
inner join dim_grade as outcomes on newest_send.outcome = outcomes.grade
inner join dim_grade as grades on latest_outcomes.last_overall_grade = grades.grade
where outcomes.brings_priority_action and grades.grade_rank <= 2
order by latest_outcomes.authority_name
