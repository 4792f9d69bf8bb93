with judgement_areas as (

    select * from {{ ref('judgement_areas') }}

),

final as (

    select
        framework_id,
        judgement_area_id,
        judgement_area_name,
        reported_from::date as reported_from,
        reported_to::date as reported_to,
        comparable_area,
        is_required::boolean as is_required,
    from judgement_areas

)

select * from final
