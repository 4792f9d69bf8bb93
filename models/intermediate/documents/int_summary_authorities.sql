-- Authorities by the codes of the sector's summary sheets.

with authorities as (

    select * from {{ ref('int_authorities') }}

),

regions as (

    select * from {{ ref('regions') }}

),

neighbour_ids as (

    select * from {{ ref('int_authority_neighbours') }}

),

neighbours as (

    select
        neighbour_ids.authority_id,
        string_agg(neighbour.dfe_code::varchar, ', ' order by neighbour_ids.neighbour_rank) as stat_neighbours,
    from neighbour_ids
    inner join authorities as neighbour on neighbour_ids.neighbour_id = neighbour.authority_id
    group by neighbour_ids.authority_id

),

final as (

    select
        authorities.authority_id,
        authorities.ofsted_urn::varchar as urn,
        authorities.dfe_code::varchar as la_code,
        regions.region_letters as region_code,
        authorities.authority_id as ltla23cd,
        neighbours.stat_neighbours,
        authorities.authority_name as local_authority,
        'authorities/' || authorities.authority_id || '.html' as local_link_to_all_inspections,
        authorities.abolished_on is null as is_current,
    from authorities
    left join regions using (region_code)
    left join neighbours using (authority_id)

)

select * from final
