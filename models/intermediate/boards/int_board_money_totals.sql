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
        coalesce(sum(amount) filter (line_kind = 'deduction') over above_it, 0) as deductions_above,
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
            {% for sum in ['amount_above', 'balances_above', 'deductions_above', 'lines_above', 'balance_lines_above'] %}
            {{ sum }} - case when line_kind = 'total' then 0 else coalesce(lag({{ sum }}) over totals_above, 0) end
                as {{ sum }},
            {% endfor %}
        ),
    from counted
    where line_kind in ('total', 'subtotal')
    window totals_above as (partition by board_table_id, column_number, flow, part_number order by row_number)

),

-- Some boards count money left from another year in the total, and take off what came back; others do not. The sum counts
-- that is nearest to what is stated.
compared as (

    select
        *,
        list_sort([
            {% for balances, deductions in [(1, 1), (1, 0), (0, 1), (0, 0)] %}
            {
                'gap': abs(amount - (amount_above + {{ balances }} * balances_above - {{ deductions }} * deductions_above)),
                'parts_amount': amount_above + {{ balances }} * balances_above - {{ deductions }} * deductions_above,
                'parts_count': lines_above + {{ balances }} * balance_lines_above,
            },
            {% endfor %}
        ])[1] as nearest,
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
        round(nearest.parts_amount, 2) as parts_amount,
        nearest.parts_count as parts_count,
        round(stated_amount - nearest.parts_amount, 2) as difference,
        quote,
    from compared
    where lines_above + balance_lines_above >= 2

)

select * from final
