with next_steps as (

    select * from {{ ref('int_next_steps') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        next_steps.report_id,
        reports.authority_id,
        next_steps.step_kind,
        next_steps.due_date,
        next_steps.is_approximate,
        next_steps.due_from,
        next_steps.due_as_printed,
        next_steps.page_number,
        next_steps.quote,
    from next_steps
    inner join reports using (report_id)

)

select * from final
