with metrics as (

    select * from {{ ref('metrics') }}

),

units as (

    select * from {{ ref('units') }}

),

final as (

    select
        metrics.metric_id,
        metrics.metric_name,
        metrics.unit,
        units.unit_name,
        metrics.topic,
        metrics.definition,
    from metrics
    left join units using (unit)

)

select * from final
