-- The figures that can disagree: stated exactly or nearly, of a known date, each with how far its rounding can carry it.

with observations as (

    select * from {{ ref('fct_metric_observations') }}
    where period_end is not null and qualifier in ('exact', 'approximate')

),

metrics as (

    select * from {{ ref('metrics') }}

),

units as (

    select * from {{ ref('units') }}

),

final as (

    select
        observations.*,
        metrics.metric_name,
        metrics.is_flow,
        metrics.is_of_all_dates,
        {{ rounding_error('observations.value', 'units.is_whole', 'observations.qualifier') }} as rounding_error,
    from observations
    inner join metrics using (metric_id)
    inner join units using (unit)

)

select * from final
