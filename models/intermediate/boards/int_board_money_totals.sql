-- What tables of income and of spending state as totals, beside what the lines above them come to.

with lines as (

    select * from {{ ref('int_board_money_lines') }}
    where line_kind != 'page total'

),

counted as (

    select
        *,
        coalesce(sum(amount) filter (line_kind in ('contribution', 'expense')) over above_it, 0) as amount_above,
        coalesce(sum(amount) filter (line_kind = 'balance') over above_it, 0) as balances_above,
        count(*) filter (line_kind in ('contribution', 'expense')) over above_it as lines_above,
        count(*) filter (line_kind = 'balance') over above_it as balance_lines_above,
    from lines
    window above_it as (
        partition by board_table_id, column_number, flow, part_number order by row_number
        rows between unbounded preceding and 1 preceding
    )

),

-- A total is of all lines above it, a subtotal of those since the one before.
since_the_last as (

    select
        * replace (
            amount_above - case when line_kind = 'total' then 0 else coalesce(lag(amount_above) over totals_above, 0) end
                as amount_above,
            balances_above - case when line_kind = 'total' then 0 else coalesce(lag(balances_above) over totals_above, 0) end
                as balances_above,
            lines_above - case when line_kind = 'total' then 0 else coalesce(lag(lines_above) over totals_above, 0) end
                as lines_above,
            balance_lines_above
            - case when line_kind = 'total' then 0 else coalesce(lag(balance_lines_above) over totals_above, 0) end
                as balance_lines_above
        ),
    from counted
    where line_kind in ('total', 'subtotal')
    window totals_above as (partition by board_table_id, column_number, flow, part_number order by row_number)

),

-- Money left from another year is counted in the total by some, and by others not.
compared as (

    select
        *,
        abs(amount - amount_above - balances_above) < abs(amount - amount_above) as counts_balances,
    from since_the_last

),

final as (

    select
        money_line_id as money_total_id,
        board_table_id,
        report_id,
        authority_id,
        page_number,
        flow,
        year_id,
        line_name as total_name,
        line_kind as total_kind,
        amount as stated_amount,
        amount_above + case when counts_balances then balances_above else 0 end as parts_amount,
        lines_above + case when counts_balances then balance_lines_above else 0 end as parts_count,
        round(stated_amount - parts_amount, 2) as difference,
        quote,
    from compared
    where lines_above + balance_lines_above >= 2

)

select * from final
