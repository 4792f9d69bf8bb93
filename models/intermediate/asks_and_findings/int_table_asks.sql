-- The asks of documents whose asks stand in the rows of tables: one a row, whatever paragraphs and points it holds, and whole
-- over pages. The rows of a single column land as no table: there a paragraph is a row.

with reports as (

    select report_frameworks.report_id
    from {{ documents_of(ref('int_report_frameworks')) }} as report_frameworks
    inner join {{ ref('frameworks') }} as frameworks using (framework_id)
    where frameworks.asks_stand_in_tables

),

recommendation_types as (

    select * from {{ ref('recommendation_types') }}

),

blocks as (

    select
        blocks.report_id,
        blocks.block_number,
        blocks.bullet,
        blocks.page_number,
        blocks.line_number,
        blocks.block_kind,
        -- Of a heading: what is longer would be carried by every line below it.
        {{ one_line(without_marks('blocks.block_text')) }}[:{{ var('longest_heading') }}] as words,
        sections.section_kind,
        sections.part,
        sections.section_block_number,
        sections.heading_block_number,
    from {{ documents_of(ref('stg_blocks')) }} as blocks
    inner join reports using (report_id)
    inner join {{ documents_of(ref('int_sections')) }} as sections using (report_id, block_number)

),

page_lines as (

    select
        lines.*,
        table_lines.table_number,
        table_lines.row_number,
    from {{ documents_of(ref('stg_lines')) }} as lines
    inner join reports using (report_id)
    left join {{ documents_of(ref('stg_table_lines')) }} as table_lines using (report_id, page_number, line_number)
    where lines.line_kind in ('text', 'heading', 'table') and lines.clean_text != ''

),

cells as (

    select cells.*
    from {{ documents_of(ref('stg_table_cells')) }} as cells
    inner join reports using (report_id)

),

tables as (

    select
        report_id,
        page_number,
        table_number,
        column_edges,
    from {{ documents_of(ref('stg_tables')) }}

),

-- The lines of sections of asks, each in the block that it is a part of; no heading, nor the head of a table that repeats it.
asking_lines as (

    select
        page_lines.report_id,
        page_lines.page_number,
        page_lines.line_number,
        regexp_replace(page_lines.clean_text, if(page_lines.bullet is null, '^$', '^{{ item_opening() }}'), '') as clean_text,
        page_lines.left_edge,
        page_lines.top,
        page_lines.table_number,
        page_lines.row_number,
        blocks.block_number,
        if(blocks.page_number = page_lines.page_number, blocks.bullet, null) as bullet,
        blocks.section_kind,
        blocks.part,
        blocks.section_block_number,
    from page_lines
    asof inner join blocks
        on
            page_lines.report_id = blocks.report_id
            and (page_lines.page_number, page_lines.line_number) >= (blocks.page_number, blocks.line_number)
    semi join recommendation_types on blocks.section_kind = recommendation_types.section_kind
    where
        blocks.block_kind != 'heading'
        and blocks.block_number != blocks.heading_block_number

),

asking_rows as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        min(line_number) as line_number,
        min(block_number) as block_number,
        any_value(section_kind) as section_kind,
        any_value(part) as part,
        min(section_block_number) as section_block_number,
    from asking_lines
    where table_number is not null
    group by report_id, page_number, table_number, row_number

),

-- A row of two filled cells has the body that answers for it in the first.
filled_rows as (

    select
        asking_rows.report_id,
        asking_rows.page_number,
        asking_rows.table_number,
        asking_rows.row_number,
        list(cells.cell_text order by cells.column_number) filter (where cells.cell_text != '') as texts,
        list(cells.column_number order by cells.column_number) filter (where cells.cell_text != '') as columns,
        bool_or(cells.column_number = 1 and cells.cell_text is null) as goes_on_from_above,
        bool_or(cells.cell_text = '' and cells.row_span > 1) as has_margin,
        -- The first column alone, of several.
        columns = [1] and bool_or(cells.column_number > 1 and cells.cell_text is not null) as fills_first_alone,
    from asking_rows
    inner join cells using (report_id, page_number, table_number, row_number)
    group by asking_rows.report_id, asking_rows.page_number, asking_rows.table_number, asking_rows.row_number

),

-- Where the second column begins, in sections that have two.
two_columns as (

    select
        asking_rows.report_id,
        asking_rows.section_block_number,
        min(tables.column_edges[filled_rows.columns[2]]) as second_edge,
    from filled_rows
    inner join asking_rows using (report_id, page_number, table_number, row_number)
    inner join tables using (report_id, page_number, table_number)
    where len(filled_rows.columns) >= 2
    group by asking_rows.report_id, asking_rows.section_block_number

),

-- The lines that are in no table.
loose_lines as (

    select
        asking_lines.*,
        two_columns.report_id is not null as has_bodies,
        coalesce(asking_lines.left_edge < two_columns.second_edge - 3, false) as is_body,
        regexp_matches(lag(asking_lines.clean_text) over block_order, '[.!?][’”"'')]*$') as follows_an_end,
        asking_lines.top - lag(asking_lines.top) over block_order as pitch,
    from asking_lines
    left join two_columns using (report_id, section_block_number)
    where asking_lines.table_number is null and regexp_matches(asking_lines.clean_text, '\pL|\d')
    window block_order as (
        partition by asking_lines.report_id, asking_lines.block_number, asking_lines.page_number order by asking_lines.line_number
    )

),

