-- One row per form of an authority's name by which it is looked for.
select
    authority_id,
    name_as_compared,
from dim_authority_name
order by name_as_compared, authority_id
