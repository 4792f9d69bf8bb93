-- One row per metric and year: how the authorities' values lie.
select
    metric_id,
    year_id,
    count(*) filter (where authority_id != 'E92000001') as authority_count,
    quantile_cont(value, 0.25) filter (where authority_id != 'E92000001') as lower_quartile,
    median(value) filter (where authority_id != 'E92000001') as median_value,
    quantile_cont(value, 0.75) filter (where authority_id != 'E92000001') as upper_quartile,
    any_value(value order by observation_id) filter (where authority_id = 'E92000001') as england_value,
    any_value(observation_id order by observation_id) filter (where authority_id = 'E92000001') as england_observation_id,
from fct_authority_metrics
where authority_id != 'unknown'
group by metric_id, year_id
order by metric_id, year_id
