-- One row per metric that a document states.
select
    metric_id,
    metric_name,
    unit,
    unit_name,
    topic,
    definition,
    count(*) as observation_count,
    count(distinct report_id) as document_count,
    count(distinct authority_id) filter (where authority_id not in ('E92000001', 'unknown')) as authority_count,
    min(year_id) as first_year,
    max(year_id) as last_year,
from metrics
inner join fct_metric_observations using (metric_id)
group by all
order by topic, metric_name, metric_id
