-- What inspectors say about a topic, by grade and by year: one query on one relation.

with findings as (

    select * from {{ ref('fct_findings') }}

),

finding_topics as (

    select * from {{ ref('fct_finding_topics') }}

),

recommendations as (

    select * from {{ ref('fct_recommendations') }}

),

recommendation_topics as (

    select * from {{ ref('fct_recommendation_topics') }}

),

topics as (

    select * from {{ ref('dim_topic') }}

),

judgements as (

    select * from {{ ref('fct_judgements') }}

),

reports as (

    select *
    from {{ ref('int_reports') }}
    where is_primary

),

authorities as (

    select * from {{ ref('int_authorities') }}

),

said as (

    select
        finding_topics.topic_id,
        'finding' as kind,
        findings.finding_id as fact_id,
        findings.report_id,
        findings.paragraph_number,
        findings.section,
        findings.section_kind,
        findings.judgement_area_id,
        findings.has_recommendation,
        findings.text,
        findings.page_number,
    from findings
    inner join finding_topics using (finding_id)

    union all

    select
        recommendation_topics.topic_id,
        'recommendation' as kind,
        recommendations.recommendation_id as fact_id,
        recommendations.report_id,
        recommendations.paragraph_number,
        recommendations.section,
        recommendations.recommendation_type as section_kind,
        recommendations.judgement_area_id,
        true as has_recommendation,
        recommendations.text,
        recommendations.page_number,
    from recommendations
    inner join recommendation_topics using (recommendation_id)

),

final as (

    select
        said.topic_id,
        topics.topic_name,
        said.kind,
        said.fact_id,
        said.report_id,
        reports.authority_id,
        authorities.authority_name,
        reports.framework_id,
        year(coalesce(reports.inspection_end_date, reports.document_date, reports.published_date))::integer as inspection_year,
        said.judgement_area_id,
        area_judgements.grade as area_grade,
        overall_judgements.grade as overall_grade,
        said.section_kind,
        said.section,
        said.has_recommendation,
        said.paragraph_number,
        said.text,
        said.page_number,
    from said
    inner join reports using (report_id)
    inner join topics using (topic_id)
    left join authorities using (authority_id)
    left join judgements as area_judgements
        on
            said.report_id = area_judgements.report_id
            and said.judgement_area_id = area_judgements.judgement_area_id
    left join judgements as overall_judgements
        on
            said.report_id = overall_judgements.report_id
            and overall_judgements.judgement_area_id = 'overall_effectiveness'

)

select * from final
