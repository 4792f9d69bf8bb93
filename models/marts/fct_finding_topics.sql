with topic_mentions as (

    select * from {{ ref('int_topic_mentions') }}
    where fact_kind = 'finding'

),

findings as (

    select * from {{ ref('fct_findings') }}

),

final as (

    select
        findings.finding_id,
        topic_mentions.topic_id,
    from topic_mentions
    inner join findings on topic_mentions.fact_id = findings.finding_id

)

select * from final
