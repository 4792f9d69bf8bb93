-- Every line of every page, with what it is on the page: running text, heading, list item, footnote or furniture.
-- depends_on: {{ ref('letterhead_lines') }}
-- A stretch that is printed but is not part of the words (a footnote's mark, Markdown's signs) stands between
-- chr(1) and chr(2) in `marked_text`, so that the text can be read with it (a quote) and without it (a pattern).

with pages as (

    select * from {{ documents_of(ref('stg_pages')) }}

),

-- The rows of tables of figures, their heads included, and of tables beyond the limits: read as a sentence they would say what
-- is not so. A row with a sentence in it is read as one, and so is what is paid: a name and its pounds.
table_rows as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
        bool_and(is_read) as is_read,
        count(*) filter (has_figure) as figure_count,
        count(*) filter (has_figure and column_number > 1 and cell_text not like '£%') as later_figure_count,
        bool_or(has_sentence) as has_sentence,
    from (
        select
            *,
            regexp_matches(cell_text, '\d') and not regexp_matches(cell_text, '[[:alpha:]]{4}') as has_figure,
            length(cell_text) > 160 or regexp_matches(cell_text, '[a-z)’]{2}[.;](\s+[A-Z]|$)') as has_sentence,
        from {{ documents_of(ref('stg_table_cells')) }}
    )
    group by report_id, page_number, table_number, row_number

),

rows_of_figures as (

    select
        report_id,
        page_number,
        table_number,
        row_number,
    from table_rows
    window same_table as (partition by report_id, page_number, table_number)
    qualify
        not is_read
        or figure_count >= 2
        or (
            not has_sentence
            and count(*) filter (later_figure_count > 0 and not has_sentence) over same_table >= 2
            and count(*) filter (later_figure_count > 0 and not has_sentence) over same_table >= 0.5 * count(*) over same_table
        )

),

table_lines as (

    select
        report_id,
        page_number,
        line_number,
        true as is_of_figures,
    from {{ documents_of(ref('stg_table_lines')) }}
    inner join rows_of_figures using (report_id, page_number, table_number, row_number)

),

split_lines as (

    select
        report_id,
        media_type,
        page_number,
        generate_subscripts(string_split(text, chr(10)), 1)::integer as line_number,
        unnest(string_split({{ without_controls('text') }}, chr(10))) as printed_text,
        unnest(case when len(line_layout) > 0 then line_layout end) as layout,
    from pages

),

laid_out as (

    select
        *,
        media_type = 'application/pdf' as is_laid_out,
        layout.left_edge as left_edge,
        layout.top as top,
        layout.font_size as font_size,
        layout.tile as tile,
        coalesce(layout.is_bold, false) as is_bold,
        -- A footnote's mark: a raised digit in a PDF, where it can split its line in two; in text a superscript
        -- character or tag, a reference in brackets behind a word, or a lone star behind a figure.
        case
            when
                layout.font_size < 0.8 * lag(layout.font_size) over page_lines
                and abs(layout.top - lag(layout.top) over page_lines) < 0.5 * lag(layout.font_size) over page_lines
                and regexp_matches(printed_text, '^\s*\d')
                then
                    chr(1) || {{ raised("regexp_extract(printed_text, '^\s*(\d{1,2})', 1)") }} || chr(2)
                    || regexp_replace(printed_text, '^\s*\d{1,2}', '')
            when media_type = 'application/pdf' and len(layout.superscripts) > 0
                then {{ mark_characters('printed_text', 'layout.superscripts') }}
            when media_type = 'application/pdf' then printed_text
            -- A line's end within a line parts words.
            else regexp_replace(regexp_replace(
                regexp_replace(
                    case
                        when regexp_full_match(printed_text, '\s*(?:\* )?[^*]*\d%?\*(?:[\s.,;:)][^*]*)?')
                            then regexp_replace(printed_text, '(\d%?)\*', '\1' || chr(1) || '*' || chr(2))
                        else printed_text
                    end,
                    '([\w%.,;:)])(\[\d{1,2}\])([^(\w]|$)', '\1' || chr(1) || '\2' || chr(2) || '\3', 'g'
                ),
                '(<sup>.*?</sup>|\[\^[^\]\s]{1,12}\]|[{{ raised_digits() }}]+|\$[^$]*\$| *<br */?> *|<span[^>]*>|</span>)',
                chr(1) || '\1' || chr(2), 'g'
            ), '(<br */?> *' || chr(2) || ')', '\1 ', 'g')
        end as noted_text,
    from split_lines
    window page_lines as (partition by report_id, page_number order by line_number)

),

