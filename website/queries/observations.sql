-- One row per stated value, in the order of the document.
select
    observations.*,
    metric_name,
    unit,
    authority_name,
from fct_metric_observations as observations
left join metrics using (metric_id)
left join dim_authority using (authority_id)
order by report_id, page_number, metric_name, period_end desc nulls last, value, observation_id
