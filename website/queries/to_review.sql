select * from documents_to_review
order by report_id, doubt
