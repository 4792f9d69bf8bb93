/*
Question: which agencies came to fewer than two thirds of their safeguarding board's meetings?

How to read it: a row for each agency, from the tables of attendance in boards' annual reports. meetings are those that the agency
could have come to: where the table says that it was not a member, or not asked, the meeting is not counted.

Caveats: who came as a deputy came. Tables name people, posts or agencies as the board likes, so the same agency has many names over
boards. Fewer than three meetings say little and are left out. Absent is what the table says; it gives no reasons.
*/
with agencies as (

    select
        attendance.report_id,
        attendance.authority_id,
        attendance.meeting_group,
        attendance.agency_group,
        attendance.agency,
        min(attendance.meeting_date) as first_meeting,
        max(attendance.meeting_date) as last_meeting,
        count(attendance.attended) as meetings,
        count(*) filter (where attendance.attended) as meetings_attended,
        min(attendance.page_number) as page_number,
    from fct_board_attendance as attendance
    inner join dim_report as reports on attendance.report_id = reports.report_id and reports.is_primary
    group by
        attendance.report_id,
        attendance.authority_id,
        attendance.meeting_group,
        attendance.agency_group,
        attendance.agency

)

select
    authorities.authority_name,
    agencies.meeting_group,
    agencies.agency,
    agencies.meetings_attended,
    agencies.meetings,
    round(agencies.meetings_attended / agencies.meetings, 2) as share_attended,
    agencies.first_meeting,
    agencies.last_meeting,
    reports.file_name,
    agencies.page_number,
from agencies
inner join dim_authority as authorities using (authority_id)
inner join dim_report as reports using (report_id)
where agencies.meetings >= 3 and agencies.meetings_attended / agencies.meetings < 2 / 3
order by share_attended, authorities.authority_name, agencies.agency, agencies.meeting_group, agencies.first_meeting;
