-- What every row of a board's income table is: a contribution, a total, money left from another year, or of another kind.

with tables as (

    select * from {{ ref('int_board_tables') }}

),

-- What has columns of meetings is no table of money.
amounts as (

    select amounts.*
    from {{ ref('int_board_amounts') }} as amounts
    where amounts.board_table_id not in (select board_table_id from {{ ref('int_board_meetings') }})

),

cells as (

    select * from {{ ref('int_board_cells') }}

),

wordings as (

    select * from {{ ref('int_board_wordings') }}

),

-- What a row is by its own words.
worded as (

    select
        amounts.*,
        lower(amounts.payer) as row_words,
        lower(amounts.payer_head || ' ' || amounts.head) as column_words,
        regexp_matches(lower(amounts.payer), wordings.balance) as is_balance,
        regexp_matches(lower(amounts.payer), wordings.total_amount) and not is_balance as is_total,
        regexp_matches(lower(amounts.payer), wordings.closing_income) and not is_balance as closes_income,
        regexp_matches(lower(amounts.payer), wordings.expenditure_row) as is_expenditure,
        regexp_matches(lower(amounts.payer), wordings.contributor) and not is_total and not is_balance and not is_expenditure
            as is_like_contributor,
        -- Rows without any amount head those below them.
        amounts.payer != ''
        and bool_and(amounts.amount is null) over (
            partition by amounts.board_table_id, amounts.row_number
        ) as is_heading,
        regexp_matches(lower(amounts.payer), wordings.income) as speaks_of_income,
        regexp_matches(lower(amounts.payer), wordings.expenditure) as speaks_of_expenditure,
    from amounts
    cross join wordings

),

-- Income and spending can stand in one table, under headings of their own or one after the other's total.
sectioned as (

    select
        *,
        last_value(
            case
                when not is_heading then null
                when speaks_of_expenditure and not speaks_of_income then 'expenditure'
                when speaks_of_income and not speaks_of_expenditure then 'income'
            end ignore nulls
        ) over down_to_here as heading_kind,
        coalesce(sum((closes_income or (is_total and is_expenditure))::integer) over (
            partition by board_table_id, column_number order by row_number
            rows between unbounded preceding and 1 preceding
        ), 0) as part_number,
    from worded
    where row_number >= first_row or is_heading
    window down_to_here as (partition by board_table_id, column_number order by row_number)

),

parts as (

    select
        *,
        max(row_number) filter (is_total and amount is not null) over table_part as last_total_row,
        bool_or(is_total and is_expenditure) over table_part as ends_as_expenditure,
        bool_or(is_total) over table_part as has_total,
        string_agg(row_words, chr(10)) filter (is_heading or is_total) over table_column as own_words,
        count(*) filter (is_like_contributor and amount is not null) over table_column as contributor_count,
        count(*) filter (amount is not null and not is_total and not is_balance) over table_column as line_count,
        -- Pence are a sign of pounds, too.
        bool_or(has_sign or regexp_matches(amount_as_printed, '\.\d\d$')) over (partition by board_table_id) as has_any_sign,
        bool_and(is_negative) filter (amount is not null) over table_column as are_all_negative,
    from sectioned
    window
        table_part as (partition by board_table_id, column_number, part_number),
        table_column as (partition by board_table_id, column_number)

),

