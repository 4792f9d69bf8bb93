with attendance as (

    select * from {{ ref('int_board_attendance') }}

),

-- Of several members of one agency one who came is enough.
one_each as (

    select *
    from attendance
    qualify
        row_number() over (
            partition by report_id, meeting_group, agency_group, agency, meeting_date, board_table_id, column_number
            order by attended desc nulls last, row_number
        ) = 1

),

final as (

    select
        attendance_id,
        report_id,
        authority_id,
        meeting_group,
        agency_group,
        agency,
        meeting_date,
        attended,
        attendance_as_printed,
        meaning,
        page_number,
        quote,
    from one_each

)

select * from final
