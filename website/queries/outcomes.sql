-- How often each outcome was given that is on a scale of its own, by kind, region and year.
select
    framework_id,
    coalesce(region_name, 'No region') as region_name,
    year(end_date) as inspection_year,
    outcome,
    dim_grade.grade_order,
    count(*) as inspection_count,
from fct_visits
inner join dim_grade on fct_visits.outcome = dim_grade.grade
left join dim_authority using (authority_id)
group by all
order by framework_id, region_name, inspection_year, grade_order
