with names as (

    select * from {{ ref('int_authority_names') }}

),

dim_authority as (

    select * from {{ ref('dim_authority') }}

),

final as (

    select
        names.authority_id,
        trim(names.comparable_name) as name_as_compared,
    from names
    inner join dim_authority using (authority_id)

)

select * from final
