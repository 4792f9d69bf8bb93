-- The statistical neighbours that each authority's row names, the nearest first.

with authorities as (

    select * from {{ ref('int_authorities') }}
    where statistical_neighbour_ids is not null

),

final as (

    select
        authority_id,
        unnest(string_split(statistical_neighbour_ids, ' ')) as neighbour_id,
        generate_subscripts(string_split(statistical_neighbour_ids, ' '), 1)::integer as neighbour_rank,
    from authorities

)

select * from final
