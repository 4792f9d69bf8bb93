-- A table that goes on over the page lands as one table a page: the parts of one are told by where they stand and how they are
-- set. Nothing stands between them; they have the same columns; and the later one has no other head.

with tables as (

    select * from {{ documents_of(ref('stg_tables')) }}
    where is_read

),

cells as (

    select
        *,
        -- What heads a column: words, or a year, a date or a quarter, but no figure or sign.
        regexp_matches(cell_text, '[[:alpha:]]{3}|^(19|20)\d\d\b|\d[/–-]\d') as is_like_head,
        regexp_matches(cell_text, '\d') and not regexp_matches(cell_text, '[[:alpha:]]{4}') as has_figure,
    from {{ documents_of(ref('stg_table_cells')) }}
    where is_read

),

lines as (

    select * from {{ documents_of(ref('stg_lines')) }}
    where is_laid_out

),

table_lines as (

    select * from {{ documents_of(ref('stg_table_lines')) }}

),

table_rows as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        regexp_replace({{ letters_and_digits("string_agg(cell_text, '|' order by column_number)") }}, 'continued|contd', '', 'g')
            as row_key,
        coalesce(max(cell_text) filter (column_number = 1), '') as label,
        count(*) filter (cell_text != '' and column_number > 1) as filled_count,
        coalesce(bool_and(is_like_head) filter (cell_text != '' and column_number > 1), false)
        and filled_count >= least(2, count(*) - 1)
            as is_like_head,
        count(*) filter (has_figure and column_number > 1) > 0 as has_figures,
        string_agg(cell_text, ' ' order by column_number) as row_text,
        row_number() over (partition by report_id, page_number, table_number order by row_number desc) as number_from_last,
    from cells
    group by report_id, page_number, table_number, row_number

),

placed as (

    select
        table_lines.report_id,
        table_lines.page_number,
        table_lines.table_number,
        min(lines.top) as top,
        max(lines.top) as bottom,
    from table_lines
    inner join lines using (report_id, page_number, line_number)
    group by table_lines.report_id, table_lines.page_number, table_lines.table_number

),

-- What else a page says, from its first line to its last. A note that the table goes on says nothing else.
other_words as (

    select
        lines.report_id,
        lines.page_number,
        lines.top,
    from lines
    left join table_lines using (report_id, page_number, line_number)
    where
        lines.line_kind not in ('furniture', 'footnote', 'blank')
        and lines.clean_text != ''
        and table_lines.line_number is null
        and not (length(lines.clean_text) < 120 and regexp_matches(lower(lines.clean_text), '\b(continued|cont[’'']?d|cont\.)'))

),

shapes as (

    select
        tables.report_id,
        tables.page_number,
        tables.table_number,
        len(list_distinct(list_transform(tables.cells, lambda cell: cell.row_number))) as row_count,
        len(list_distinct(list_transform(tables.cells, lambda cell: cell.column_number))) as column_count,
        tables.column_edges,
        placed.top,
        placed.bottom,
        count(*) filter (other_words.top < placed.top) = 0 as is_first,
        count(*) filter (other_words.top > placed.bottom) = 0 as is_last,
    from tables
    inner join placed using (report_id, page_number, table_number)
    left join other_words using (report_id, page_number)
    group by all

),

-- The first and the last table of each page, where they stand at its head or foot.
chained as (

    select
        *,
        coalesce(
            is_first
            and last_above
            and page_above = page_number - 1
            and columns_above = column_count
            and len(column_edges) = len(edges_above)
            -- The margins of facing pages differ; columns that white space aligns keep their places roughly.
            and list_max(
                list_transform(
                    list_zip(column_edges, edges_above),
                    lambda edges: abs((edges[1] - column_edges[1]) - (edges[2] - edges_above[1]))
                )
            ) <= 40, false
        ) as goes_on,
    from (
        select
            *,
            lag(is_last) over document_order as last_above,
            lag(page_number) over document_order as page_above,
            lag(column_count) over document_order as columns_above,
            lag(column_edges) over document_order as edges_above,
        from shapes
        window document_order as (partition by report_id order by page_number, top, table_number)
    )

),

chains as (

    select
        *,
        sum((not goes_on)::integer) over (
            partition by report_id order by page_number, top, table_number rows unbounded preceding
        ) as chain_number,
    from chained

),

