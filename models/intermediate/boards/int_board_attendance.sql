-- What a table of attendance says of an agency and a meeting: the sign as printed, and what it means in that table.

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

agency_rows as (

    select * from {{ ref('int_board_attendance_rows') }}
    where row_kind = 'agency'

),

meanings as (

    select * from {{ ref('board_attendance_meanings') }}

),

-- Every cell where an agency meets a meeting; the sign of an empty cell is an empty text.
crossings as (

    select
        agency_rows.board_table_id,
        agency_rows.row_number,
        coalesce(agency_cells.cell_text, agency_rows.agency) as agency,
        agency_rows.stated_held,
        agency_rows.stated_attended,
        agency_rows.stated_percent,
        meetings.column_number,
        meetings.meeting_date,
        meetings.is_turned,
        cells.printed_row,
        cells.cell_text,
        coalesce(marks.mark, '') as mark,
        case when marks.is_sign then marks.usual_meaning end as usual_meaning,
        coalesce(marks.is_settled, false) as is_settled,
        coalesce(marks.is_sign or marks.is_phrase, false) as is_mark,
    from agency_rows
    inner join meetings
        on agency_rows.board_table_id = meetings.board_table_id and meetings.column_role = 'meeting'
    inner join cells
        on
            meetings.board_table_id = cells.board_table_id
            and meetings.is_turned = cells.is_turned
            and meetings.column_number = cells.column_number
            and agency_rows.row_number = cells.row_number
    left join cells as agency_cells
        on
            cells.board_table_id = agency_cells.board_table_id
            and cells.is_turned = agency_cells.is_turned
            and cells.column_number = agency_cells.column_number
            and agency_rows.agency_row = agency_cells.row_number
    left join marks
        on
            cells.board_table_id = marks.board_table_id
            and cells.is_turned = marks.is_turned
            and cells.row_number = marks.row_number
            and cells.column_number = marks.column_number

),

-- Rows and columns that hold something else than signs are no attendance.
attendance_tables as (

    select board_table_id
    from crossings
    group by board_table_id
    having count(*) filter (is_mark or regexp_matches(mark, '^[2-9]$')) >= 0.7 * count(*) filter (mark != '')

),

legends as (

    select
        tables.board_table_id,
        lower(tables.near_text || chr(10) || tables.text_after || chr(10) || coalesce(other_words.words, '')) as legend_text,
    from tables
    left join (
        select
            board_table_id,
            string_agg(cell_text, chr(10) order by printed_row, printed_column) as words,
        from cells
        where not is_turned and length(cell_text) > 8
        group by board_table_id
    ) as other_words using (board_table_id)

),

table_marks as (

    select
        crossings.board_table_id,
        crossings.mark,
        any_value(crossings.usual_meaning) as usual_meaning,
        bool_or(crossings.is_settled) as is_settled,
        case when crossings.mark = '' then 'blank' else regexp_escape(crossings.mark) end as sign,
    from crossings
    inner join attendance_tables using (board_table_id)
    where crossings.is_mark or crossings.mark = ''
    group by crossings.board_table_id, crossings.mark

),

-- "D = deputy sent", "(✓) present", "who was there (✓)": what a key near the table says of a sign.
key_texts as (

    select
        board_table_id,
        mark,
        unnest([
            regexp_extract(
                legend_text,
                '(?:^|[\s(;,.:/])[‘’“”''"]?' || sign || '[‘’“”''"]?\s*(?:=|:|–|-|is\b|means|denotes|indicates|signifies|shows|for\b)\s*([^;,.|/)=\n]{2,60})', 1
            ),
            regexp_extract(legend_text, '([a-z’ ]{3,60}?)\s*[(‘“]' || sign || '[)’”]', 1),
            case
                when not regexp_matches(mark, '[a-z0-9]')
                    then regexp_extract(legend_text, '(?:^|\n)' || sign || '\s+([^;,.\n]{2,60})', 1)
            end
        ]) as key_text,
        unnest([1, 2, 3]) as form,
    from table_marks
    inner join legends using (board_table_id)
    where length(mark) <= 4

),

keyed as (

    select
        key_texts.board_table_id,
        key_texts.mark,
        min_by(meanings.meaning, (key_texts.form, meanings.priority)) as meaning,
    from key_texts
    inner join meanings on regexp_matches(key_texts.key_text, meanings.pattern)
    where key_texts.key_text != ''
    group by key_texts.board_table_id, key_texts.mark

),

-- What a sign of a few words says.
phrased as (

    select
        table_marks.board_table_id,
        table_marks.mark,
        min_by(meanings.meaning, meanings.priority) as meaning,
    from table_marks
    inner join meanings on regexp_matches(table_marks.mark, meanings.pattern)
    where table_marks.usual_meaning is null and length(table_marks.mark) > 3
    group by table_marks.board_table_id, table_marks.mark

),

