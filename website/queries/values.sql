-- One row per authority, metric and year: the value, where it stands, and beside it England's and the neighbours' median.
select
    chosen.*,
    authority_name,
    observations.report_id,
    observations.page_number,
    observations.quote,
    metric_comparisons.england_value,
    england.observation_id as england_observation_id,
    england.report_id as england_report_id,
    neighbour_median,
    neighbour_count,
from fct_authority_metrics as chosen
inner join fct_metric_observations as observations using (observation_id)
inner join dim_authority on chosen.authority_id = dim_authority.authority_id
left join metric_comparisons
    on
        chosen.authority_id = metric_comparisons.authority_id
        and chosen.metric_id = metric_comparisons.metric_id
        and chosen.year_id = metric_comparisons.year_id
left join fct_metric_observations as england on metric_comparisons.england_observation_id = england.observation_id
order by chosen.metric_id, authority_name, chosen.authority_id, chosen.year_id, observation_id
