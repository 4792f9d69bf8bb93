with metrics as (

    select * from {{ ref('metrics') }}

),

final as (

    select
        metric_id,
        metric_name,
        unit,
        topic,
        definition,
    from metrics

)

select * from final
