/*
Question: what were authorities asked to improve in one inspection and asked again in the next?

How to read it: a row for each authority, topic and pair of successive inspections that both recommend something on the topic, with one
recommendation of each.

Caveats: the same topic is not the same request: read both texts. The recommendations shown are the first of each report on the topic. Letters
between two inspections are not looked at.
*/
with asked as (

    select
        recommendations.report_id,
        said.topic_id,
        first(
            recommendations.text order by recommendations.page_number, recommendations.paragraph_number, recommendations.text
        ) as text,
    from fct_recommendations as recommendations
    inner join fct_recommendation_topics as said using (recommendation_id)
    where recommendations.addressed_to = 'authority'
    group by recommendations.report_id, said.topic_id

)

select
    authorities.authority_name,
    topics.topic_name,
    earlier.inspection_end_date as asked_on,
    inspections.inspection_end_date as asked_again_on,
    before.text as asked,
    after.text as asked_again,
from fct_inspections as inspections
inner join fct_inspections as earlier on inspections.previous_report_id = earlier.report_id
inner join asked as after on inspections.report_id = after.report_id
inner join asked as before on earlier.report_id = before.report_id and before.topic_id = after.topic_id
inner join dim_topic as topics on after.topic_id = topics.topic_id
inner join dim_authority as authorities on inspections.authority_id = authorities.authority_id
order by authorities.authority_name, asked_again_on, topics.topic_name;
