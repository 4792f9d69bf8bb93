-- How overall grades moved since the inspection before, by calendar year.
select
    year(inspection_end_date) as inspection_year,
    overall_change,
    count(*) as inspection_count,
from fct_inspections
where overall_change is not null and inspection_end_date is not null
group by all
order by all
