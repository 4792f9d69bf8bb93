-- What every row of a board's tables of income and of spending is: a contribution or an expense, a total, money left from
-- another year, or of another kind.

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

-- What the words over a table speak of: its last line where it is short, else the last two, else the nearest heading.
words_over as (

    select
        tables.board_table_id,
        lower(concat_ws(chr(10), tables.near_text, tables.headings)) as words,
        coalesce(
            case when length(last_line) <= 60 then {{ money_flow('last_line') }} end,
            {{ money_flow('lower(tables.caption)') }},
            {{ money_flow('lower(list_extract(string_split(tables.headings, chr(10)), -1))') }}
        ) as flow,
        -- A budget is not what has been spent.
        length(last_line) <= 60
        and regexp_matches(last_line, wordings.planned)
        and not regexp_matches(last_line, wordings.spent) as is_planned,
    from (select *, lower(list_extract(string_split(caption, chr(10)), -1)) as last_line from tables) as tables
    cross join wordings

),

-- What a row is by its own words.
worded as (

    select
        amounts.*,
        lower(amounts.payer) as row_words,
        lower(amounts.payer_head || ' ' || amounts.head) as column_words,
        lower(amounts.payer_head || ' ' || amounts.spanning_head) as wide_column_words,
        regexp_matches(row_words, wordings.balance) as is_balance,
        regexp_matches(row_words, wordings.carried_forward) as is_carried_forward,
        regexp_matches(row_words, wordings.brought_forward) as is_brought_forward,
        regexp_matches(row_words, wordings.total_amount) and not is_balance as is_total,
        regexp_matches(row_words, wordings.closing_income) and not is_balance as closes_income,
        regexp_matches(row_words, wordings.expenditure_row) as is_expenditure,
        regexp_matches(row_words, wordings.contributor) and not is_total and not is_balance and not is_expenditure
            as is_like_contributor,
        regexp_matches(row_words, wordings.income) as speaks_of_income,
        (regexp_matches(row_words, wordings.expense) or is_expenditure) and not speaks_of_income and not is_total
        and not is_balance
            as is_like_expense,
        {{ money_flow('row_words') }} as row_flow,
        {{ money_flow('wide_column_words') }} as column_flow,
        -- Rows without any amount head those below them.
        amounts.payer != ''
        and bool_and(amounts.amount is null) over (
            partition by amounts.board_table_id, amounts.row_number
        ) as is_heading,
    from amounts
    cross join wordings

),

-- Income and spending can stand in one table, under headings of their own or one after the other's total.
sectioned as (

    select
        *,
        coalesce(sum((closes_income or (is_total and is_expenditure))::integer) over above_it, 0) as part_number,
        coalesce(sum((is_total and amount is not null)::integer) over above_it, 0) as totals_above,
    from worded
    where row_number >= first_row or is_heading
    window above_it as (
        partition by board_table_id, column_number order by row_number rows between unbounded preceding and 1 preceding
    )

),

counted as (

    select
        *,
        last_value(case when is_heading then row_flow end ignore nulls) over down_to_here as heading_flow,
        last_value(case when is_heading then {{ named_financial_year('payer') }} end ignore nulls) over down_to_here as heading_year,
        bool_or(is_total and is_expenditure) over table_part as ends_as_spending,
        bool_or(closes_income) over table_part as ends_as_income,
        count(*) filter (is_like_expense and amount is not null) over between_totals as expenses_together,
        count(*) filter (is_like_contributor and not is_like_expense and amount is not null) over between_totals
            as contributors_together,
        string_agg(row_words, chr(10)) filter (is_heading or is_total) over table_column as own_words,
        -- Pence are a sign of pounds, too.
        bool_or(has_sign or regexp_matches(amount_as_printed, '\.\d\d$')) over (partition by board_table_id) as has_any_sign,
    from sectioned
    window
        table_part as (partition by board_table_id, column_number, part_number),
        down_to_here as (partition by board_table_id, column_number, part_number order by row_number),
        between_totals as (partition by board_table_id, column_number, part_number, totals_above),
        table_column as (partition by board_table_id, column_number)

),

