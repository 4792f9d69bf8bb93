-- How many visits were about each focus or theme, and when the first and the newest were.
select
    subject_kind,
    subject_name,
    count(*) as visit_count,
    min(start_date) as first_date,
    max(start_date) as last_date,
from fct_visit_subjects
inner join dim_visit_subject using (subject_id)
inner join fct_visits using (report_id)
group by subject_kind, subject_name, subject_order
order by subject_kind, subject_order
