-- How many authorities that stand today hold each overall grade as their newest, by region; none where no graded inspection is here.
select
    region_name,
    last_overall_grade as grade,
    count(*) as authority_count,
from latest_outcomes
inner join dim_authority using (authority_id)
group by region_name, last_overall_grade
order by region_name nulls last, last_overall_grade nulls last
