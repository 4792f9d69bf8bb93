with authorities as (

    select * from {{ ref('int_authorities') }}

),

dim_authority as (

    select * from {{ ref('dim_authority') }}

),

neighbours as (

    select
        authority_id,
        unnest(string_split(statistical_neighbour_ids, ' ')) as neighbour_id,
        generate_subscripts(string_split(statistical_neighbour_ids, ' '), 1)::integer as neighbour_rank,
    from authorities
    where statistical_neighbour_ids is not null

),

final as (

    select neighbours.*
    from neighbours
    inner join dim_authority using (authority_id)
    inner join dim_authority as neighbour on neighbours.neighbour_id = neighbour.authority_id

)

select * from final