mended as (

    select
        * exclude (layout, noted_text),
        trim(
            regexp_replace(
                case
                    when is_laid_out then noted_text
                    else regexp_replace(noted_text, '(\*\*|__|^\s*#+\s|\s#+\s*$)', chr(1) || '\1' || chr(2), 'g')
                -- At a line's end pdfium writes U+FFFE for the hyphen and joins the two lines.
                end.replace(chr(65534), '-').replace(chr(173), ''),
                -- A space that stands alone is left, as in one_line.
                '[ \t\x{00A0}\x{2000}-\x{200B}\r\f]{2,}|[\t\x{00A0}\x{2000}-\x{200B}\r\f]', ' ', 'g'
            )
        ) as marked_text,
        length(printed_text) - length(ltrim(printed_text)) as leading_spaces,
        len(regexp_extract_all(printed_text, '[\x{FFFE}\x{AD}]')) as joined_line_count,
        printed_text like '%' || chr(9) || '_%' or (not is_laid_out and regexp_matches(printed_text, '^\s*\|.+\|\s*$')) as has_tab,
    from laid_out

),

read_lines as (

    select
        *,
        {{ without_marks('marked_text') }} as clean_text,
        regexp_replace(lower(marked_text), '\d+', '#', 'g') as repeated_text,
        row_number() over (page_lines) as position_from_top,
        row_number() over (partition by report_id, page_number order by line_number desc) as position_from_bottom,
        max(page_number) over (partition by report_id) as last_page_number,
    from mended
    window page_lines as (partition by report_id, page_number order by line_number)

),

-- A line that stands at the head or foot of many pages, its numbers apart, belongs to none of them.
furniture as (

    select
        report_id,
        repeated_text,
    from read_lines
    where
        is_laid_out
        and (position_from_top <= 3 or position_from_bottom <= 3)
        and clean_text != ''
    group by report_id, repeated_text
    having
        count(distinct page_number) >= 2
        and (
            count(distinct page_number) >= 0.3 * max(last_page_number)
            -- A part bound into the report can have a header of its own, on every page or every other.
            or (
                count(distinct page_number) >= 3
                and max(page_number) - min(page_number) < 2.2 * count(distinct page_number)
                and regexp_matches(repeated_text, '^[#a-z].{8,} .*[a-z]{3}')
            )
        )

),

-- The inspectorate's letterhead stands where the page's text happens to have it, often in the middle of a sentence that
-- goes on on the next page. What could be a part of it, in a row of such lines, is one where a line of the row says so.
letterheads as (

    select
        report_id,
        page_number,
        line_number,
    from (
        select
            *,
            sum((not could_be)::integer) over (
                partition by report_id, page_number order by line_number rows unbounded preceding
            ) as lines_of_other_kinds,
        from (
            select
                report_id,
                page_number,
                line_number,
                lower(clean_text) as small_text,
                length(clean_text) <= 200 and regexp_full_match(small_text, '{{ letterhead_words() }}') as could_be,
            from read_lines
            where clean_text != ''
        )
    )
    where could_be
    window same_row as (partition by report_id, page_number, lines_of_other_kinds)
    qualify
        bool_or(regexp_matches(small_text, '{{ letterhead_words("alone") }}')) over same_row
        or (
            bool_or(regexp_matches(small_text, '{{ letterhead_words("anchor") }}')) over same_row
            and count(*) over same_row > 1
        )

),

