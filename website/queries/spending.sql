-- One row per line of a board's spending.
select *
from fct_board_spending
order by report_id, page_number, item, amount, spending_id
