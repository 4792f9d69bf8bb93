-- One row per statistical neighbour with its newest grades.
select
    dim_authority_neighbour.authority_id,
    neighbour_rank,
    neighbour_id,
    authority_name as neighbour_name,
    latest_outcomes.* exclude (authority_id),
from dim_authority_neighbour
inner join dim_authority on neighbour_id = dim_authority.authority_id
left join latest_outcomes on neighbour_id = latest_outcomes.authority_id
order by dim_authority_neighbour.authority_id, neighbour_rank, neighbour_id
