-- One row per recommendation, in the order of the document.
select *
from fct_recommendations
order by report_id, page_number, paragraph_number nulls last, code nulls last, text, recommendation_id
