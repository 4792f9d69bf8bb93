with authorities as (

    select * from {{ ref('int_authorities') }}

),

tiles as (

    select * from {{ ref('authority_tiles') }}

),

named_authorities as (

    select distinct authority_id from {{ ref('int_reports') }}

),

final as (

    -- A fictional authority is there only where a document names it.
    select
        authorities.authority_id,
        authorities.authority_name,
        authorities.authority_type,
        authorities.region_code,
        authorities.region_name,
        authorities.ofsted_urn::varchar as ofsted_urn,
        authorities.dfe_code::varchar as dfe_code,
        authorities.in_existence_from::date as in_existence_from,
        authorities.abolished_on::date as abolished_on,
        authorities.abolished_on is null as is_current,
        authorities.is_example,
        tiles.tile_label,
        tiles.tile_column::integer as tile_column,
        tiles.tile_row::integer as tile_row,
    from authorities
    left join tiles using (authority_id)
    left join named_authorities using (authority_id)
    where not authorities.is_example or named_authorities.authority_id is not null

    union all by name

    select
        unnest(['E92000001', 'unknown']) as authority_id,
        unnest(['England', 'Unknown: no authority could be told from the document']) as authority_name,
        unnest(['Country', 'Unknown']) as authority_type,
        unnest([true, false]) as is_current,
        false as is_example,

)

select * from final
