-- What attendance tables state in all, of an agency or of a meeting, beside what their cells come to.

with tables as (

    select * from {{ ref('int_board_tables') }}

),

wordings as (

    select * from {{ ref('int_board_wordings') }}

),

agency_rows as (

    select * from {{ ref('int_board_attendance_rows') }}

),

attendance as (

    select * from {{ ref('int_board_attendance') }}

),

meetings as (

    select * from {{ ref('int_board_meetings') }}
    where column_role = 'meeting'

),

cells as (

    select * from {{ ref('int_board_cells') }}

),

of_agencies as (

    select
        board_table_id,
        'agency' as total_of,
        agency,
        null::date as meeting_date,
        meeting_group,
        stated_held,
        stated_attended,
        stated_percent,
        row_number,
        null::integer as column_number,
        agency as words,
    from agency_rows
    where row_kind = 'agency' and coalesce(stated_held, stated_attended, stated_percent) is not null

),

-- The rows of totals, a figure under each meeting.
of_meetings as (

    select
        agency_rows.board_table_id,
        'meeting' as total_of,
        null as agency,
        meetings.meeting_date,
        agency_rows.meeting_group,
        try_cast(nullif(regexp_extract(cells.cell_text, '^\d+ ?(?:of|/|out of) ?(\d+)$', 1), '') as integer) as stated_held,
        try_cast(nullif(regexp_extract(cells.cell_text, '^(\d+)(?: ?(?:of|/|out of) ?\d+)?$', 1), '') as integer) as stated_attended,
        try_cast(nullif(regexp_extract(cells.cell_text, '^(\d+(?:\.\d+)?) ?%$', 1), '') as double) as stated_percent,
        null::integer as row_number,
        meetings.column_number,
        agency_rows.agency as words,
    from agency_rows
    inner join meetings using (board_table_id)
    inner join cells
        on
            agency_rows.board_table_id = cells.board_table_id
            and meetings.is_turned = cells.is_turned
            and agency_rows.row_number = cells.row_number
            and meetings.column_number = cells.column_number
    where
        agency_rows.row_kind = 'total'
        -- "Number of apologies" counts who stayed away.
        and not regexp_matches(lower(agency_rows.agency), 'apolog|absen')

),

-- Tables that give each agency a share and no meetings.
share_tables as (

    select
        tables.board_table_id,
        cells.column_number,
    from tables
    inner join cells using (board_table_id)
    cross join wordings
    where
        not cells.is_turned
        and tables.board_table_id not in (select board_table_id from meetings)
        and regexp_matches(lower(tables.near_text), 'attendance')
        and regexp_matches(lower(tables.near_text), 'board|meeting|member|agenc|partner')
        and not regexp_matches(lower(tables.near_text), wordings.not_attendance)
    group by tables.board_table_id, cells.column_number
    having
        count(*) filter (regexp_matches(cells.cell_text, '^\d{1,3}(\.\d+)? ?%$')) >= 3
        and count(*) filter (regexp_matches(cells.cell_text, '^\d{1,3}(\.\d+)? ?%$'))
        >= 0.6 * count(*) filter (cells.cell_text != '')
    qualify count(*) over (partition by tables.board_table_id) = 1

),

of_shares as (

    select
        share_tables.board_table_id,
        'agency' as total_of,
        labels.cell_text as agency,
        try_cast(regexp_extract(cells.cell_text, '^\d+(\.\d+)?') as double) as stated_percent,
        cells.row_number,
        labels.cell_text as words,
    from share_tables
    inner join cells using (board_table_id, column_number)
    inner join cells as labels using (board_table_id, is_turned, row_number)
    cross join wordings
    where
        not cells.is_turned
        and labels.column_number = 1
        and regexp_matches(cells.cell_text, '^\d{1,3}(\.\d+)? ?%$')
        and regexp_matches(labels.cell_text, '[[:alpha:]]{2}')
        and not regexp_matches(lower(labels.cell_text), wordings.total_row)

),

stated as (

    select * from of_agencies
    union all by name
    select * from of_meetings
    where coalesce(stated_attended, stated_percent) is not null
    union all by name
    select * from of_shares

),

counted as (

    select
        stated.board_table_id,
        stated.total_of,
        stated.row_number,
        stated.column_number,
        stated.words,
        count(*) filter (attendance.attended is not null) as counted_held,
        count(*) filter (attendance.attended) as counted_attended,
        count(*) filter (attendance.meaning = 'deputy') as counted_deputies,
        count(*) filter (attendance.meaning = 'not_stated') as counted_not_stated,
        case when count(distinct attendance.quote) = 1 then any_value(attendance.quote) end as row_quote,
    from stated
    inner join attendance
        on
            stated.board_table_id = attendance.board_table_id
            and (stated.row_number = attendance.row_number or stated.column_number = attendance.column_number)
    group by stated.board_table_id, stated.total_of, stated.row_number, stated.column_number, stated.words

),

final as (

    select
        md5(concat_ws(
            '|', stated.board_table_id, stated.total_of, stated.row_number, stated.column_number, stated.words
        ))[:16] as attendance_total_id,
        stated.board_table_id,
        tables.report_id,
        tables.authority_id,
        tables.page_number,
        stated.meeting_group,
        stated.total_of,
        stated.agency,
        stated.meeting_date,
        stated.stated_held,
        stated.stated_attended,
        stated.stated_percent,
        counted.counted_held,
        counted.counted_attended,
        counted.counted_deputies,
        counted.counted_not_stated,
        coalesce(counted.row_quote, {{ first_on_page('[stated.words]', 'tables.page_text') }}, stated.words) as quote,
    from stated
    inner join tables using (board_table_id)
    left join counted
        on
            stated.board_table_id = counted.board_table_id
            and stated.total_of = counted.total_of
            and stated.words = counted.words
            and stated.row_number is not distinct from counted.row_number
            and stated.column_number is not distinct from counted.column_number

)

select * from final
