/*
Question: how many children per 10,000 does an authority look after, beside England and its statistical neighbours?

How to read it: a row for each authority and financial year with a stated rate. The change is since the authority's last earlier
year with a stated rate. is_disputed warns of a value that documents contradict.

Caveats: the values are those that documents state, for the years that they happen to speak of. England's and the neighbours' are there only
where a document at hand states them for the same year; neighbour_count says how many neighbours stand behind the median.
*/
select
    authority_name,
    year_id,
    value as rate_per_10k,
    round(value - lag(value) over in_order, 1) as change,
    lag(year_id) over in_order as change_since,
    england_value,
    neighbour_median,
    neighbour_count,
    is_disputed,
    observation_id,
from metric_comparisons
where metric_id = 'children_looked_after_rate'
window in_order as (partition by authority_id order by year_id)
order by authority_name, year_id;
