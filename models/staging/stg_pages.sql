with landed as (

    select * from {{ ref('landed_documents') }}

),

pages as (

    select
        sha256[:16] as report_id,
        media_type,
        unnest(pages, recursive := true),
    from landed
    where rejected_reason is null

)

select * from pages
