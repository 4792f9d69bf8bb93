-- One row per topic of a recommendation or finding.
select
    recommendation_id as fact_id,
    topic_id,
from fct_recommendation_topics
union
select
    finding_id as fact_id,
    topic_id,
from fct_finding_topics
order by fact_id, topic_id
