-- One row per authority, metric and year: the value, where it stands, and beside it England's and the neighbours' median.
with england as (

    select
        metric_id,
        year_id,
        any_value(value order by observation_id) as england_value,
        any_value(observation_id order by observation_id) as england_observation_id,
    from fct_authority_metrics
    where authority_id = 'E92000001'
    group by metric_id, year_id

),

neighbours as (

    select
        dim_authority_neighbour.authority_id,
        metric_id,
        year_id,
        median(value) as neighbour_median,
        count(*) as neighbour_count,
    from dim_authority_neighbour
    inner join fct_authority_metrics on neighbour_id = fct_authority_metrics.authority_id
    group by all

)

select
    chosen.*,
    authority_name,
    observations.report_id,
    observations.page_number,
    observations.quote,
    england_value,
    england_observations.report_id as england_report_id,
    england_observation_id,
    neighbour_median,
    neighbour_count,
from fct_authority_metrics as chosen
inner join fct_metric_observations as observations using (observation_id)
inner join dim_authority on chosen.authority_id = dim_authority.authority_id
left join england on chosen.metric_id = england.metric_id and chosen.year_id = england.year_id
left join fct_metric_observations as england_observations
    on england_observation_id = england_observations.observation_id
left join neighbours
    on
        chosen.authority_id = neighbours.authority_id
        and chosen.metric_id = neighbours.metric_id
        and chosen.year_id = neighbours.year_id
order by chosen.metric_id, authority_name, chosen.authority_id, chosen.year_id, observation_id
