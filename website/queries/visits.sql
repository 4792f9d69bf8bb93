-- One row per inspection or visit of any kind, an authority's newest first, with the document of the graded one that stood then.
select
    fct_visits.*,
    documents.document_date,
    standing.document_date as standing_date,
from fct_visits
inner join documents using (report_id)
left join documents as standing on fct_visits.standing_report_id = standing.report_id
order by fct_visits.authority_id, fct_visits.visit_number desc
