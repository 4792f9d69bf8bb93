-- One row per grade in a document, in the order of its framework's areas.
select *
from grades
order by
    document_date desc nulls last,
    report_id,
    comparable_area is distinct from 'overall',
    page_number,
    judgement_area_name,
    judgement_id
