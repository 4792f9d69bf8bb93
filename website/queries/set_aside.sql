select
    report_id,
    file_name,
    page_number,
    relation,
    reason,
    words,
from facts_set_aside
where report_id is not null
order by file_name, page_number, relation, rule, words
