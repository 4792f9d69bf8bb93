with documents as (

    select * from {{ ref('stg_documents') }}

),

final as (

    select
        report_id,
        file_name,
        loader_version,
        landed_at,
    from documents

)

select * from final
