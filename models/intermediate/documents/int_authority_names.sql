-- Every form in which a report can print an authority's name, ready to compare.

with authorities as (

    select * from {{ ref('int_authorities') }}

),

printed_names as (

    select
        authority_id,
        authority_name as printed_name,
        false as is_trust,
    from authorities

    union

    select
        authority_id,
        trim(unnest(string_split(replace(also_known_as, ', Christchurch', ' Christchurch'), ','))) as printed_name,
        false as is_trust,
    from authorities
    where also_known_as is not null

    union

    select
        authority_id,
        printed_name,
        false as is_trust,
    from {{ ref('authority_names') }}

    union

    select
        authority_id,
        trust_name as printed_name,
        true as is_trust,
    from {{ ref('trusts') }}

),

final as (

    select distinct
        authorities.authority_id,
        -- The ONS tells namesakes apart in brackets; reports do not.
        {{ comparable_name("regexp_replace(printed_names.printed_name, '\s*\(.*\)', '')") }} as comparable_name,
        printed_names.is_trust,
        authorities.in_existence_from,
        authorities.abolished_on,
    from printed_names
    inner join authorities using (authority_id)

)

select * from final