-- The size of running text: in a short report a table, set smaller, can hold more words than all that stands around it.
body_sizes as (

    select
        report_id,
        coalesce(arg_max(font_size, prose) filter (prose > 0), arg_max(font_size, characters)) as body_size,
    from (
        select
            read_lines.report_id,
            read_lines.font_size,
            sum(length(read_lines.clean_text)) as characters,
            sum(length(read_lines.clean_text)) filter (
                rows_of_tables.line_number is null and regexp_matches(read_lines.clean_text, '^(\S+ ){7}')
            ) as prose,
        from read_lines
        left join {{ documents_of(ref('stg_table_lines')) }} as rows_of_tables using (report_id, page_number, line_number)
        where read_lines.font_size is not null
        group by read_lines.report_id, read_lines.font_size
    )
    group by report_id

),

placed as (

    select
        read_lines.*,
        body_sizes.body_size,
        (
            furniture.repeated_text is not null
            and (read_lines.position_from_top <= 3 or read_lines.position_from_bottom <= 3)
        )
        or (
            -- A number alone at the head or foot of a page is the page's number.
            read_lines.tile is null
            and regexp_matches(read_lines.clean_text, '^(page )?\d{1,3}( of \d{1,3})?$')
            and read_lines.is_laid_out
            and (read_lines.position_from_top = 1 or read_lines.position_from_bottom = 1)
        )
            as repeats,
        -- A small number above small print is a footnote's, though it looks like a page's.
        regexp_matches(read_lines.clean_text, '^\d{1,2}$')
        and read_lines.font_size < 0.7 * body_sizes.body_size
        and read_lines.position_from_bottom between 2 and 8
            as is_footnote_number,
        letterheads.line_number is not null as is_letterhead,
        is_letterhead or (repeats and not is_footnote_number) as is_furniture,
        coalesce(read_lines.font_size >= 0.92 * body_sizes.body_size, true) as is_of_body_size,
    from read_lines
    left join body_sizes using (report_id)
    left join furniture
        on
            read_lines.report_id = furniture.report_id
            and read_lines.repeated_text = furniture.repeated_text
    left join letterheads
        on
            read_lines.report_id = letterheads.report_id
            and read_lines.page_number = letterheads.page_number
            and read_lines.line_number = letterheads.line_number

),

-- The small print under the last line of running text of a page, from its first footnote mark on.
footnote_starts as (

    select
        report_id,
        page_number,
        min(line_number) filter (
            where
                regexp_matches(clean_text, '^(\d{1,2}|[{{ note_signs() }}])(\s|$)')
                or starts_with(marked_text, chr(1))
        ) as first_footnote_line,
    from (
        select
            *,
            max(line_number) filter (where is_of_body_size and not is_furniture and clean_text != '')
                over (partition by report_id, page_number) as last_body_line,
        from placed
    )
    where
        is_laid_out
        and not is_furniture
        and line_number > coalesce(last_body_line, 0)
    group by report_id, page_number

),

-- From the word Contents to the last line near it that ends with a page's number.
contents as (

    select
        starts.report_id,
        starts.page_number,
        starts.line_number as first_contents_line,
        max(entries.line_number) as last_contents_line,
    from placed as starts
    inner join placed as entries
        on
            starts.report_id = entries.report_id
            and starts.page_number = entries.page_number
            and entries.line_number between starts.line_number + 1 and starts.line_number + 50
            and regexp_matches(entries.clean_text, '[[:alpha:]?!)].*[\s.]\d{1,3}$')
            and not entries.is_furniture
    where regexp_matches(lower(starts.clean_text), '^(table of )?contents( page)?$')
    group by starts.report_id, starts.page_number, starts.line_number
    having count(*) >= 3

),

