with lines as (

    select * from {{ ref('int_board_income_lines') }}
    where line_kind = 'contribution'

),

final as (

    select
        income_line_id as income_id,
        report_id,
        authority_id,
        contributor,
        amount,
        amount_as_printed,
        year_id,
        page_number,
        quote,
    from lines

)

select * from final
