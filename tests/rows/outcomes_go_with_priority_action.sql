-- Outcomes that bring areas for priority action without them, and others with them.
{{ config(severity='warn') }}

select
    reports.file_name,
    discrepancies.what,
    discrepancies.report_id,
from {{ ref('fct_discrepancies') }} as discrepancies
inner join {{ ref('dim_report') }} as reports using (report_id)
where discrepancies.kind = 'outcome_and_priority_action'