contents_lines as (

    select distinct
        placed.report_id,
        placed.page_number,
        placed.line_number,
        true as is_contents,
    from placed
    inner join contents
        on
            placed.report_id = contents.report_id
            and placed.page_number = contents.page_number
            and placed.line_number between contents.first_contents_line and contents.last_contents_line

),

-- In text a page's number stands alone between blank lines, as do the numbers of the pages beside it.
numbers_alone as (

    select
        report_id,
        page_number,
        line_number,
        clean_text,
        try_cast(regexp_extract(clean_text, '^(?i:page )?(\d{1,3})(?: of \d{1,3})?$', 1) as integer) as number,
    from (
        select
            *,
            lag(clean_text) over page_lines = '' and lead(clean_text) over page_lines = '' as stands_alone,
        from read_lines
        where not is_laid_out
        window page_lines as (partition by report_id, page_number order by line_number)
    )
    where stands_alone and number is not null

),

text_page_numbers as (

    select
        report_id,
        page_number,
        line_number,
        true as is_page_number,
    from numbers_alone
    where
        clean_text ilike 'page%'
        or (report_id, number + 1) in (select (report_id, number) from numbers_alone)
        or (report_id, number - 1) in (select (report_id, number) from numbers_alone)

),

large_bullets as (

    select
        report_id,
        page_number,
        min(left_edge) as bullet_edge,
        min(font_size) as bullet_size,
    from placed
    where
        is_laid_out
        and font_size > 1.08 * body_size
        and regexp_matches(clean_text, '^{{ bullet_characters() }}\s')
    group by report_id, page_number

),

kinds as (

    select
        placed.*,
        case
            when clean_text = '' and marked_text = '' then 'blank'
            when is_furniture or text_page_numbers.is_page_number then 'furniture'
            when contents_lines.is_contents then 'contents'
            -- Of a drawing of figures: nought where a number's words are in doubt.
            when tile > 0 then 'text'
            when tile = 0 then 'table'
            when table_lines.is_of_figures then 'table'
            -- A row that stands alone: no sentence ends with three figures.
            when regexp_matches(clean_text, '\S\s+([<£]?[1-9][\d,.]*%?\s+){2,}[<£]?[1-9][\d,.]*%?$') then 'table'
            when footnote_starts.first_footnote_line <= placed.line_number then 'footnote'
            -- In text the footnote's own mark opens its line.
            when not is_laid_out and regexp_matches(marked_text, '^\x01([{{ raised_digits() }}]|<sup|\[\^)') then 'footnote'
            when regexp_matches(marked_text, '^\x01\s*#+') then 'heading'
            when
                is_laid_out
                and (is_bold or font_size > 1.08 * body_size)
                and not regexp_matches(clean_text, '^{{ bullet_characters() }}')
                and regexp_matches(clean_text, '[[:alpha:]]')
                -- "R1 …" opens a coded recommendation, whose code alone can be bold.
                and not regexp_matches(clean_text, '^[A-Z]{1,2}\d{1,2}\s[A-Z]')
                -- A bold word that goes on with the line above.
                and not (
                    font_size <= 1.08 * body_size
                    and regexp_matches(clean_text, '^[a-z]')
                    and not coalesce(lag(is_bold) over page_lines, true)
                    and not regexp_matches(lag(clean_text) over page_lines, '[.:;!?]$')
                )
                -- A paragraph's number can be larger than its words.
                and not (
                    not is_bold
                    and font_size <= 1.25 * body_size
                    and length(clean_text) >= 40
                    and regexp_matches(clean_text, '^\d{1,3}\.\s')
                )
                -- What stands in brackets or quotes in somewhat larger type goes on, and so does a paragraph in such type.
                and not (
                    not is_bold
                    and font_size <= 1.3 * body_size
                    and (
                        regexp_matches(clean_text, '^[(‘“a-z]')
                        and (
                            lag(font_size) over page_lines <= 1.08 * body_size
                            or regexp_matches(lag(clean_text) over page_lines, '^[(‘“]')
                        )
                        or (placed.page_number > 1 and count(*) filter (not is_bold and length(clean_text) >= 40) over same_type >= 3)
                    )
                )
                -- A paragraph can begin with a bold number or word: what follows goes on in plain type.
                and not (
                    is_bold
                    and font_size <= 1.08 * body_size
                    and length(clean_text) >= 40
                    and (
                        not lead(is_bold) over page_lines
                        and regexp_matches(lead(clean_text) over page_lines, '^[a-z]')
                        or regexp_matches(clean_text, '^{{ opening_number() }}.*\.$')
                    )
                )
                -- Under the bullets of a page set in larger type.
                and not coalesce(not is_bold and left_edge > bullet_edge + 6 and abs(font_size - bullet_size) < 0.5, false)
                then 'heading'
            when
                not is_laid_out
                and not has_tab
                and length(clean_text) < 120
                and regexp_matches(clean_text, '^[A-Z][^.;,]*$')
                -- "R1 …" opens a coded recommendation.
                and not regexp_matches(clean_text, '^[A-Z]{1,2}\d{1,2}\b')
                -- What has a verb of the past is a sentence.
                and not regexp_matches(clean_text, '\b(was|were|has|have|had)\b')
                and coalesce(lag(clean_text) over (page_lines), '') = ''
                and coalesce(lead(clean_text) over (page_lines), '') = ''
                then 'heading'
            else 'text'
        end as line_kind,
    from placed
    left join footnote_starts using (report_id, page_number)
    left join contents_lines using (report_id, page_number, line_number)
    left join table_lines using (report_id, page_number, line_number)
    left join large_bullets using (report_id, page_number)
    left join text_page_numbers using (report_id, page_number, line_number)
    window
        page_lines as (partition by placed.report_id, placed.page_number order by placed.line_number),
        same_type as (partition by placed.report_id, placed.page_number, placed.font_size)

),

