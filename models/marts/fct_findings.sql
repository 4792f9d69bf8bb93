with findings as (

    select * from {{ ref('int_findings') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

ties as (

    select distinct
        report_id,
        block_number,
    from {{ ref('int_finding_recommendations') }}

),

final as (

    select
        findings.finding_id,
        findings.report_id,
        reports.authority_id,
        findings.paragraph_number,
        findings.finding_kind,
        findings.section,
        findings.section_kind,
        findings.part as report_part,
        findings.judgement_area_id,
        findings.recommendation_mark is not null or ties.block_number is not null as has_recommendation,
        findings.paragraph_text as text,
        findings.page_number,
    from findings
    inner join reports using (report_id)
    left join ties using (report_id, block_number)

)

select * from final
