-- Each authority's value beside England's and its statistical neighbours' of the same year.

with authority_metrics as (

    select * from {{ ref('fct_authority_metrics') }}

),

authorities as (

    select * from {{ ref('int_authorities') }}

),

named_authorities as (

    select * from {{ ref('dim_authority') }}

),

metrics as (

    select * from {{ ref('dim_metric') }}

),

neighbours as (

    select
        authority_id,
        unnest(string_split(statistical_neighbour_ids, ' ')) as neighbour_id,
    from authorities
    where statistical_neighbour_ids is not null

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
    group by neighbours.authority_id, authority_metrics.metric_id, authority_metrics.year_id

),

england as (

    select
        metric_id,
        year_id,
        value as england_value,
    from authority_metrics
    where authority_id = 'E92000001'

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
        england.england_value,
        neighbour_values.neighbour_median,
        neighbour_values.neighbour_mean,
        coalesce(neighbour_values.neighbour_count, 0) as neighbour_count,
        authority_metrics.observation_id,
    from authority_metrics
    inner join named_authorities using (authority_id)
    inner join metrics using (metric_id)
    left join england using (metric_id, year_id)
    left join neighbour_values using (authority_id, metric_id, year_id)
    where authority_metrics.authority_id != 'E92000001'

)

select * from final
