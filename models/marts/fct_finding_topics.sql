with topic_mentions as (

    select * from {{ ref('int_topic_mentions') }}

),

final as (

    select
        fact_id as finding_id,
        topic_id,
    from topic_mentions
    where fact_kind = 'finding'

)

select * from final
