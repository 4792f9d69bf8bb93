-- Where the totals that a board's tables state do not follow from their cells.

with money_totals as (

    select * from {{ ref('int_board_money_totals') }}

),

attendance_totals as (

    select * from {{ ref('int_board_attendance_totals') }}

),

money as (

    select
        flow || '_total' as kind,
        money_total_id as place,
        'The stated ' || total_kind || ' of ' || flow || coalesce(' in ' || year_id, '') || ', £' || {{ plain_number('stated_amount') }}
        || ', is £' || {{ plain_number('abs(difference)') }} || case when difference > 0 then ' above' else ' below' end
        || ' its ' || parts_count || ' parts, £' || {{ plain_number('parts_amount') }} as what,
        abs(difference) as size,
        -- Parts in whole pounds can each be half a pound off.
        abs(difference) <= 0.5 * parts_count and stated_amount = round(stated_amount) as is_explained_by_rounding,
        report_id,
        authority_id,
        page_number,
        quote,
    from money_totals
    where difference != 0

),

-- A board may count a deputy as attendance or not, and a blank as a meeting or not.
attendance_checks as (

    select
        *,
        coalesce(nullif(stated_held, 0), counted_held) as held,
        stated_held not in (counted_held, counted_held + counted_not_stated) as is_held_wrong,
        stated_attended not in (counted_attended, counted_attended - counted_deputies) as is_attended_wrong,
        round(100.0 * coalesce(stated_attended, counted_attended) / coalesce(nullif(stated_held, 0), nullif(counted_held, 0)), 1)
            as percent_of_count,
    from attendance_totals

),

attendance as (

    select
        'attendance_total' as kind,
        attendance_total_id as place,
        coalesce(agency, 'The meeting of ' || strftime(meeting_date, '%-d %B %Y')) || ': '
        || concat_ws(
            '; ',
            case when is_held_wrong then 'held ' || stated_held || ' by the table, ' || counted_held || ' by its cells' end,
            case
                when is_attended_wrong
                    then 'attended ' || stated_attended || ' by the table, ' || counted_attended || ' by its cells'
            end,
            case
                when abs(stated_percent - percent_of_count) > 0.5
                    then {{ plain_number('stated_percent') }} || '% by the table, ' || {{ plain_number('percent_of_count') }} || '% by its count'
            end
        ) as what,
        greatest(
            case when is_held_wrong then abs(stated_held - counted_held) end,
            case when is_attended_wrong then abs(stated_attended - counted_attended) end,
            case when abs(stated_percent - percent_of_count) > 0.5 then abs(stated_percent - percent_of_count) end
        )::double as size,
        -- A percentage cut off rather than rounded lies less than one below.
        not coalesce(is_held_wrong, false) and not coalesce(is_attended_wrong, false) and abs(stated_percent - percent_of_count) < 1
            as is_explained_by_rounding,
        report_id,
        authority_id,
        page_number,
        quote,
    from attendance_checks
    where is_held_wrong or is_attended_wrong or abs(stated_percent - percent_of_count) > 0.5

),

final as (

    select * from money
    union all by name
    select * from attendance

)

select * from final
