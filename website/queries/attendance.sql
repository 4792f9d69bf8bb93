-- One row per agency and meeting of a board.
select *
from fct_board_attendance
order by report_id, page_number, agency, meeting_date nulls last, attendance_id
