with visit_subjects as (

    select * from {{ ref('visit_subjects') }}

),

final as (

    select
        subject_id,
        subject_kind,
        subject_name,
        subject_order::integer as subject_order,
        note,
    from visit_subjects

)

select * from final
