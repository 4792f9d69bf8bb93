/*
Question: how have the grades for the experiences and progress of care leavers moved over the years?

How to read it: a row for each year in which an inspection graded care leavers on their own, with how many inspections gave each
grade and the share that were good or better.

Caveats: ilacs graded children in care and care leavers as one from 2018 to 2022, so those years have no row: a gap, not a
fall. The authorities inspected differ from year to year.
*/
select
    year(reports.inspection_end_date) as inspection_year,
    string_agg(distinct judgements.framework_id, ', ' order by judgements.framework_id) as frameworks,
    count(*) as inspections,
    count(*) filter (where judgements.grade = 'outstanding') as outstanding,
    count(*) filter (where judgements.grade = 'good') as good,
    count(*) filter (where judgements.grade = 'requires improvement') as requires_improvement,
    count(*) filter (where judgements.grade = 'inadequate') as inadequate,
    round(count(*) filter (where judgements.grade in ('outstanding', 'good')) / count(*), 2) as share_good_or_better,
from fct_judgements as judgements
inner join dim_judgement_area as areas using (framework_id, judgement_area_id)
inner join dim_report as reports on judgements.report_id = reports.report_id and reports.is_primary
inner join dim_grade as grades on judgements.grade = grades.grade and grades.is_graded
where areas.comparable_area = 'care_leavers'
group by inspection_year
order by inspection_year;
