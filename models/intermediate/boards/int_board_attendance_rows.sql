-- The rows of attendance tables: agencies, with what the table states of their meetings in all, and rows of totals.

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
        first_row,
        max(first_meeting_column) as first_meeting_column,
        lower(string_agg(head, chr(10) order by column_number)) as heads,
    from meetings
    group by board_table_id, is_turned, first_row

),

-- Dates and signs alone could be a calendar of work or of courses: the words in or over the table must speak of attendance.
attendance_views as (

    select
        table_views.*,
        list_extract(list_filter(
            list_reverse(string_split(tables.headings || chr(10) || tables.caption, chr(10))),
            lambda line: length(line) <= 120 and regexp_matches(lower(line), wordings.sub_group)
        ), 1) as group_line,
    from table_views
    inner join tables using (board_table_id)
    cross join wordings
    where
        regexp_matches(
            concat_ws(chr(10), table_views.heads, lower(tables.near_text), lower(tables.headings), lower(tables.text_after)),
            wordings.attendance
        )
        and not regexp_matches(table_views.heads, wordings.not_attendance)
        and not (
            regexp_matches(lower(tables.caption || chr(10) || tables.headings), wordings.not_attendance)
            and not regexp_matches(lower(tables.caption || chr(10) || tables.headings), 'board|meeting|group|committee|executive')
        )

),

row_cells as (

    select
        cells.board_table_id,
        cells.is_turned,
        cells.row_number,
        cells.column_number,
        cells.printed_row,
        cells.cell_text,
        meetings.column_role,
        meetings.head,
        attendance_views.group_line,
        cells.column_number < attendance_views.first_meeting_column as is_label,
        meetings.column_role = 'meeting' and (marks.is_sign or marks.is_phrase) as is_mark,
        cells.cell_text != '' and meetings.column_role in ('held', 'attended', 'percent') as is_stated_total,
    from cells
    inner join attendance_views using (board_table_id, is_turned)
    inner join meetings using (board_table_id, is_turned, column_number)
    left join marks using (board_table_id, is_turned, row_number, column_number)
    where cells.row_number >= attendance_views.first_row

),

-- Of several columns before the first meeting the one that names agencies: by its head, else the most various.
label_columns as (

    select
        row_cells.board_table_id,
        row_cells.column_number,
        row_number() over (
            partition by row_cells.board_table_id
            order by
                case
                    when regexp_matches(lower(any_value(row_cells.head)), any_value(wordings.agency_header)) then 1
                    when regexp_matches(lower(any_value(row_cells.head)), any_value(wordings.member_header)) then 2
                    else 3
                end,
                count(distinct nullif(row_cells.cell_text, '')) desc,
                row_cells.column_number
        ) as label_rank,
        regexp_matches(lower(any_value(row_cells.head)), any_value(wordings.person_header)) as names_persons,
    from row_cells
    cross join wordings
    where row_cells.is_label and regexp_matches(row_cells.cell_text, '[[:alpha:]]{2}')
    group by row_cells.board_table_id, row_cells.column_number

),

labelled as (

    select
        row_cells.board_table_id,
        row_cells.is_turned,
        row_cells.row_number,
        any_value(row_cells.group_line) as group_line,
        max(row_cells.cell_text) filter (label_columns.label_rank = 1) as label,
        max(row_cells.cell_text) filter (label_columns.label_rank = 2 and not label_columns.names_persons) as second_label,
        count(*) filter (row_cells.is_mark) as mark_count,
        count(*) filter (row_cells.cell_text != '') as filled_count,
        count(*) filter (row_cells.is_stated_total) as stated_total_count,
        max(row_cells.cell_text) filter (row_cells.column_role = 'held') as held_text,
        -- Of a count and a share under like heads the count comes first.
        min_by(row_cells.cell_text, row_cells.column_number)
            filter (row_cells.column_role = 'attended' and regexp_matches(row_cells.cell_text, '^\d[^%]*$')) as attended_text,
        max(row_cells.cell_text) filter (
            row_cells.column_role = 'percent'
            or (row_cells.column_role = 'attended' and regexp_matches(row_cells.cell_text, '^\d+(\.\d+)? ?%$'))
        ) as percent_text,
    from row_cells
    left join label_columns using (board_table_id, column_number)
    group by row_cells.board_table_id, row_cells.is_turned, row_cells.row_number

),

filled as (

    select
        * replace (
            -- A cell that spans rows is landed in the first of them.
            case
                when label = '' and mark_count > 0
                    then last_value(nullif(label, '') ignore nulls) over down_to_here
                else label
            end as label
        ),
        label != '' and filled_count = 1 and not is_turned as is_group_heading,
    from labelled
    window down_to_here as (partition by board_table_id order by row_number)

),

-- A list with a line for each agency and meeting has, turned, one row of signs; its agencies stand in a row over it.
lists as (

    select
        filled.board_table_id,
        min(cells.row_number) as agency_row,
    from filled
    inner join cells using (board_table_id, is_turned)
    cross join wordings
    where
        filled.is_turned
        and filled.mark_count > 0
        and cells.row_number < filled.row_number
        and cells.column_number = 1
        and regexp_matches(lower(cells.cell_text), wordings.agency_header || '|' || wordings.member_header)
    group by filled.board_table_id
    having count(distinct filled.row_number) = 1

),

kinds as (

    select
        filled.*,
        lists.agency_row,
        case
            when lists.agency_row is not null and filled.mark_count > 0 then 'agency'
            when filled.is_group_heading and filled.mark_count = 0 then 'group'
            when regexp_matches(lower(filled.label), wordings.total_row) then 'total'
            when regexp_matches(lower(filled.label), wordings.no_agency) then 'other'
            when not regexp_matches(filled.label, '[[:alpha:]]') then 'other'
            when filled.mark_count > 0 or filled.stated_total_count > 0 then 'agency'
            else 'other'
        end as row_kind,
        count(*) over (partition by filled.board_table_id, filled.label) as same_label_count,
    from filled
    cross join wordings
    left join lists using (board_table_id)
    where filled.label is not null

),

final as (

    select
        board_table_id,
        is_turned,
        row_number,
        row_kind,
        agency_row,
        case
            when same_label_count > 1 and second_label != '' then label || ' - ' || second_label
            else label
        end as agency,
        last_value(case when row_kind = 'group' then label end ignore nulls) over (
            partition by board_table_id order by row_number
        ) as agency_group,
        -- "Appendix 3: Learning Group attendance" is the Learning Group.
        nullif(trim(regexp_replace(
            group_line,
            '(?i)(^(appendix|annex|table|figure)\s*\w{0,3}\s*[-–—:.]?\s*|^.*\battendance (at|of|for|by)( meetings of)?( the)?\b|[-–—:,]?\s*\b(member )?attendance\b.*$)', '', 'g'
        )), '') as meeting_group,
        coalesce(
            try_cast(nullif(regexp_extract(attended_text, '^\d+ ?(?:of|/|out of) ?(\d+)', 1), '') as integer),
            try_cast(nullif(regexp_extract(held_text, '^\d+$'), '') as integer)
        ) as stated_held,
        try_cast(nullif(regexp_extract(attended_text, '^\d+'), '') as integer) as stated_attended,
        try_cast(nullif(regexp_extract(percent_text, '^(\d+(?:\.\d+)?) ?%?$', 1), '') as double)
        -- A spreadsheet's 0.83 is 83 per cent.
        * case when regexp_matches(percent_text, '^(0\.\d+|1\.0+)$') then 100 else 1 end as stated_percent,
    from kinds

)

select * from final
