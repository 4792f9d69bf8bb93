with authorities as (

    select * from {{ ref('int_authorities') }}

),

dim_authority as (

    select * from {{ ref('dim_authority') }}

),

successors as (

    select
        authority_id,
        unnest(string_split(successor_authority_ids, ' ')) as successor_id,
        abolished_on::date as succeeded_on,
    from authorities
    where successor_authority_ids is not null

),

final as (

    select successors.*
    from successors
    inner join dim_authority using (authority_id)
    inner join dim_authority as successor on successors.successor_id = successor.authority_id

)

select * from final
