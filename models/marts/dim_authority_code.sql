-- The ONS gives an authority a new code when its boundary moves: older data sets carry the former ones.

with authorities as (

    select * from {{ ref('int_authorities') }}

),

dim_authority as (

    select * from {{ ref('dim_authority') }}

),

codes as (

    select
        authority_id,
        authority_id as ons_code,
        false as is_former,
    from authorities

    union all

    select
        authority_id,
        unnest(string_split(former_authority_ids, ' ')) as ons_code,
        true as is_former,
    from authorities
    where former_authority_ids is not null

),

final as (

    select codes.*
    from codes
    inner join dim_authority using (authority_id)

)

select * from final
