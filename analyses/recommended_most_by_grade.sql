/*
Question: what do inspectors ask of authorities most often, by overall grade?

How to read it: for each overall grade the five topics that the most reports recommend something on. share_of_reports is of the
reports with that grade that make any recommendation to the authority at all.

Caveats: a recommendation can speak of several topics, or of none that the warehouse knows. Recommendations to the safeguarding board are left
out. Weaker authorities are given more recommendations: compare shares within a grade, not counts between grades.
*/
with asked as (

    select distinct
        judgements.grade as overall_grade,
        grades.grade_rank,
        recommendations.report_id,
        recommendations.recommendation_id,
        topics.topic_name,
    from fct_recommendations as recommendations
    inner join dim_report as reports on recommendations.report_id = reports.report_id and reports.is_primary
    inner join fct_judgements as judgements
        on recommendations.report_id = judgements.report_id and judgements.judgement_area_id = 'overall_effectiveness'
    inner join dim_grade as grades on judgements.grade = grades.grade
    left join fct_recommendation_topics as said on recommendations.recommendation_id = said.recommendation_id
    left join dim_topic as topics on said.topic_id = topics.topic_id
    where recommendations.addressed_to = 'authority'

),

reports_by_grade as (

    select
        overall_grade,
        count(distinct report_id) as reports,
    from asked
    group by overall_grade

)

select
    asked.overall_grade,
    asked.topic_name,
    count(distinct asked.report_id) as reports_with_it,
    round(count(distinct asked.report_id) / any_value(reports_by_grade.reports), 3) as share_of_reports,
    count(*) as recommendations,
from asked
inner join reports_by_grade using (overall_grade)
where asked.topic_name is not null
group by asked.overall_grade, asked.grade_rank, asked.topic_name
qualify
    row_number() over (
        partition by asked.overall_grade
        order by count(distinct asked.report_id) desc, count(*) desc, asked.topic_name
    ) <= 5
order by asked.grade_rank, asked.overall_grade desc, reports_with_it desc, recommendations desc, asked.topic_name;
