-- One row per topic, with what is said of it.
select
    dim_topic.*,
    (select count(*) from fct_recommendation_topics as said where said.topic_id = dim_topic.topic_id) as recommendation_count,
    (select count(*) from fct_finding_topics as said where said.topic_id = dim_topic.topic_id) as finding_count,
from dim_topic
order by topic_name, topic_id
