-- One row per inspection whose grades are compared, with why a grade is missing.
select * from fct_inspections
order by report_id
