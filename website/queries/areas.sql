-- One row per area by which grades are compared, in their order.
select distinct
    comparable_area,
    comparable_area_name,
    comparable_area_order,
from dim_judgement_area
where comparable_area is not null
order by comparable_area_order
