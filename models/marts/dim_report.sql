with reports as (

    select * from {{ ref('int_reports') }}

),

publications as (

    select * from {{ ref('int_report_publications') }}

),

final as (

    select
        reports.report_id,
        publications.source_url,
        reports.file_name,
        -- Marts hold no lists: BI drivers do not know them.
        array_to_string(reports.other_file_names, ' | ') as other_file_names,
        reports.sha256,
        reports.media_type,
        reports.framework_id,
        reports.document_type,
        reports.title,
        reports.authority_id,
        reports.inspection_start_date,
        reports.inspection_end_date,
        publications.published_date,
        publications.published_date_source,
        publications.source_state,
        reports.reporting_year_end,
        reports.lead_inspector,
        reports.addressee,
        reports.addressee_post,
        reports.page_count,
        reports.byte_size,
        reports.is_primary,
        reports.primary_report_id,
    from reports
    inner join publications using (report_id)

)

select * from final
