with report_partners as (

    select * from {{ ref('int_report_partners') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        report_partners.report_id,
        reports.authority_id,
        report_partners.partner_name,
        report_partners.partner_type,
        report_partners.lead_person,
        report_partners.lead_post,
        report_partners.page_number,
        report_partners.quote,
    from report_partners
    inner join reports using (report_id)

)

select * from final
