-- One row per authority that is current or that a document is about, with its newest grades and the inspection before; England
-- and the unknown are none.
select
    dim_authority.*,
    latest_outcomes.* exclude (authority_id),
    fct_inspections.previous_overall_grade,
    fct_inspections.overall_change,
    previous.inspection_end_date as previous_date,
    (select count(*) from dim_report where dim_report.authority_id = dim_authority.authority_id) as document_count,
from dim_authority
left join latest_outcomes using (authority_id)
left join fct_inspections on latest_outcomes.report_id = fct_inspections.report_id
left join fct_inspections as previous on fct_inspections.previous_report_id = previous.report_id
where
    dim_authority.authority_id not in ('E92000001', 'unknown')
    and (is_current or exists (select 1 from dim_report where dim_report.authority_id = dim_authority.authority_id))
order by authority_name, dim_authority.authority_id
