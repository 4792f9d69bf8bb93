with landed as (

    select * from {{ ref('landed_documents') }}

),

rejected_files as (

    select
        file_name,
        sha256,
        byte_size,
        media_type,
        rejected_reason as reason,
    from landed
    where rejected_reason is not null

)

select * from rejected_files
