with reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        report_id,
        file_name,
        -- Marts hold no lists: BI drivers do not know them.
        array_to_string(other_file_names, ' | ') as other_file_names,
        sha256,
        media_type,
        framework_id,
        document_type,
        title,
        authority_id,
        inspection_start_date,
        inspection_end_date,
        published_date,
        reporting_year_end,
        lead_inspector,
        addressee,
        addressee_post,
        page_count,
        byte_size,
        is_primary,
        primary_report_id,
    from reports

)

select * from final