-- Which of the two a row belongs to: by the heading over it, the total that ends its part, its column's head, the words over
-- the table; where those leave it open, by what the rows between two totals are called.
flowing as (

    select
        counted.*,
        case
            when counted.heading_flow is not null then counted.heading_flow
            when counted.ends_as_spending then 'spending'
            when counted.ends_as_income then 'income'
            when counted.column_flow is not null then counted.column_flow
            when counted.totals_above = 0 and words_over.flow is not null then words_over.flow
            when counted.expenses_together >= 2 and counted.expenses_together > counted.contributors_together then 'spending'
            else 'income'
        end as flow,
    from counted
    inner join words_over using (board_table_id)

),

-- At the foot of a page a table can state what it has come to, and at the head of the next one state it again: that is no
-- balance of another year.
carried as (

    select
        *,
        is_balance
        and coalesce(
            regexp_matches(row_words, '\bpage\b')
            or (is_carried_forward and brought_below and amount = amount_below)
            or (is_brought_forward and carried_above and amount = amount_above)
            or ((is_carried_forward or is_brought_forward) and lines_above >= 2 and amount = sum_above),
            false
        ) as is_page_total,
    from (
        select
            *,
            lead(is_brought_forward) over in_order as brought_below,
            lead(amount) over in_order as amount_below,
            lag(is_carried_forward) over in_order as carried_above,
            lag(amount) over in_order as amount_above,
            round(sum(amount) filter (not is_total and not is_balance) over above_it, 2) as sum_above,
            count(amount) filter (not is_total and not is_balance) over above_it as lines_above,
        from flowing
        window
            in_order as (partition by board_table_id, column_number, amount is null order by row_number),
            above_it as (
                partition by board_table_id, column_number, flow, part_number order by row_number
                rows between unbounded preceding and 1 preceding
            )
    )

),

parts as (

    select
        *,
        max(row_number) filter (is_total and amount is not null) over table_part as last_total_row,
        bool_or(is_total) over table_part as has_total,
        count(*) filter (is_like_contributor and amount is not null) over column_flow as contributor_count,
        count(*) filter (is_like_expense and amount is not null) over column_flow as expense_count,
        count(*) filter (amount is not null and not is_total and not is_balance) over column_flow as line_count,
        bool_and(is_negative) filter (amount is not null) over column_flow as are_all_negative,
    from carried
    window
        table_part as (partition by board_table_id, column_number, flow, part_number),
        column_flow as (partition by board_table_id, column_number, flow)

),

-- Figures of pounds under words of income or spending, in rows that are called like contributors or like expenses.
money_columns as (

    select
        parts.board_table_id,
        parts.column_number,
        parts.flow,
        any_value(parts.head) as head,
        coalesce(
            {{ named_financial_year('any_value(parts.head)') }},
            {{ named_financial_year('any_value(parts.spanning_head)') }},
            -- "2016" alone is the year that ends then.
            try_cast(nullif(regexp_extract(any_value(parts.spanning_head), '\b(20\d\d)\b', 1), '') as integer) - 1,
            max(parts.heading_year),
            any_value(tables.first_year)
        ) as first_year,
        concat_ws(
            chr(10), any_value(parts.column_words), lower(any_value(parts.spanning_head)), any_value(parts.own_words)
        ) as own_words,
        lower(any_value(parts.head) || ' ' || any_value(parts.spanning_head)) as heads,
        case
            when regexp_matches(heads, any_value(wordings.actual)) then 1
            when regexp_matches(heads, any_value(wordings.planned)) then 4
            when parts.flow = 'spending' and regexp_matches(heads, any_value(wordings.spent)) then 1
            when regexp_matches(heads, any_value(wordings.total_amount)) then 2
            else 3
        end as preference,
        list(parts.payer order by parts.row_number) as payers,
    from parts
    inner join tables using (board_table_id)
    inner join words_over using (board_table_id)
    cross join wordings
    group by parts.board_table_id, parts.column_number, parts.flow
    having
        not regexp_matches(any_value(parts.head).lower(), any_value(wordings.not_pounds))
        -- "Income" over the first rows is no head of the column where "Expenditure" stands over others.
        and bool_or(
            parts.column_flow is null
            or parts.column_flow = parts.flow
            or parts.heading_flow = parts.flow
            or (parts.ends_as_spending and parts.flow = 'spending')
        )
        and max(parts.amount) >= 50
        and case parts.flow
            when 'income' then
                (
                    regexp_matches(own_words, any_value(wordings.income))
                    or (
                        regexp_matches(any_value(words_over.words), any_value(wordings.income))
                        and coalesce({{ money_flow('lower(any_value(tables.caption))', 'any_value(wordings.{})') }}, 'income') = 'income'
                    )
                )
                and (
                    any_value(parts.has_any_sign)
                    or regexp_matches(
                        own_words || chr(10) || any_value(parts.spanning_head) || chr(10) || any_value(tables.caption),
                        '£|(?i)income|contribut|funding'
                    )
                )
                and any_value(parts.contributor_count) >= 2
                and any_value(parts.contributor_count) >= 0.4 * any_value(parts.line_count)
            else
                (
                    regexp_matches(own_words, any_value(wordings.expenditure))
                    or regexp_matches(any_value(words_over.words), any_value(wordings.expenditure))
                )
                and (
                    any_value(parts.has_any_sign)
                    or regexp_matches(
                        own_words || chr(10) || any_value(parts.spanning_head) || chr(10) || any_value(tables.caption),
                        '£|(?i)expenditure|spen[dt]'
                    )
                )
                and (preference = 1 or (preference != 4 and not any_value(words_over.is_planned)))
                and (
                    (
                        any_value(parts.expense_count) >= 2
                        and any_value(parts.expense_count) >= 0.4 * any_value(parts.line_count)
                    )
                    -- the table's own heading or total calls it that, and not only what stands over it
                    or (
                        bool_or(parts.heading_flow = 'spending' or parts.ends_as_spending)
                        and any_value(parts.expense_count) >= 1
                    )
                )
        end

),