known as (

    select
        crossings.*,
        coalesce(
            keyed.meaning, case when crossings.is_settled then crossings.usual_meaning end, phrased.meaning,
            case when regexp_matches(crossings.mark, '^[2-9]$') then 'present' end
        ) as known_meaning,
    from crossings
    inner join attendance_tables using (board_table_id)
    left join keyed using (board_table_id, mark)
    left join phrased using (board_table_id, mark)

),

-- Where a row has totals and one sign in doubt, the totals settle what the sign means.
doubtful_rows as (

    select
        board_table_id,
        row_number,
        any_value(mark) filter (known_meaning is null) as mark,
        count(*) filter (known_meaning in ('present', 'deputy')) as came,
        count(*) filter (known_meaning = 'absent') as stayed_away,
        count(*) filter (known_meaning is null) as in_doubt,
        any_value(stated_held) as held,
        coalesce(
            any_value(stated_attended),
            round(any_value(stated_percent) / 100 * any_value(stated_held))
        ) as attended_in_all,
        any_value(stated_percent) as share,
    from known
    group by board_table_id, row_number
    having count(distinct mark) filter (known_meaning is null) = 1

),

settled_by_totals as (

    select
        board_table_id,
        mark,
        mode(meaning order by meaning) as meaning,
    from (
        select
            *,
            case
                when attended_in_all = came + in_doubt then 'present'
                when attended_in_all = came and held = came + stayed_away + in_doubt then 'absent'
                when attended_in_all = came and held = came + stayed_away then 'not_applicable'
                -- A share says as much, where somebody came.
                when came = 0 or abs(share - 100) < 0.5 and stayed_away > 0 then null
                when attended_in_all = came and abs(share - 100 * came / (came + stayed_away + in_doubt)) < 1 then 'absent'
                when attended_in_all = came and abs(share - 100 * came / (came + stayed_away)) < 1 then 'not_applicable'
                -- Without the number of meetings a gap may also be one that the agency could not come to.
                when attended_in_all = came and held is null and regexp_matches(mark, '[^-–—]') then 'absent'
            end as meaning,
        from doubtful_rows
    )
    where meaning is not null
    group by board_table_id, mark

),

-- Without a key or totals: a table has some sign for those who came, and one for those who did not.
table_signs as (

    select
        known.board_table_id,
        bool_or(coalesce(settled_by_totals.meaning, known.known_meaning) in ('present', 'deputy')) as has_presence,
        bool_or(
            coalesce(settled_by_totals.meaning, known.known_meaning) = 'absent'
            or (known.known_meaning is null and known.usual_meaning = 'absent' and settled_by_totals.meaning is null)
        ) as has_absence,
        bool_or(regexp_matches(known.mark, '^[-–—]$')) as has_dash,
    from known
    left join settled_by_totals using (board_table_id, mark)
    group by known.board_table_id

),

read as (

    select
        known.*,
        coalesce(
            known.known_meaning,
            settled_by_totals.meaning,
            case
                -- Nothing but crosses, or nothing but filled dots: they are those who came.
                when known.usual_meaning = 'absent' and not table_signs.has_presence then 'present'
                when known.usual_meaning in ('present', 'absent', 'deputy') then known.usual_meaning
                when known.usual_meaning = 'not_applicable' then 'not_applicable'
                when regexp_matches(known.mark, '^[-–—]$') and not table_signs.has_absence then 'absent'
                when
                    known.mark = '' and not table_signs.has_dash
                    and (not table_signs.has_absence or not table_signs.has_presence)
                    then 'absent'
            end,
            'not_stated'
        ) as meaning,
    from known
    inner join table_signs using (board_table_id)
    left join settled_by_totals using (board_table_id, mark)

),

quotes as materialized (

    {{ quotes_of_rows('read', 'agency') }}

),

final as (

    select
        md5(concat_ws('|', read.board_table_id, read.row_number, read.column_number))[:16] as attendance_id,
        read.board_table_id,
        tables.report_id,
        tables.authority_id,
        quotes.page_number,
        agency_rows.meeting_group,
        agency_rows.agency_group,
        read.agency,
        read.row_number,
        read.column_number,
        read.meeting_date,
        read.cell_text as attendance_as_printed,
        read.meaning,
        case
            when read.meaning in ('present', 'deputy') then true
            when read.meaning = 'absent' then false
        end as attended,
        quotes.quote,
    from read
    inner join tables using (board_table_id)
    inner join quotes using (board_table_id, printed_row, agency)
    inner join agency_rows using (board_table_id, row_number)
    where read.agency != ''

)

select * from final
