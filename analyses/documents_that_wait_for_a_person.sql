/*
Question: which documents wait for a person to look at them, and why?

How to read it: a row for each file and reason: files that could not be read at all (fetch them again), documents that could not be
placed (add the wording to a seed), and grades that their framework requires and that were not found (look at the page).

Caveats: an empty answer means that nothing is known to be wrong. Contradictions within documents are not listed: they are the
documents' own (fct_discrepancies).
*/
select
    file_name,
    'could not be read' as waits_for,
    reason,
from rejected_documents

union all

select
    file_name,
    'could not be placed' as waits_for,
    doubt as reason,
from documents_to_review

union all

select
    reports.file_name,
    'has no grade where one is required' as waits_for,
    discrepancies.what as reason,
from fct_discrepancies as discrepancies
inner join dim_report as reports using (report_id)
where discrepancies.kind = 'missing_judgement'

order by waits_for, file_name, reason;
