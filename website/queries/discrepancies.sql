-- One row per disagreement, by kind, the largest first.
select
    fct_discrepancies.*,
    coalesce(authority_name, 'Unknown authority') as authority_name,
from fct_discrepancies
left join dim_authority using (authority_id)
order by kind, is_explained_by_rounding nulls first, authority_name, what, discrepancy_id
