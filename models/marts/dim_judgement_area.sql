with judgement_areas as (

    select * from {{ ref('judgement_areas') }}

),

comparable_areas as (

    select * from {{ ref('comparable_areas') }}

),

final as (

    select
        judgement_areas.framework_id,
        judgement_areas.judgement_area_id,
        judgement_areas.judgement_area_name,
        judgement_areas.reported_from::date as reported_from,
        judgement_areas.reported_to::date as reported_to,
        judgement_areas.comparable_area,
        comparable_areas.comparable_area_name,
        comparable_areas.area_order::integer as comparable_area_order,
        judgement_areas.is_required::boolean as is_required,
    from judgement_areas
    left join comparable_areas using (comparable_area)

)

select * from final
