with visit_subjects as (

    select * from {{ ref('int_visit_subjects') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        visit_subjects.report_id,
        reports.authority_id,
        visit_subjects.subject_id,
        visit_subjects.subject_kind,
        visit_subjects.page_number,
        visit_subjects.quote,
    from visit_subjects
    inner join reports using (report_id)

)

select * from final