-- A rule between two rows takes less room than a new paragraph does, but some: behind a stop it parts them.
ruled_lines as (

    select
        *,
        sum(coalesce(follows_an_end and regexp_matches(clean_text, '^\p{Lu}') and pitch > least_pitch + 0.3, false)::integer) over (
            partition by report_id, block_number, page_number order by line_number rows unbounded preceding
        ) as row_of_block,
    from (
        select
            *,
            min(case when pitch > 0 then pitch end) over (partition by report_id, block_number, page_number) as least_pitch,
        from loose_lines
    )

),

-- What stands in one row on one page: a row of a table, or the lines of a paragraph that are in none.
pieces as (

    select
        asking_rows.report_id,
        asking_rows.page_number,
        asking_rows.line_number,
        asking_rows.block_number,
        asking_rows.section_kind,
        asking_rows.part,
        asking_rows.section_block_number,
        true as is_row,
        filled_rows.goes_on_from_above,
        filled_rows.has_margin,
        null as bullet,
        case
            when len(filled_rows.texts) >= 2 or (filled_rows.fills_first_alone and two_columns.report_id is not null)
                then filled_rows.texts[1]
        end as body,
        case
            when len(filled_rows.texts) >= 2 then array_to_string(filled_rows.texts[2:], ' ')
            when body is null then filled_rows.texts[1]
        end as ask,
        two_columns.report_id is not null as has_bodies,
    from asking_rows
    inner join filled_rows using (report_id, page_number, table_number, row_number)
    left join two_columns using (report_id, section_block_number)

    union all by name

    select
        report_id,
        page_number,
        min(line_number) as line_number,
        block_number,
        any_value(section_kind) as section_kind,
        any_value(part) as part,
        section_block_number,
        false as is_row,
        any_value(bullet) as bullet,
        case when is_body then string_agg(clean_text, ' ' order by line_number) end as body,
        case when not is_body then string_agg(clean_text, ' ' order by line_number) end as ask,
        has_bodies,
    from ruled_lines
    group by report_id, page_number, block_number, section_block_number, has_bodies, is_body, row_of_block

),

opened as (

    select
        *,
        case
            when ask_above is null and body_above is null then true
            when goes_on_from_above
                -- A body can answer for several rows; a row that shading parts has margins beside its parts.
                then not has_margin and has_bodies and ends_above and regexp_matches(ask, '^\p{Lu}')
            when has_bodies and is_row then not (page_number > page_above and (body is null or ask is null))
            when has_bodies then body is not null and ask_above is not null and page_number = page_above
            when bullet is not null then not has_paragraphs_above
            -- Behind points, which need no stop.
            when not is_row and bullet_above is not null and regexp_matches(ask, '^\p{Lu}') then true
            when regexp_matches(ask, '^[\p{Ll}(,;•▪◼–-]') then is_row and page_number = page_above
            when is_row and page_number = page_above then true
            else ends_above
        end as opens,
    from (
        select
            *,
            lag(ask) over section_order as ask_above,
            lag(body) over section_order as body_above,
            lag(bullet) over section_order as bullet_above,
            lag(page_number) over section_order as page_above,
            coalesce(regexp_matches(rtrim(lag(ask) over section_order), '[.!?][’”"'')]*$'), true) as ends_above,
            coalesce(bool_or(bullet is null) over (section_order rows between unbounded preceding and 1 preceding), false)
                as has_paragraphs_above,
        from pieces
        window section_order as (partition by report_id, section_block_number order by page_number, line_number)
    )

),

numbered as (

    select
        *,
        sum(opens::integer) over (
            partition by report_id, section_block_number order by page_number, line_number rows unbounded preceding
        ) as ask_number,
    from opened

),

whole as (

    select
        numbered.report_id,
        numbered.section_block_number,
        numbered.ask_number,
        any_value(numbered.section_kind) as section_kind,
        any_value(numbered.part) as part,
        any_value(headings.words) as section,
        min(numbered.block_number) as block_number,
        arg_min(numbered.page_number, (numbered.page_number, numbered.line_number)) filter (where numbered.ask is not null) as page_number,
        arg_min(numbered.line_number, (numbered.page_number, numbered.line_number)) filter (where numbered.ask is not null) as line_number,
        string_agg(numbered.body, ' ' order by numbered.page_number, numbered.line_number) as responsible_body,
        trim(string_agg(
            if(numbered.bullet is not null and not numbered.opens, '• ', '') || numbered.ask,
            ' ' order by numbered.page_number, numbered.line_number
        ))[:{{ var('longest_paragraph') }}] as ask_text,
    from numbered
    left join blocks as headings
        on numbered.report_id = headings.report_id and numbered.section_block_number = headings.block_number
    group by numbered.report_id, numbered.section_block_number, numbered.ask_number

),

-- A second table can repeat what the first asks for, or its head.
final as (

    select
        whole.report_id,
        whole.block_number,
        whole.page_number,
        whole.line_number,
        whole.section_kind,
        whole.part,
        whole.section,
        whole.responsible_body,
        whole.ask_text,
    from whole
    where
        regexp_matches(whole.ask_text, '\p{L}{2}')
        and not regexp_full_match(lower(whole.ask_text), '{{ asks_for_nothing() }}')
        and {{ letters_and_digits('whole.ask_text') }} != {{ letters_and_digits('whole.section') }}
        and not exists (
            from whole as earlier
            where
                earlier.report_id = whole.report_id
                and earlier.section_kind = whole.section_kind
                and (earlier.page_number, earlier.line_number) < (whole.page_number, whole.line_number)
                and contains({{ letters_and_digits('earlier.ask_text') }}, {{ letters_and_digits('whole.ask_text') }})
        )

)

select * from final
