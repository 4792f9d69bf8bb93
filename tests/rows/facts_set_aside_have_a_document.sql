-- A rule that refuses a row of no document: no document can be at fault for it.

select *
from {{ ref('facts_set_aside') }}
where report_id is null
