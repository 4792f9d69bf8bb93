with topics as (

    select * from {{ ref('topics') }}

),

final as (

    select
        topic_id,
        topic_name,
        definition,
    from topics

)

select * from final