-- How a line opens: with a bullet, with a number and its stop (perhaps behind a bullet), or with a number alone.
openings as (

    select
        *,
        nullif(trim(regexp_extract(clean_text, '^{{ opening_bullet() }}', 0)), '') as glyph,
        case
            when line_kind in ('text', 'heading') and tile is null
                then try_cast(nullif(
                    regexp_extract(clean_text, '^(?:{{ opening_bullet() }}\s*)?{{ opening_number() }}(?:\s|[A-Z‘’“(]|$)', 1), ''
                ) as integer)
        end as pointed_number,
        case
            when line_kind = 'text' and tile is null and not regexp_matches(clean_text, '^\d{1,2} (?:{{ month_names() }})\b')
                then try_cast(nullif(regexp_extract(clean_text, '^(\d{1,3})\s*[‘’“]?[A-Z]', 1), '') as integer)
        end as bare_number,
        lag(left_edge) over document_order as left_edge_above,
        lag(case when line_kind in ('text', 'heading', 'table') then line_kind end ignore nulls) over document_order as kind_above,
        lag(case when line_kind in ('text', 'heading', 'table') then clean_text end ignore nulls) over document_order as text_above,
        lag(page_number) over document_order as page_above,
        lag(top) over document_order as top_above,
    from kinds
    window document_order as (partition by report_id order by page_number, line_number)

),

