/*
Question: what share of inspections ended with a good or outstanding overall grade, year by year?

How to read it: a row for each year and framework, with how many inspections gave each overall grade and the share that were good
or better.

Caveats: this counts the inspections of a year, not how all authorities stood at its end (latest_outcomes has that for today). ilacs
inspects weak authorities sooner, so a year's mix says as much about who was inspected as about how good services are.
*/
select
    year(inspection_end_date) as inspection_year,
    framework_id,
    count(*) as inspections,
    count(*) filter (where overall_grade = 'outstanding') as outstanding,
    count(*) filter (where overall_grade = 'good') as good,
    count(*) filter (where overall_grade = 'requires improvement') as requires_improvement,
    count(*) filter (where overall_grade = 'inadequate') as inadequate,
    round(count(*) filter (where overall_grade in ('outstanding', 'good')) / count(*), 2) as share_good_or_better,
from fct_inspections
where overall_grade is not null
group by inspection_year, framework_id
order by inspection_year, framework_id;