-- Of several columns for the same year what was paid stands before their total, and that before what was planned. Of those
-- that are of one kind none is the year's.
chosen_columns as (

    select *
    from money_columns
    qualify
        row_number() over (partition by board_table_id, flow, first_year order by preference, column_number) = 1
        and count(*) over (partition by board_table_id, flow, first_year, preference, payers) = 1

),

scales as (

    select
        chosen_columns.board_table_id,
        chosen_columns.column_number,
        chosen_columns.flow,
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
    group by chosen_columns.board_table_id, chosen_columns.column_number, chosen_columns.flow, chosen_columns.head

),

quotes as materialized (

    {{ quotes_of_rows('parts', 'payer') }}

),

final as (

    select
        md5(concat_ws('|', parts.board_table_id, parts.row_number, parts.column_number))[:16] as money_line_id,
        parts.board_table_id,
        tables.report_id,
        tables.authority_id,
        quotes.page_number,
        parts.row_number,
        parts.column_number,
        parts.part_number,
        parts.flow,
        parts.payer as line_name,
        parts.amount * scales.scale as amount,
        parts.amount_as_printed,
        chosen_columns.first_year || '-' || printf('%02d', ((chosen_columns.first_year + 1) % 100)::integer) as year_id,
        case
            when parts.is_page_total then 'page total'
            when parts.is_balance then 'balance'
            when parts.flow = 'income' and parts.is_expenditure then 'other'
            when parts.is_total and parts.row_number < parts.last_total_row then 'subtotal'
            when parts.is_total then 'total'
            -- Behind the last total stand no parts of it.
            when parts.row_number > parts.last_total_row then 'other'
            when parts.part_number > 0 and parts.flow = 'income' and not coalesce(parts.has_total, false) then 'other'
            when parts.is_negative and not parts.are_all_negative then 'deduction'
            when not regexp_matches(parts.payer, '[[:alpha:]]') then 'other'
            when regexp_matches(parts.row_words, wordings.within_a_line) then 'other'
            when parts.flow = 'income' then 'contribution'
            when parts.speaks_of_income and not parts.is_expenditure then 'deduction'
            else 'expense'
        end as line_kind,
        quotes.quote,
    from parts
    inner join chosen_columns using (board_table_id, column_number, flow)
    inner join scales using (board_table_id, column_number, flow)
    inner join tables using (board_table_id)
    inner join quotes using (board_table_id, printed_row, payer)
    cross join wordings
    where parts.amount is not null

)

select * from final
