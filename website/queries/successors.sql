-- One row per authority that followed an abolished one.
select
    dim_authority_successor.*,
    authority_name as successor_name,
from dim_authority_successor
inner join dim_authority on successor_id = dim_authority.authority_id
order by dim_authority_successor.authority_id, successor_id
