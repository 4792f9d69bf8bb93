/*
Question: which authorities' figures contradict each other, and by how much?

How to read it: a row for each disagreement about a metric that rounding does not explain. size is how far apart the figures are.
Both places are named: `python -m loaders evidence DISCREPANCY_ID` draws the two pages, to judge which one is right.

Caveats: where the second document is empty, both figures stand in the same one. A disagreement is a finding for a person: the
document may be wrong, may mean another group of children, or may have been misread. Until it is settled, fct_authority_metrics says
is_disputed beside the value that it chose.
*/
select
    authorities.authority_name,
    metrics.metric_name,
    discrepancies.kind,
    discrepancies.what,
    round(discrepancies.size, 2) as size,
    reports.file_name,
    discrepancies.page_number,
    other_reports.file_name as other_file_name,
    discrepancies.other_page_number,
    discrepancies.discrepancy_id,
from fct_discrepancies as discrepancies
inner join dim_metric as metrics using (metric_id)
inner join dim_authority as authorities using (authority_id)
inner join dim_report as reports on discrepancies.report_id = reports.report_id and reports.is_primary
left join dim_report as other_reports
    on discrepancies.other_report_id = other_reports.report_id and discrepancies.other_report_id != discrepancies.report_id
where not coalesce(discrepancies.is_explained_by_rounding, false)
order by
    authorities.authority_name,
    metrics.metric_name,
    discrepancies.size desc nulls last,
    discrepancies.kind,
    discrepancies.what,
    discrepancies.discrepancy_id;
