with neighbours as (

    select * from {{ ref('int_authority_neighbours') }}

),

dim_authority as (

    select * from {{ ref('dim_authority') }}

),

final as (

    select neighbours.*
    from neighbours
    inner join dim_authority using (authority_id)
    inner join dim_authority as neighbour on neighbours.neighbour_id = neighbour.authority_id

)

select * from final
