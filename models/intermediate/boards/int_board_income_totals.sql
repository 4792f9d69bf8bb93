-- What income tables state as totals, beside what the lines above them come to.

with lines as (

    select * from {{ ref('int_board_income_lines') }}

),

counted as (

    select
        *,
        coalesce(sum(amount) filter (line_kind in ('contribution', 'balance')) over above_it, 0) as amount_above,
        coalesce(sum(amount) filter (line_kind = 'contribution') over above_it, 0) as contributions_above,
        count(*) filter (line_kind in ('contribution', 'balance')) over above_it as lines_above,
    from lines
    window above_it as (
        partition by board_table_id, column_number, part_number order by row_number
        rows between unbounded preceding and 1 preceding
    )

),

totals as (

    select
        *,
        coalesce(lag(amount_above) over above_totals, 0) as amount_above_last,
        coalesce(lag(lines_above) over above_totals, 0) as lines_above_last,
    from counted
    where line_kind in ('total', 'subtotal')
    window above_totals as (partition by board_table_id, column_number, part_number order by row_number)

),

final as (

    select
        income_line_id as income_total_id,
        board_table_id,
        report_id,
        authority_id,
        page_number,
        year_id,
        contributor as total_name,
        line_kind as total_kind,
        amount as stated_amount,
        -- A total is of all lines above it, a subtotal of those since the one before.
        case when line_kind = 'total' then amount_above else amount_above - amount_above_last end as parts_amount,
        case when line_kind = 'total' then lines_above else lines_above - lines_above_last end as parts_count,
        round(stated_amount - parts_amount, 2) as difference,
        quote,
    from totals
    where case when line_kind = 'total' then lines_above else lines_above - lines_above_last end >= 2

)

select * from final
