with rejected_files as (

    select * from {{ ref('stg_rejected_files') }}

),

final as (

    select
        file_name,
        sha256,
        reason,
    from rejected_files

)

select * from final
