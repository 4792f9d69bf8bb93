/*
Question: which authorities are inadequate now, overall or in an area?

How to read it: a row for each authority whose newest grade of anything is the worst, the worst overall grades first. overall_status tells
what last_overall_grade is: "given" by the newest inspection; "not given" where that inspection gives no overall grade any more, so that
an older one counts no longer, and the newest grades of the areas alone decide; "not judged" where its report says so; "not found" where
it should be there and was not read. inadequate_in lists the areas whose newest grade is inadequate.

Caveats: only authorities with a report at hand are here; monitoring visits since then give no grades (fct_visits has them); an area's
newest grade can be older than the newest inspection (leadership_date and the others in latest_outcomes).
*/
select
    outcomes.authority_name,
    outcomes.inspection_end_date,
    outcomes.overall_status,
    outcomes.last_overall_grade,
    outcomes.last_overall_date,
    concat_ws(
        ', ',
        if(outcomes.leadership_grade = 'inadequate', 'leadership', null),
        if(outcomes.help_and_protection_grade = 'inadequate', 'help and protection', null),
        if(outcomes.children_in_care_grade = 'inadequate', 'children in care', null),
        if(outcomes.care_leavers_grade = 'inadequate', 'care leavers', null)
    ) as inadequate_in,
from latest_outcomes as outcomes
left join dim_grade as grades on outcomes.last_overall_grade = grades.grade
where
    'inadequate' in (
        if(outcomes.overall_status = 'not given', null, outcomes.last_overall_grade),
        outcomes.leadership_grade, outcomes.help_and_protection_grade, outcomes.children_in_care_grade, outcomes.care_leavers_grade
    )
order by grades.grade_rank desc nulls last, outcomes.overall_status, outcomes.last_overall_date desc, outcomes.authority_name;