-- Income by the table's own words or those over it; figures of pounds; rows that are called like contributors.
income_columns as (

    select
        parts.board_table_id,
        parts.column_number,
        any_value(parts.head) as head,
        coalesce(
            {{ named_financial_year('any_value(parts.head)') }},
            {{ named_financial_year('any_value(parts.spanning_head)') }},
            -- "2016" alone is the year that ends then.
            try_cast(nullif(regexp_extract(any_value(parts.spanning_head), '\b(20\d\d)\b', 1), '') as integer) - 1,
            any_value(tables.first_year)
        ) as first_year,
        case
            when regexp_matches(any_value(parts.column_words), any_value(wordings.actual)) then 1
            when regexp_matches(any_value(parts.column_words), any_value(wordings.planned)) then 3
            else 2
        end as preference,
    from parts
    inner join tables using (board_table_id)
    cross join wordings
    group by parts.board_table_id, parts.column_number
    having
        not regexp_matches(any_value(parts.head).lower(), any_value(wordings.not_pounds))
        and not (
            regexp_matches(any_value(parts.column_words), any_value(wordings.expenditure))
            and not regexp_matches(any_value(parts.column_words), any_value(wordings.income))
        )
        -- its own words, or those over it
        and (
            regexp_matches(
                concat_ws(chr(10), any_value(parts.column_words), lower(any_value(parts.spanning_head)), any_value(parts.own_words)),
                any_value(wordings.income)
            )
            or (
                regexp_matches(
                    lower(any_value(tables.near_text) || chr(10) || any_value(tables.headings)), any_value(wordings.income)
                )
                and not (
                    regexp_matches(lower(any_value(tables.caption)), any_value(wordings.expenditure))
                    and not regexp_matches(lower(any_value(tables.caption)), any_value(wordings.income))
                )
            )
        )
        and (
            any_value(parts.has_any_sign)
            or regexp_matches(
                concat_ws(
                    chr(10), any_value(parts.column_words), any_value(parts.spanning_head), any_value(parts.own_words),
                    any_value(tables.caption)
                ), '£|(?i)income|contribut|funding'
            )
        )
        and max(parts.amount) >= 50
        and any_value(parts.contributor_count) >= 2
        and any_value(parts.contributor_count) >= 0.4 * any_value(parts.line_count)

),

-- Of two columns for the same year what was paid stands before what was planned.
chosen_columns as (

    select *
    from income_columns
    qualify row_number() over (partition by board_table_id, first_year order by preference, column_number) = 1

),

scales as (

    select
        chosen_columns.board_table_id,
        chosen_columns.column_number,
        case
            when regexp_matches(
                lower(concat_ws(' ', chosen_columns.head, any_value(tables.caption), string_agg(cells.cell_text, ' '))),
                '£ ?[''’]?000|£k\b|\(000s?\)|£ ?thousands?|in thousands'
            )
                then 1000
            else 1
        end as scale,
    from chosen_columns
    inner join tables using (board_table_id)
    left join cells
        on chosen_columns.board_table_id = cells.board_table_id and not cells.is_turned and cells.printed_row <= 2
    group by chosen_columns.board_table_id, chosen_columns.column_number, chosen_columns.head

),

quotes as materialized (

    {{ quotes_of_rows('parts', 'payer') }}

),

final as (

    select
        md5(concat_ws('|', parts.board_table_id, parts.row_number, parts.column_number))[:16] as income_line_id,
        parts.board_table_id,
        tables.report_id,
        tables.authority_id,
        quotes.page_number,
        parts.row_number,
        parts.column_number,
        parts.part_number,
        parts.payer as contributor,
        parts.amount * scales.scale as amount,
        parts.amount_as_printed,
        chosen_columns.first_year || '-' || printf('%02d', ((chosen_columns.first_year + 1) % 100)::integer) as year_id,
        case
            when parts.is_balance then 'balance'
            when parts.heading_kind = 'expenditure' or parts.is_expenditure then 'other'
            -- Behind the last total, or before a total of spending, stands no income.
            when parts.ends_as_expenditure then 'other'
            when parts.is_total and parts.row_number < parts.last_total_row then 'subtotal'
            when parts.is_total then 'total'
            when parts.row_number > parts.last_total_row then 'other'
            when parts.part_number > 0 and not coalesce(parts.has_total, false) then 'other'
            when parts.is_negative and not parts.are_all_negative then 'other'
            when not regexp_matches(parts.payer, '[[:alpha:]]') then 'other'
            else 'contribution'
        end as line_kind,
        quotes.quote,
    from parts
    inner join chosen_columns using (board_table_id, column_number)
    inner join scales using (board_table_id, column_number)
    inner join tables using (board_table_id)
    inner join quotes using (board_table_id, printed_row, payer)
    where parts.amount is not null

)

select * from final
