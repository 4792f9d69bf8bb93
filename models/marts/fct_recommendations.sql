with recommendations as (

    select * from {{ ref('int_recommendations') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        recommendations.recommendation_id,
        recommendations.report_id,
        reports.authority_id,
        recommendations.code,
        recommendations.paragraph_number,
        recommendations.recommendation_type,
        recommendations.addressed_to,
        recommendations.responsible_body,
        recommendations.section,
        recommendations.judgement_area_id,
        recommendations.paragraph_text as text,
        recommendations.page_number,
    from recommendations
    inner join reports using (report_id)

)

select * from final
