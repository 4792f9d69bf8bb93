-- How many recommendations and findings speak of a topic, by the report's year and overall grade.
with said as (

    select
        topic_id,
        report_id,
        'recommendation' as kind,
    from fct_recommendation_topics
    inner join fct_recommendations using (recommendation_id)

    union all

    select
        topic_id,
        report_id,
        'finding' as kind,
    from fct_finding_topics
    inner join fct_findings using (finding_id)

)

select
    topic_id,
    kind,
    year(document_date) as document_year,
    coalesce(overall_grade, 'no overall grade') as grade,
    count(*) as fact_count,
from said
inner join documents using (report_id)
left join overall_grades using (report_id)
where is_primary and document_date is not null
group by all
order by all
