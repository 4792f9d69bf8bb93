-- One row per authority that is current or that a document is about; England and the unknown are none.
select
    dim_authority.*,
    latest_outcomes.* exclude (authority_id),
    (select count(*) from dim_report where dim_report.authority_id = dim_authority.authority_id) as document_count,
from dim_authority
left join latest_outcomes using (authority_id)
where
    dim_authority.authority_id not in ('E92000001', 'unknown')
    and (is_current or exists (select 1 from dim_report where dim_report.authority_id = dim_authority.authority_id))
order by authority_name, authority_id
