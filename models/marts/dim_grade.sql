with grades as (

    select * from {{ ref('grades') }}

),

final as (

    select
        grade,
        grade_scale_id,
        grade_rank::integer as grade_rank,
        is_graded::boolean as is_graded,
        grade_order::integer as grade_order,
        short_name,
        brings_priority_action::boolean as brings_priority_action,
        note,
    from grades

)

select * from final
