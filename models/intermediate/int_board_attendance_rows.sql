-- The rows of attendance tables that are an agency, with what they state of its meetings; rows of totals stay apart.

with tables as (

    select * from {{ ref('int_board_tables') }}

),

meetings as (

    select * from {{ ref('int_board_meetings') }}

),

cells as (

    select * from {{ ref('int_board_cells') }}

),

marks as (

    select * from {{ ref('int_board_marks') }}

),

wordings as (

    select * from {{ ref('int_board_wordings') }}

),

table_views as (

    select
        board_table_id,
        is_turned,
        any_value(first_row) as first_row,
        any_value(first_meeting_column) as first_meeting_column,
        bool_or(column_role in ('held', 'attended', 'percent')) as has_totals,
        string_agg(head, ' ' order by column_number) as heads,
    from meetings
    group by board_table_id, is_turned

),

-- Attendance of the board or of a group of it, by the words around the table or its own.
attendance_views as (

    select
        table_views.*,
        -- A group is named where the table is: in its heading or the line above it.
        nullif(trim(list_extract(list_filter(
            list_reverse(string_split(tables.headings || chr(10) || tables.caption, chr(10))),
            lambda line: length(line) <= 120 and regexp_matches(lower(line), any_value(wordings.sub_group))
        ), 1)), '') as meeting_group,
    from table_views
    inner join tables using (board_table_id)
    cross join wordings
    inner join cells using (board_table_id, is_turned)
    group by all
    having
        regexp_matches(lower(tables.near_text || chr(10) || tables.headings), any_value(wordings.attendance))
        and not regexp_matches(lower(tables.caption), any_value(wordings.not_attendance))

),

final as (

    select * from attendance_views

)

select * from final
