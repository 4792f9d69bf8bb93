-- One row per document, the newest first.
select
    documents.*,
    overall_grade,
    dim_authority.authority_type,
    (select count(*) from fct_metric_observations as facts where facts.report_id = documents.report_id) as observation_count,
    (select count(*) from fct_recommendations as facts where facts.report_id = documents.report_id) as recommendation_count,
    (select count(*) from fct_findings as facts where facts.report_id = documents.report_id) as finding_count,
from documents
left join overall_grades using (report_id)
left join dim_authority using (authority_id)
order by document_date desc nulls last, documents.authority_name, report_id
