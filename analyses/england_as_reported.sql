/*
Question: how do England's figures move over the years, as reports print them for comparison?

How to read it: a row for each metric and financial year. value is what most documents print, documents how many print any value
of that year; lowest and highest show where they differ.

Caveats: these are the national figures that inspectors and boards had to hand when they wrote, not the statistics themselves: a year's
figure may be that of the year before, or provisional. Use the department's own tables for a national time series, and this one to see
what an authority was compared with.
*/
select
    metrics.metric_name,
    metrics.unit,
    observations.year_id,
    mode(observations.value order by observations.value) as value,
    count(distinct observations.report_id) as documents,
    min(observations.value) as lowest,
    max(observations.value) as highest,
from fct_metric_observations as observations
inner join dim_metric as metrics using (metric_id)
inner join dim_report as reports on observations.report_id = reports.report_id and reports.is_primary
where observations.authority_id = 'E92000001' and observations.year_id is not null
group by metrics.metric_name, metrics.unit, observations.year_id
order by metrics.metric_name, observations.year_id;
