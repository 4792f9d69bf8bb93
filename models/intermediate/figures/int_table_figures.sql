-- Every figure in a cell of a table, with the words of its row and of its column: measures can stand down the side or across
-- the top, and years the other way, so that both are read alike.

with table_cells as (

    select * from {{ documents_of(ref('stg_whole_table_cells')) }}
    where is_read

),

cells as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        column_number,
        printed_page,
        cell_text is null as is_merged,
        {{ one_line("coalesce(cell_text, '')") }} as cell_text,
        -- Which way a figure went, and the mark of a footnote, are none of it.
        trim(translate(lower(table_cells.cell_text), '‐‑‒–—−“”’⁰¹²³⁴⁵⁶⁷⁸⁹▲▼△▽↑↓→←↔⇧⇩⬆⬇►◄*†‡', '------""''')) as small_text,
        -- "142 (29%)" is two.
        case
            when regexp_full_match(small_text, '\d[\d,]* ?\(\d+(?:\.\d+)? ?%\)') then [trim(string_split(small_text, '(')[1]), rtrim(string_split(small_text, '(')[2], ')')]
            else [small_text]
        end as figures,
        coalesce(
            regexp_full_match(
                figures[1],
                '(?:[<>≤≥~]|c\.|circa|approx\.?|under|over|less than|fewer than|more than)? ?£?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)? ?%?(?: (?:weeks|days|per 10,?000))?'
            )
            and not regexp_full_match(small_text, '(?:19|20)\d\d'), false
        ) as is_figure,
    from table_cells

),

-- The heads are above the first row, and left of the first column, that has a figure.
extents as (

    select
        report_id,
        page_number,
        table_number,
        min(row_number) filter (where is_figure and column_number > 1) as first_row,
        min(column_number) filter (where is_figure and column_number > 1) as first_column,
    from cells
    group by report_id, page_number, table_number
    having first_row is not null

),

-- A row with words in its first cell alone is the head of those below it: "Children looked after » Number, Rate".
bands as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        max(cell_text)[:{{ var('longest_heading') }}] as band,
    from cells
    group by report_id, page_number, table_number, row_number
    having
        count(*) filter (where cell_text != '') = 1
        and bool_or(cell_text != '' and column_number = 1 and not is_figure and regexp_matches(small_text, '[a-z]{3}'))
        and count(*) > 1
        and row_number > 1

),

placed as (

    select
        cells.*,
        extents.first_row,
        extents.first_column,
        cells.row_number < extents.first_row as is_above,
        cells.column_number < extents.first_column as is_left,
        bands.band is not null as is_band,
        last_value(bands.band ignore nulls) over (
            partition by cells.report_id, cells.page_number, cells.table_number order by cells.row_number
        ) as band,
    from cells
    inner join extents using (report_id, page_number, table_number)
    left join bands using (report_id, page_number, table_number, row_number)

),

-- A head over several columns stands in the first of them; a label beside several rows in the first of them.
spread as (

    select
        *,
        case
            when cell_text != '' then cell_text
            when is_above and not is_left and (is_merged or row_number < first_row - 1)
                then lag(nullif(case when not is_left then cell_text end, '') ignore nulls) over along_the_row
            when is_left and not is_above and (is_merged or column_number < first_column - 1)
                then lag(nullif(case when not is_above then cell_text end, '') ignore nulls) over down_the_column
        end as words,
    from placed
    window
        along_the_row as (partition by report_id, page_number, table_number, row_number order by column_number),
        down_the_column as (partition by report_id, page_number, table_number, column_number order by row_number)

),

columns as (

    select
        report_id,
        page_number,
        table_number,
        column_number,
        (string_agg(words, ' ' order by row_number) filter (where words != ''))[:{{ var('longest_heading') }}] as column_head,
    from spread
    where is_above and not is_left
    group by report_id, page_number, table_number, column_number

),

rows_of_tables as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        (string_agg(words, ' ' order by column_number) filter (where words != ''))[:{{ var('longest_heading') }}] as row_label,
    from spread
    where is_left and not is_above
    group by report_id, page_number, table_number, row_number

),

-- The line above a table, where it is a title.
captions as (

    select
        first_lines.report_id,
        first_lines.page_number,
        first_lines.table_number,
        page_lines.clean_text[:{{ var('longest_heading') }}] as caption,
    from (
        select
            report_id,
            page_number,
            table_number,
            min(line_number) as line_number,
        from {{ documents_of(ref('stg_table_lines')) }}
        group by report_id, page_number, table_number
    ) as first_lines
    inner join {{ documents_of(ref('stg_lines')) }} as page_lines
        on
            first_lines.report_id = page_lines.report_id
            and first_lines.page_number = page_lines.page_number
            and page_lines.line_number between first_lines.line_number - 2 and first_lines.line_number - 1
    where
        page_lines.line_kind = 'heading'
        or (page_lines.line_kind = 'text' and regexp_matches(page_lines.clean_text, '^(?:Table|Figure|Chart)\b'))
    qualify
        row_number() over (
            partition by first_lines.report_id, first_lines.page_number, first_lines.table_number order by page_lines.line_number desc
        ) = 1

),

-- What is printed over the labels of the rows.
corners as (

    select
        report_id,
        page_number,
        table_number,
        (string_agg(cell_text, ' ' order by row_number, column_number) filter (where cell_text != ''))[:{{ var('longest_heading') }}] as corner,
    from placed
    where is_above and is_left and not is_band
    group by report_id, page_number, table_number

),

final as (

    select
        md5(concat_ws('|', placed.report_id, placed.page_number, placed.table_number, placed.row_number, placed.column_number, nullif(figure_number, 1)))[:16]
            as table_figure_id,
        placed.report_id,
        placed.printed_page as page_number,
        placed.table_number,
        placed.row_number,
        placed.column_number,
        coalesce(rows_of_tables.row_label, '') as row_label,
        coalesce(columns.column_head, '') as column_head,
        coalesce(placed.band, '') as band,
        concat_ws(' ; ', nullif(corners.corner, ''), captions.caption) as table_words,
        placed.cell_text,
        concat_ws(' | ', placed.band, nullif(row_label, ''), nullif(column_head, ''), placed.cell_text) as quote,
        try_cast(replace(regexp_extract(placed.figure_text, '(\d[\d,]*(?:\.\d+)?)', 1), ',', '') as double) as value,
        case
            when contains(placed.figure_text, '%') then 'percent'
            when contains(placed.figure_text, '£') then 'gbp'
            when contains(placed.figure_text, 'per 10') then 'per_10k'
            else nullif(regexp_extract(placed.figure_text, '(weeks|days)$', 1), '')
        end as printed_unit,
        case
            when regexp_matches(placed.figure_text, '^(<|under|less|fewer)') then 'less_than'
            when regexp_matches(placed.figure_text, '^≤') then 'at_most'
            when regexp_matches(placed.figure_text, '^(>|over|more)') then 'more_than'
            when regexp_matches(placed.figure_text, '^≥') then 'at_least'
            when regexp_matches(placed.figure_text, '^(~|c|approx)') then 'approximate'
            else 'exact'
        end as qualifier,
    from (
        select
            *,
            unnest(figures) as figure_text,
            generate_subscripts(figures, 1)::integer as figure_number,
        from placed
        where is_figure and not is_above and not is_left
    ) as placed
    left join rows_of_tables using (report_id, page_number, table_number, row_number)
    left join columns using (report_id, page_number, table_number, column_number)
    left join corners using (report_id, page_number, table_number)
    left join captions using (report_id, page_number, table_number)

)

select * from final
