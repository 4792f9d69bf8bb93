with publications as (

    select * from {{ ref('int_publications') }}

),

authorities as (

    select * from {{ ref('dim_authority') }}

),

final as (

    select
        publications.publication_id,
        publications.urn,
        publications.provider_name,
        coalesce(authorities.authority_id, 'unknown') as authority_id,
        publications.kind,
        publications.kind_id as publication_kind,
        publications.source_url,
        publications.published_on,
        publications.state,
        publications.reason,
        publications.is_listed,
        publications.first_seen_on,
        publications.last_listed_on,
        publications.replaced_by_id,
        publications.report_id,
    from publications
    left join authorities using (authority_id)

)

select * from final
