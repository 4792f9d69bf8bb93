with landed as (

    select * from {{ documents_of(ref('landed_documents'), 'sha256[:16]') }}

),

documents as (

    select
        sha256[:16] as report_id,
        file_name,
        other_file_names,
        sha256,
        byte_size,
        media_type,
        page_count,
        loader_version,
        landed_at,
    from landed
    where rejected_reason is null

)

select * from documents
