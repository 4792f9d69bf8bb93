/*
Question: how often is an authority asked to improve the same thing again at its next inspection?

How to read it: a row for each topic. asked counts the inspections that recommended something on the topic and were followed by
another inspection; asked_again those of them whose follower recommended something on it, too; where_and_when says at which authorities, and in which year.

Caveats: the same topic is not the same request: read both texts in fct_recommendations. ilacs asks for less than sif did, so
less is asked again. Letters between two inspections are not looked at.
*/
with asked as (

    select distinct
        recommendations.report_id,
        said.topic_id,
    from fct_recommendations as recommendations
    inner join fct_recommendation_topics as said using (recommendation_id)
    where recommendations.addressed_to = 'authority'

),

pairs as (

    select
        inspections.inspection_end_date,
        authorities.authority_name,
        earlier.topic_id,
        later.report_id is not null as is_asked_again,
    from fct_inspections as inspections
    inner join dim_authority as authorities using (authority_id)
    inner join asked as earlier on inspections.previous_report_id = earlier.report_id
    left join asked as later on inspections.report_id = later.report_id and earlier.topic_id = later.topic_id

)

select
    topics.topic_name,
    count(*) as asked,
    count(*) filter (where pairs.is_asked_again) as asked_again,
    round(count(*) filter (where pairs.is_asked_again) / count(*), 2) as share_asked_again,
    string_agg(
        pairs.authority_name || ' ' || year(pairs.inspection_end_date),
        ', ' order by pairs.authority_name, pairs.inspection_end_date
    ) filter (where pairs.is_asked_again) as where_and_when,
from pairs
inner join dim_topic as topics using (topic_id)
group by topics.topic_name
order by asked_again desc, asked desc, topics.topic_name;
