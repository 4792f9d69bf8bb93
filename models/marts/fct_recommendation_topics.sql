with topic_mentions as (

    select * from {{ ref('int_topic_mentions') }}
    where fact_kind = 'recommendation'

),

recommendations as (

    select * from {{ ref('fct_recommendations') }}

),

final as (

    select
        recommendations.recommendation_id,
        topic_mentions.topic_id,
    from topic_mentions
    inner join recommendations on topic_mentions.fact_id = recommendations.recommendation_id

)

select * from final
