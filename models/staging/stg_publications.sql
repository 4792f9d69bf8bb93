with landed as (

    select * from {{ ref('landed_publications') }}

),

kinds as (

    select * from {{ ref('publication_kinds') }}

),

documents as (

    select * from {{ ref('stg_documents') }}

),

kinds_named as (

    select
        landed.urn,
        landed.file_id,
        max_by(kinds.kind_id, (length(kinds.words), kinds.words)) as kind_id,
    from landed
    inner join kinds on contains(lower(replace(landed.kind, '’', '''')), lower(kinds.words))
    group by landed.urn, landed.file_id

),

final as (

    select
        landed.urn || '-' || landed.file_id as publication_id,
        landed.urn,
        landed.file_id,
        landed.provider_name,
        landed.kind,
        coalesce(kinds_named.kind_id, 'other') as kind_id,
        -- What a link may lead to.
        case when regexp_matches(landed.source_url, '^https?://[^\s"<>]+$') then landed.source_url end as source_url,
        landed.published_on,
        landed.state,
        landed.reason,
        landed.first_seen_on,
        landed.last_listed_on,
        landed.last_listed_on is null as is_listed,
        documents.report_id,
    from landed
    left join kinds_named using (urn, file_id)
    left join documents on landed.sha256 = documents.sha256

)

select * from final
