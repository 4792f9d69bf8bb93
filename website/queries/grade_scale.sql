-- One row per grade of the scale that is compared, the best first.
select
    grade,
    grade_rank,
    is_graded,
    short_name,
    grade_order,
from dim_grade
where coalesce(grade_scale_id in (from compared_scales), true)
order by grade_order
