with mentions as (

    select * from {{ ref('int_judgement_mentions') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

-- The table of grades stands before a headline, the earlier page before the later.
chosen as (

    select *
    from mentions
    qualify row_number() over (
        partition by report_id, judgement_area_id
        order by
            place = 'headline', source = 'table' desc, page_number, priority, mention_number, quote
    ) = 1

),

final as (

    select
        md5(concat_ws('|', chosen.report_id, chosen.judgement_area_id))[:16] as judgement_id,
        chosen.report_id,
        reports.authority_id,
        reports.framework_id,
        chosen.judgement_area_id,
        chosen.grade,
        chosen.grade_as_printed,
        chosen.page_number,
        chosen.quote,
    from chosen
    inner join reports using (report_id)

)

select * from final
