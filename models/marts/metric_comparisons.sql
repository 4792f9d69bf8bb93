-- Each authority's value beside England's, as its own document states it or else as others do for the year, and beside that of its
-- statistical neighbours.

with authority_metrics as (

    select * from {{ ref('fct_authority_metrics') }}

),

named_authorities as (

    select * from {{ ref('dim_authority') }}

),

observations as (

    select * from {{ ref('fct_metric_observations') }}

),

metrics as (

    select * from {{ ref('dim_metric') }}

),

units as (

    select * from {{ ref('units') }}

),

neighbours as (

    select * from {{ ref('int_authority_neighbours') }}

),

neighbour_values as (

    select
        neighbours.authority_id,
        authority_metrics.metric_id,
        authority_metrics.year_id,
        median(authority_metrics.value) as neighbour_median,
        -- In an order: that of a sum moves its last digits.
        avg(authority_metrics.value order by authority_metrics.value) as neighbour_mean,
        count(*)::integer as neighbour_count,
    from neighbours
    inner join authority_metrics on neighbours.neighbour_id = authority_metrics.authority_id
    inner join metrics using (metric_id)
    inner join units using (unit)
    -- How many children there are says nothing beside a larger or smaller place.
    where not units.is_whole
    group by neighbours.authority_id, authority_metrics.metric_id, authority_metrics.year_id

),

england as (

    select
        metric_id,
        year_id,
        value as england_value,
        observation_id as england_observation_id,
    from authority_metrics
    where
        authority_id = 'E92000001'
        -- "Close to the national average of 37 weeks" says nothing of the year.
        and period_kind != 'inspection'

),

-- "63 per 10,000, above the England average of 60": of the same sentence first, then of the same document and date.
stated_beside as (

    select
        authority_metrics.authority_id,
        authority_metrics.metric_id,
        authority_metrics.year_id,
        beside.value as england_value,
        beside.observation_id as england_observation_id,
    from authority_metrics
    inner join observations as own using (observation_id)
    inner join observations as beside
        on
            own.report_id = beside.report_id
            and own.metric_id = beside.metric_id
            and beside.authority_id = 'E92000001'
            and (own.quote = beside.quote or own.period_end = beside.period_end)
    where authority_metrics.authority_id != 'E92000001'
    qualify row_number() over (
        partition by authority_metrics.authority_id, authority_metrics.metric_id, authority_metrics.year_id
        order by own.quote = beside.quote desc, own.period_end = beside.period_end desc, beside.page_number, beside.observation_id
    ) = 1

),

final as (

    select
        authority_metrics.authority_id,
        named_authorities.authority_name,
        authority_metrics.metric_id,
        metrics.metric_name,
        metrics.unit,
        authority_metrics.year_id,
        authority_metrics.value,
        authority_metrics.qualifier,
        authority_metrics.is_disputed,
        coalesce(stated_beside.england_value, england.england_value) as england_value,
        -- Two neighbours are no comparison.
        case when neighbour_values.neighbour_count >= {{ var('fewest_neighbours') }} then neighbour_values.neighbour_median end as neighbour_median,
        case when neighbour_values.neighbour_count >= {{ var('fewest_neighbours') }} then neighbour_values.neighbour_mean end as neighbour_mean,
        coalesce(neighbour_values.neighbour_count, 0) as neighbour_count,
        authority_metrics.observation_id,
        coalesce(stated_beside.england_observation_id, england.england_observation_id) as england_observation_id,
    from authority_metrics
    inner join named_authorities using (authority_id)
    inner join metrics using (metric_id)
    left join england using (metric_id, year_id)
    left join stated_beside using (authority_id, metric_id, year_id)
    left join neighbour_values using (authority_id, metric_id, year_id)
    where authority_metrics.authority_id != 'E92000001'

)

select * from final
