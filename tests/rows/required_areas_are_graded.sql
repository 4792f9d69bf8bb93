-- Areas that a framework must grade and in which no grade was found.
{{ config(severity='warn') }}

select
    reports.file_name,
    discrepancies.what,
    discrepancies.report_id,
from {{ ref('fct_discrepancies') }} as discrepancies
inner join {{ ref('dim_report') }} as reports using (report_id)
where discrepancies.kind = 'missing_judgement'
