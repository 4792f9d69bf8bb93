with judgements as (

    select * from {{ ref('int_judgements') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        judgements.judgement_id,
        judgements.report_id,
        reports.authority_id,
        reports.framework_id,
        judgements.judgement_area_id,
        judgements.grade,
        judgements.grade_as_printed,
        judgements.page_number,
        judgements.quote,
    from judgements
    inner join reports using (report_id)

)

select * from final
