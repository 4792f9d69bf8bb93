with lines as (

    select * from {{ ref('int_board_money_lines') }}
    where line_kind = 'contribution'

),

years as (

    select * from {{ ref('dim_year') }}

),

final as (

    select
        lines.money_line_id as income_id,
        lines.report_id,
        lines.authority_id,
        lines.line_name as contributor,
        lines.amount,
        lines.amount_as_printed,
        years.year_id,
        lines.page_number,
        lines.quote,
    from lines
    left join years using (year_id)

)

select * from final
