with grades as (

    select * from {{ ref('grades') }}

),

final as (

    select
        grade,
        grade_rank::integer as grade_rank,
        is_graded::boolean as is_graded,
        note,
    from grades

)

select * from final
