-- One row per finding, in the order of the document.
select *
from fct_findings
order by report_id, page_number, paragraph_number nulls last, text, finding_id
