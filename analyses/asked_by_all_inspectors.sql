/*
Question: what have all inspectors asked of each authority since 2020, by topic?

How to read it: a row for each authority and topic, the topics asked for most often first. asks counts what inspections and visits of
every kind asked for, urgent_asks those that are priority actions; kinds names the kinds of documents, newest_ask the last day of the
newest inspection or visit that asked.

Caveats: an ask can speak of several topics and counts for each, and one that speaks of none is not here; SEND has topics of its own, so
that the same words are counted under them in area SEND reports only.
*/
select
    dim_authority.authority_name,
    dim_topic.topic_name,
    count(*) as asks,
    count(*) filter (where fct_recommendations.recommendation_type = 'priority and immediate action') as urgent_asks,
    string_agg(distinct dim_framework.short_name, '; ' order by dim_framework.short_name) as kinds,
    max(fct_visits.end_date) as newest_ask,
from fct_visits
inner join dim_authority using (authority_id)
inner join dim_framework using (framework_id)
inner join fct_recommendations using (report_id)
inner join fct_recommendation_topics using (recommendation_id)
inner join dim_topic using (topic_id)
where fct_visits.start_date >= date '2020-01-01'
group by dim_authority.authority_name, dim_topic.topic_name
order by dim_authority.authority_name, asks desc, dim_topic.topic_name
