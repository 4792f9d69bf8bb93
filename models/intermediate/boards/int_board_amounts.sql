-- Every amount in a board's table that may be of money, with its row's and its column's words. Taken from the view in which a
-- row is a payer: where the rows are years, the table is turned.

with board_cells as (

    select * from {{ ref('int_board_cells') }}

),

wordings as (

    select * from {{ ref('int_board_wordings') }}

),

cells as (

    select
        *,
        {{ stated_amount('cell_text') }} as amount,
        regexp_matches(cell_text, '[[:alpha:]]{2}') and {{ stated_amount('cell_text') }} is null as is_words,
        regexp_matches(cell_text, '^(19|20)\d\d$') as is_calendar_year,
    from board_cells

),

-- A column of amounts: more amounts than words, and not a column of years.
amount_columns as (

    select
        board_table_id,
        is_turned,
        column_number,
        min(row_number) filter (amount is not null and not is_calendar_year) as first_amount_row,
    from cells
    group by board_table_id, is_turned, column_number
    having
        count(*) filter (amount is not null and not is_calendar_year) >= 2
        and count(*) filter (amount is not null and not is_calendar_year) >= 0.5 * (count(*) filter (cell_text != '') - 2)

),

first_rows as (

    select
        board_table_id,
        is_turned,
        min(first_amount_row) as first_row,
        min(column_number) as first_amount_column,
    from amount_columns
    group by board_table_id, is_turned

),

-- The columns of words: those that stand together before a column of amounts belong to it.
word_columns as (

    select
        cells.board_table_id,
        cells.is_turned,
        cells.column_number,
        string_agg(cells.cell_text, ' ' order by cells.row_number) filter (cells.row_number < first_rows.first_row) as head,
        count(*) filter (cells.row_number >= first_rows.first_row and {{ named_financial_year('cells.cell_text') }} is not null)
        + count(*) filter (cells.row_number >= first_rows.first_row and cells.is_calendar_year)
            as year_count,
        count(*) filter (cells.row_number >= first_rows.first_row and cells.cell_text != '') as filled_count,
        -- A column of groups names each of them once, over or beside its members.
        filled_count < 0.75 * count(*) filter (cells.row_number >= first_rows.first_row) as is_sparse,
        count(*) filter (cells.row_number >= first_rows.first_row and cells.is_words) as word_count,
    from cells
    inner join first_rows using (board_table_id, is_turned)
    left join amount_columns using (board_table_id, is_turned, column_number)
    where amount_columns.column_number is null
    group by cells.board_table_id, cells.is_turned, cells.column_number
    having filled_count > 0

),

payer_columns as (

    select
        amount_columns.board_table_id,
        amount_columns.is_turned,
        amount_columns.column_number,
        word_columns.column_number as payer_column,
        word_columns.year_count >= 0.5 * word_columns.filled_count as rows_are_years,
    from amount_columns
    inner join word_columns
        on
            amount_columns.board_table_id = word_columns.board_table_id
            and amount_columns.is_turned = word_columns.is_turned
            and amount_columns.column_number > word_columns.column_number
    cross join wordings
    where word_columns.word_count > 0 or word_columns.year_count > 0
    qualify
        row_number() over (
            partition by amount_columns.board_table_id, amount_columns.is_turned, amount_columns.column_number
            order by
                -- no column of amounts stands between
                (
                    select count(*)
                    from amount_columns as between_columns
                    where
                        between_columns.board_table_id = amount_columns.board_table_id
                        and between_columns.is_turned = amount_columns.is_turned
                        and between_columns.column_number between word_columns.column_number and amount_columns.column_number
                ),
                case
                    when regexp_matches(lower(word_columns.head), wordings.group_header) then 4
                    when regexp_matches(lower(word_columns.head), wordings.agency_header) then 1
                    when regexp_matches(lower(word_columns.head), wordings.member_header || '|contributor|funder|source|from') then 2
                    else 3
                end,
                word_columns.is_sparse,
                word_columns.column_number
        ) = 1

),

chosen_views as (

    select
        board_table_id,
        is_turned,
    from payer_columns
    group by board_table_id, is_turned
    having not bool_or(rows_are_years)
    qualify row_number() over (partition by board_table_id order by is_turned) = 1

),

-- "Total" can stand in the column of groups.
row_words as (

    select
        board_table_id,
        is_turned,
        row_number,
        min(column_number) as column_number,
        min_by(cell_text, column_number) as first_words,
    from cells
    where is_words
    group by board_table_id, is_turned, row_number

),

heads as (

    select
        board_table_id,
        is_turned,
        column_number,
        string_agg(nullif(cell_text, ''), ' ' order by row_number) as head,
        string_agg(wide_text, ' ' order by row_number) as spanning_head,
    from (
        select
            cells.board_table_id,
            cells.is_turned,
            cells.row_number,
            cells.column_number,
            cells.cell_text,
            -- A cell that spans columns is landed in the first of them.
            last_value(coalesce(nullif(cells.cell_text, ''), nullif(cells.spanning_text, '')) ignore nulls) over (
                partition by cells.board_table_id, cells.is_turned, cells.row_number order by cells.column_number
            ) as wide_text,
        from cells
        inner join first_rows using (board_table_id, is_turned)
        where cells.row_number < first_rows.first_row
    )
    group by board_table_id, is_turned, column_number

),

final as (

    select
        cells.board_table_id,
        cells.is_turned,
        cells.row_number,
        cells.column_number,
        first_rows.first_row,
        cells.printed_row,
        trim(regexp_replace(coalesce(nullif(payers.cell_text, ''), nullif(payers.spanning_text, ''), row_words.first_words, ''), '(^[•●▪■o*–-]\s+|[{{ note_signs() }}:\s]+$)', '', 'g')) as payer,
        coalesce(payer_heads.spanning_head, '') as payer_head,
        coalesce(heads.head, '') as head,
        coalesce(heads.spanning_head, '') as spanning_head,
        cells.cell_text as amount_as_printed,
        case when cells.row_number >= first_rows.first_row then cells.amount.value end as amount,
        coalesce(cells.amount.is_negative, false) as is_negative,
        coalesce(cells.amount.has_sign, false) as has_sign,
    from payer_columns
    inner join chosen_views using (board_table_id, is_turned)
    inner join first_rows using (board_table_id, is_turned)
    inner join cells using (board_table_id, is_turned, column_number)
    inner join cells as payers
        on
            cells.board_table_id = payers.board_table_id
            and cells.is_turned = payers.is_turned
            and cells.row_number = payers.row_number
            and payer_columns.payer_column = payers.column_number
    left join row_words
        on
            cells.board_table_id = row_words.board_table_id
            and cells.is_turned = row_words.is_turned
            and cells.row_number = row_words.row_number
            and row_words.column_number < payer_columns.payer_column
    left join heads
        on
            cells.board_table_id = heads.board_table_id
            and cells.is_turned = heads.is_turned
            and cells.column_number = heads.column_number
    left join heads as payer_heads
        on
            payers.board_table_id = payer_heads.board_table_id
            and payers.is_turned = payer_heads.is_turned
            and payers.column_number = payer_heads.column_number

)

select * from final
