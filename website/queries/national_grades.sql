-- How many inspections gave each grade, by area, framework and calendar year; second copies are left out.
select
    comparable_area,
    framework_id,
    year(document_date) as inspection_year,
    grade,
    count(*) as inspection_count,
from grades
where is_primary and comparable_area is not null and document_date is not null
group by all
order by all
