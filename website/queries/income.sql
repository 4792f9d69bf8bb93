-- One row per contribution to a board.
select *
from fct_board_income
order by report_id, page_number, contributor, amount, income_id
