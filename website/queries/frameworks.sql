-- One row per kind of document, those with letters of their own first, the oldest before the newer.
select
    framework_id,
    short_name,
    abbreviation,
from dim_framework
order by abbreviation is null, in_use_from, framework_id
