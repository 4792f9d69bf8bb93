/*
Question: how does each authority stand beside its statistical neighbours?

How to read it: a row for each authority with an overall grade. neighbours_better, _same and _worse count those of its ten
statistical neighbours whose newest overall grade is better, the same or worse; their names are in the last column, the
nearest neighbour first. standing is "ahead" where more neighbours are worse than better, "behind" the other way round.

Caveats: grades of different years and frameworks stand beside each other (neighbour_outcomes has the dates); neighbours without a
report at hand are not counted; "adequate" (to 2013) ranks with "requires improvement". An overall grade that a later inspection
without one has left behind (from April 2026) is compared with none.
*/
with newest as (

    select
        outcomes.authority_id,
        outcomes.authority_name,
        outcomes.last_overall_grade,
        outcomes.last_overall_date,
        grades.grade_rank,
    from latest_outcomes as outcomes
    inner join dim_grade as grades on outcomes.last_overall_grade = grades.grade
    where outcomes.overall_status is distinct from 'not given'

),

beside as (

    select
        newest.authority_id,
        count(*) filter (where neighbour.grade_rank < newest.grade_rank) as neighbours_better,
        count(*) filter (where neighbour.grade_rank = newest.grade_rank) as neighbours_same,
        count(*) filter (where neighbour.grade_rank > newest.grade_rank) as neighbours_worse,
        string_agg(
            neighbour.authority_name || ': ' || neighbour.last_overall_grade, '; ' order by pairs.neighbour_rank
        ) as neighbours,
    from newest
    inner join dim_authority_neighbour as pairs using (authority_id)
    inner join newest as neighbour on pairs.neighbour_id = neighbour.authority_id
    group by newest.authority_id

)

select
    newest.authority_name,
    newest.last_overall_grade,
    newest.last_overall_date,
    coalesce(beside.neighbours_better, 0) as neighbours_better,
    coalesce(beside.neighbours_same, 0) as neighbours_same,
    coalesce(beside.neighbours_worse, 0) as neighbours_worse,
    case
        when beside.neighbours_worse > beside.neighbours_better then 'ahead'
        when beside.neighbours_worse < beside.neighbours_better then 'behind'
        when beside.authority_id is not null then 'level'
    end as standing,
    beside.neighbours,
from newest
left join beside using (authority_id)
order by newest.authority_name;
