-- The columns of attendance tables that are a meeting, or a total to check the meetings by. Of the two views of a table the
-- one is taken whose columns are headed by dates.

with tables as (

    select * from {{ ref('int_board_tables') }}

),

cells as (

    select * from {{ ref('int_board_cells') }}

),

marks as (

    select
        *,
        count(*) over (partition by board_table_id, is_turned, mark) as same_words,
    from {{ ref('int_board_marks') }}

),

wordings as (

    select * from {{ ref('int_board_wordings') }}

),

-- The head of a table ends where the first row of marks begins.
first_rows as (

    select
        board_table_id,
        is_turned,
        min(row_number) as first_row,
        sum(sign_count) as sign_count,
        sum(filled_count) as filled_count,
    from (
        select
            cells.board_table_id,
            cells.is_turned,
            cells.row_number,
            -- Words that say whether somebody came are said of several, a head's once.
            count(marks.mark) filter (marks.is_sign or (marks.is_phrase and marks.same_words > 1)) as sign_count,
            count(*) filter (cells.cell_text != '') as filled_count,
        from cells
        left join marks using (board_table_id, is_turned, row_number, column_number)
        group by cells.board_table_id, cells.is_turned, cells.row_number
    )
    where sign_count >= 2 and sign_count >= 0.35 * (filled_count - 1)
    group by board_table_id, is_turned

),

head_cells as (

    select
        cells.board_table_id,
        cells.is_turned,
        cells.row_number,
        cells.column_number,
        cells.cell_text,
        -- A cell that spans columns is landed in the first of them.
        last_value(nullif(cells.cell_text, '') ignore nulls) over (
            partition by cells.board_table_id, cells.is_turned, cells.row_number order by cells.column_number
        ) as spanning_text,
        first_rows.first_row,
    from cells
    inner join first_rows using (board_table_id, is_turned)
    where cells.row_number < first_rows.first_row

),

heads as (

    select
        board_table_id,
        is_turned,
        column_number,
        trim(string_agg(nullif(cell_text, ''), ' ' order by row_number)) as head,
        trim(string_agg(spanning_text, ' ' order by row_number)) as spanning_head,
    from head_cells
    group by board_table_id, is_turned, column_number

),

columns as (

    select
        cells.board_table_id,
        cells.is_turned,
        cells.column_number,
        tables.report_id,
        tables.table_order,
        tables.first_year,
        tables.calendar_year,
        any_value(first_rows.first_row) as first_row,
        coalesce(any_value(heads.head), '') as head,
        coalesce(any_value(heads.spanning_head), '') as spanning_head,
        max(cells.column_number) over (partition by cells.board_table_id, cells.is_turned) as column_count,
    from cells
    inner join tables using (board_table_id)
    inner join first_rows using (board_table_id, is_turned)
    left join heads using (board_table_id, is_turned, column_number)
    group by cells.board_table_id, cells.is_turned, cells.column_number, tables.report_id, tables.table_order, tables.first_year,
        tables.calendar_year

),

-- A table that goes on over the page without its head has that of the table before.
headed as (

    select
        * exclude (head, spanning_head),
        case when first_row = 1 then coalesce(last_value(nullif(head, '') ignore nulls) over same_column, head) else head end
            as head,
        case
            when first_row = 1 then coalesce(last_value(nullif(spanning_head, '') ignore nulls) over same_column, spanning_head)
            else spanning_head
        end as spanning_head,
    from columns
    window same_column as (
        partition by report_id, is_turned, column_count, column_number order by table_order
        rows between 1 preceding and 1 preceding
    )

),

readings as (

    select
        *,
        {{ plain_date_text('head') }} as date_text,
    from headed

),

parts as (

    select
        *,
        {{ date_parts('date_text') }} as part,
        coalesce(
            try_cast(nullif(regexp_extract(date_text, '\b(20\d\d)\b', 1), '') as integer),
            -- "2016" above, "19 May" below
            try_cast(nullif(regexp_extract(spanning_head, '^(?:.*[^\d/–-])?(20\d\d)(?:[^\d/–-].*)?$', 1), '') as integer)
        ) as named_year,
    from readings

),

dated as (

    select
        * exclude (part),
        coalesce(part.year, named_year, case when is_in_order then calendar_year end, first_year + (part.month < 4)::integer)
            as head_year,
        -- A month's last day stands for the month, its quarter's for a quarter.
        case
            when part.month is null then null
            when part.day is null
                then last_day(make_date(head_year, part.month, 1))
            else {{ date_of('part.day', 'part.month', 'head_year') }}
        end as head_date,
    from (
        select
            * replace (
                case
                    -- "Sept 16" is a year where it is the table's own, else a day.
                    when part.late_number is null then part
                    when part.late_number in (first_year % 100, (first_year + 1) % 100, calendar_year % 100)
                        then struct_update(part, year := 2000 + part.late_number)
                    when part.late_number <= 31 then struct_update(part, day := part.late_number)
                    else struct_update(part, year := 2000 + part.late_number)
                end as part
            ),
            -- January behind November is not of the calendar year that the words over the table name.
            bool_and(coalesce(part.month >= month_before, true)) over (partition by board_table_id, is_turned) as is_in_order,
        from (
            select
                *,
                lag(part.month ignore nulls) over (
                    partition by board_table_id, is_turned order by column_number
                ) as month_before,
            from parts
        )
    )

),

roles as (

    select
        counted.*,
        case
            when counted.head_date is not null and not is_counted then 'meeting'
            when regexp_matches(lower(counted.head), wordings.percent) then 'percent'
            when
                regexp_matches(lower(counted.head), wordings.held)
                -- a narrow column breaks its head in the middle of a word
                or regexp_matches(replace(lower(counted.head), ' ', ''), wordings.held)
                then 'held'
            when regexp_matches(lower(counted.head), wordings.attended) then 'attended'
            when counted.head = '' and regexp_matches(lower(counted.spanning_head), wordings.percent) then 'percent'
        end as column_role,
    from (
        select
            *,
            -- "Attended to 31 March 2017" is no meeting, unless all meetings are headed like that.
            regexp_matches(lower(head), '%|per ?cent|\btotal|number (of|attended)|attended|attendance|held')
            and not bool_and(regexp_matches(lower(head), '%|per ?cent|\btotal|number (of|attended)|attended|attendance|held'))
                filter (head_date is not null) over (partition by board_table_id, is_turned) as is_counted,
        from dated
    ) as counted
    cross join wordings

),

chosen_views as (

    select
        board_table_id,
        is_turned,
        count(*) filter (column_role = 'meeting') as meeting_count,
    from roles
    group by board_table_id, is_turned
    having meeting_count >= 2
    qualify row_number() over (partition by board_table_id order by meeting_count desc, is_turned) = 1

),

final as (

    select
        roles.board_table_id,
        roles.is_turned,
        roles.column_number,
        roles.column_role,
        roles.head,
        case when roles.column_role = 'meeting' then roles.head_date end as meeting_date,
        case
            when roles.column_role = 'meeting' then min(roles.column_number) filter (roles.column_role = 'meeting') over table_view
        end as first_meeting_column,
        roles.first_row,
    from roles
    inner join chosen_views using (board_table_id, is_turned)
    window table_view as (partition by roles.board_table_id)

)

select * from final
