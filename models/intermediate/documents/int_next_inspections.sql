-- When a document says that the area is inspected next: in full, and before that, where it says so, by monitoring.

with next_steps as (

    select * from {{ ref('int_next_steps') }}
    where step_kind in ('full inspection', 'monitoring inspection')

),

monitoring as (

    select
        report_id,
        due_date as monitoring_due_date,
    from next_steps
    where step_kind = 'monitoring inspection'

),

-- Where a monitoring inspection alone is named, it is the next.
following as (

    select *
    from next_steps
    qualify row_number() over (partition by report_id order by step_kind = 'full inspection' desc) = 1

),

final as (

    select
        following.report_id,
        following.step_kind,
        following.due_date,
        following.due_as_printed,
        monitoring.monitoring_due_date,
    from following
    left join monitoring on following.report_id = monitoring.report_id and following.step_kind = 'full inspection'

)

select * from final
