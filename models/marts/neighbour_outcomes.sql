with neighbours as (

    select * from {{ ref('dim_authority_neighbour') }}

),

outcomes as (

    select * from {{ ref('latest_outcomes') }}

),

final as (

    select
        neighbours.authority_id,
        authority.authority_name,
        neighbours.neighbour_rank,
        neighbours.neighbour_id,
        neighbour.authority_name as neighbour_name,
        neighbour.inspection_end_date as neighbour_inspection_end_date,
        neighbour.overall_status as neighbour_overall_status,
        neighbour.last_overall_grade as neighbour_last_overall_grade,
        neighbour.leadership_grade as neighbour_leadership_grade,
        neighbour.help_and_protection_grade as neighbour_help_and_protection_grade,
        neighbour.children_in_care_grade as neighbour_children_in_care_grade,
        neighbour.care_leavers_grade as neighbour_care_leavers_grade,
    from neighbours
    inner join outcomes as authority using (authority_id)
    inner join outcomes as neighbour on neighbours.neighbour_id = neighbour.authority_id

)

select * from final
