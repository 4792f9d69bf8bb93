-- One row per grade, the best first.
select
    grade,
    grade_rank,
    is_graded,
    short_name,
from dim_grade
order by grade_order