headed as (

    select
        chains.*,
        first_rows.row_key,
        first_rows.is_like_head
        and first_rows.row_key != first_value(first_rows.row_key) over same_chain
        -- In a table of words any row looks like a head.
        and bool_or(figure_rows.has_figures) over (partition by chains.report_id, chains.chain_number)
            as has_other_head,
    from chains
    inner join table_rows as first_rows
        on
            chains.report_id = first_rows.report_id
            and chains.page_number = first_rows.page_number
            and chains.table_number = first_rows.table_number
            and first_rows.row_number = 1
    inner join (
        select
            report_id,
            page_number,
            table_number,
            bool_or(has_figures) as has_figures,
        from table_rows
        group by report_id, page_number, table_number
    ) as figure_rows
        on
            chains.report_id = figure_rows.report_id
            and chains.page_number = figure_rows.page_number
            and chains.table_number = figure_rows.table_number
    window same_chain as (partition by chains.report_id, chains.chain_number order by chains.page_number, chains.top)

),

numbered as (

    select
        * exclude (chain_number),
        first_value(page_number) over whole_table as whole_page_number,
        first_value(table_number) over whole_table as whole_table_number,
        row_number() over whole_table as part_number,
    from (
        select
            *,
            sum((not goes_on or has_other_head)::integer) over (
                partition by report_id order by page_number, top, table_number rows unbounded preceding
            ) as whole_number,
        from headed
    )
    window whole_table as (partition by report_id, whole_number order by page_number, top, table_number)

),

-- The head of the first part, as far as it is printed again.
heads as (

    select
        numbered.report_id,
        numbered.page_number,
        numbered.table_number,
        count(*) filter (later.row_key = earlier.row_key and later.row_number = 1)
        + count(*) filter (later.row_key = earlier.row_key and later.row_number <= 2) // 2
        + count(*) filter (later.row_key = earlier.row_key and later.row_number <= 3) // 3
            as repeated_rows,
    from numbered
    inner join table_rows as later using (report_id, page_number, table_number)
    inner join table_rows as earlier
        on
            numbered.report_id = earlier.report_id
            and numbered.whole_page_number = earlier.page_number
            and numbered.whole_table_number = earlier.table_number
            and later.row_number = earlier.row_number
    where numbered.part_number > 1 and later.row_number <= 3 and later.row_key != ''
    group by numbered.report_id, numbered.page_number, numbered.table_number

),

edges as (

    select
        numbered.*,
        coalesce(heads.repeated_rows, 0) as repeated_rows,
        coalesce(bool_or(other_rows.is_heading) over (partition by numbered.report_id, numbered.whole_number), false) as has_headings,
        first_rows.label as first_label,
        first_rows.filled_count as first_filled,
        first_rows.row_text as first_text,
        first_rows.has_figures as first_has_figures,
        lag(last_rows.label) over whole_table as label_above,
        lag(last_rows.filled_count) over whole_table as filled_above,
        lag(last_rows.row_text) over whole_table as text_above,
    from numbered
    left join heads using (report_id, page_number, table_number)
    left join table_rows as first_rows
        on
            numbered.report_id = first_rows.report_id
            and numbered.page_number = first_rows.page_number
            and numbered.table_number = first_rows.table_number
            and coalesce(heads.repeated_rows, 0) + 1 = first_rows.row_number
    left join table_rows as last_rows
        on
            numbered.report_id = last_rows.report_id
            and numbered.page_number = last_rows.page_number
            and numbered.table_number = last_rows.table_number
            and last_rows.number_from_last = 1
    -- Rows of a label alone, not at the page's end.
    left join (
        select
            report_id,
            page_number,
            table_number,
            bool_or(label != '' and filled_count = 0 and row_number > 1 and number_from_last > 1) as is_heading,
        from table_rows
        group by report_id, page_number, table_number
    ) as other_rows
        on
            numbered.report_id = other_rows.report_id
            and numbered.page_number = other_rows.page_number
            and numbered.table_number = other_rows.table_number
    window whole_table as (partition by numbered.report_id, numbered.whole_number order by numbered.part_number)

),

cut as (

    select
        *,
        part_number > 1
        and row_count > repeated_rows
        and coalesce(
            case
                -- Its label alone goes on, or began alone: in the middle of words, or where no row is a heading.
                when first_filled = 0 and filled_above > 0 or filled_above = 0 and label_above != '' and first_filled > 0
                    then
                        first_label != ''
                        and (
                            regexp_matches(first_label, '^[a-z(&]')
                            or regexp_matches(label_above, '(?i)(\b(and|of|for|the|to|with|in|by)|[,&(/–-])$')
                            or not has_headings
                        )
                when first_label = '' then not first_has_figures and regexp_matches(first_text, '^\s*[a-z(&]')
            end, false
        ) as is_cut,
    from edges

),

final as (

    select
        report_id,
        page_number,
        table_number,
        whole_page_number,
        whole_table_number,
        part_number::integer as part_number,
        repeated_rows::integer as repeated_rows,
        is_cut,
        coalesce(
            sum(row_count - repeated_rows - is_cut::integer) over (
                partition by report_id, whole_number order by part_number rows between unbounded preceding and 1 preceding
            ), 0
        )::integer as rows_before,
    from cut

)

select * from final
