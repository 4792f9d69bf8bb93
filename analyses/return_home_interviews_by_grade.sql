/*
Question: what do inspectors say about return home interviews, by grade and by year?

How to read it: a row for each year and overall grade: how many reports there are, how many of them speak of return home interviews,
in how many findings and recommendations. longest_finding is one to start reading with; for all of them:
select text from inspector_topics where topic_id = 'return_home_interviews'.

Caveats: reports of sif are three times as long as those of ilacs and say more about everything. A report that is silent may have found nothing
worth saying. overall_grade is empty for letters, and for inspections from April 2026.
*/
with reports as (

    select
        reports.report_id,
        year(reports.inspection_end_date) as inspection_year,
        judgements.grade as overall_grade,
    from dim_report as reports
    left join fct_judgements as judgements
        on reports.report_id = judgements.report_id and judgements.judgement_area_id = 'overall_effectiveness'
    where reports.is_primary and reports.inspection_end_date is not null

),

said as (

    select
        report_id,
        count(*) filter (where kind = 'finding') as findings,
        count(*) filter (where kind = 'recommendation') as recommendations,
        first(text order by length(text) desc, text) filter (where kind = 'finding') as longest_finding,
    from inspector_topics
    where topic_id = 'return_home_interviews'
    group by report_id

)

select
    reports.inspection_year,
    reports.overall_grade,
    count(*) as reports,
    count(said.report_id) as reports_that_speak_of_it,
    coalesce(sum(said.findings), 0)::integer as findings,
    coalesce(sum(said.recommendations), 0)::integer as recommendations,
    first(said.longest_finding order by length(said.longest_finding) desc, said.longest_finding)
        filter (where said.longest_finding is not null) as longest_finding,
from reports
left join said using (report_id)
left join dim_grade as grades on reports.overall_grade = grades.grade
group by reports.inspection_year, reports.overall_grade, grades.grade_rank
order by reports.inspection_year, grades.grade_rank nulls last, reports.overall_grade desc;