-- A number in the middle of a sentence is taken only where the numbers around it leave a place for it.
numbered_lines as (

    select
        report_id,
        page_number,
        line_number,
        left_edge,
        left_edge_above,
        kind_above,
        pointed_number,
        bare_number,
        lag(pointed_number ignore nulls) over document_order as last_pointed_number,
        -- A figure that opens a line in the middle of a sentence is most likely one of its words. In text a long line is a
        -- paragraph; in a PDF a line far above is.
        coalesce(
            kind_above = 'text'
            and not regexp_matches(text_above, '[.:;!?)][’”"'')]*$|^\W*$')
            and (is_laid_out or length(text_above) <= 120)
            and not coalesce(page_number = page_above and top - top_above > 2.1 * font_size, false), false
        ) as is_mid_sentence,
        case when not is_mid_sentence then pointed_number end as sure_number,
    from openings
    where pointed_number is not null or bare_number is not null
    window document_order as (partition by report_id order by page_number, line_number)

),

between_sure_numbers as (

    select
        *,
        -- Numbers in a row make a run.
        sum(coalesce(pointed_number != last_pointed_number + 1, false)::integer) over (
            partition by report_id order by page_number, line_number rows unbounded preceding
        ) as run_number,
        lag(sure_number ignore nulls) over document_order as last_sure_number,
        lead(sure_number ignore nulls) over document_order as next_sure_number,
    from numbered_lines
    window document_order as (partition by report_id order by page_number, line_number)

),

taken_numbers as (

    select
        *,
        case
            when sure_number is not null then sure_number
            when
                (
                    not coalesce(last_sure_number + 1 = next_sure_number, false)
                    -- A list that begins again under a line that is set like text.
                    or (pointed_number = 1 and last_pointed_number > 1 and next_sure_number = 2)
                )
                and (
                    bool_or(sure_number is not null) over run
                    or min(pointed_number) over run in (1, last_sure_number + 1)
                )
                then pointed_number
        end as taken_number,
    from between_sure_numbers
    window run as (partition by report_id, run_number)

),

-- A number without its stop is a paragraph's only where it fills a place between others or is one of a row.
beside_numbers as (

    select
        *,
        lag(taken_number ignore nulls) over document_order as last_taken_number,
        lead(taken_number ignore nulls) over document_order as next_taken_number,
        lag(coalesce(taken_number, bare_number) ignore nulls) over document_order as last_number,
        lead(coalesce(taken_number, bare_number) ignore nulls) over document_order as next_number,
        coalesce(bare_number = last_number + 1, false) as follows_a_number,
        coalesce(bare_number = next_number - 1, false) as precedes_a_number,
    from taken_numbers
    window document_order as (partition by report_id order by page_number, line_number)

),

item_numbers as (

    select
        report_id,
        page_number,
        line_number,
        coalesce(
            taken_number,
            case
                when not (follows_a_number or precedes_a_number) then null
                when is_mid_sentence and not (precedes_a_number and (follows_a_number or bare_number = 1)) then null
                -- Between two numbers that follow each other only where a list begins again: set out, or at its first number.
                when
                    coalesce(last_taken_number + 1 != next_taken_number, true)
                    or (precedes_a_number and (kind_above = 'heading' or left_edge_above > left_edge + 6))
                    or (bare_number = 1 and last_number > 1 and next_taken_number = 2)
                    then bare_number
            end
        ) as item_number,
    from beside_numbers

),

final as (

    select
        report_id,
        page_number,
        line_number,
        line_kind,
        is_letterhead,
        printed_text,
        marked_text,
        clean_text,
        is_laid_out,
        left_edge,
        top,
        font_size,
        body_size,
        is_bold,
        leading_spaces,
        joined_line_count,
        has_tab,
        tile,
        case
            -- A dash under the line above it, whose sentence has not ended, is a dash of that sentence.
            when
                is_laid_out
                and regexp_matches(glyph, '^[–—―-]$')
                and kind_above = 'text'
                and abs(left_edge - left_edge_above) < 1
                and not regexp_matches(text_above, '^{{ opening_bullet() }}|[.:;]$')
                then null
            else glyph
        end as bullet,
        item_number,
    from openings
    left join item_numbers using (report_id, page_number, line_number)

)

select * from final
