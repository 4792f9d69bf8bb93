-- Lines joined into what the author wrote in one piece: a paragraph, a list item or a heading, across pages.
-- In the joined text chr(12) stands where the text goes on to the next page.

with page_lines as (

    select *
    from {{ documents_of(ref('stg_lines')) }}
    where line_kind not in ('furniture', 'contents')

),

running_lines as (

    select
        *,
        coalesce(bullet is not null or item_number is not null, false) as opens_item,
        -- In points; a space of plain text counts as six.
        coalesce(left_edge, 6 * leading_spaces) as indent,
        coalesce(min(left_edge) over (partition by report_id, page_number), 0) as page_left,
        lag(line_kind) over document_order as previous_kind,
        lag(page_number) over document_order as previous_page,
        lag(left_edge) over document_order as previous_left_edge,
        lag(top) over document_order as previous_top,
        lag(font_size) over document_order as previous_size,
        lag(is_bold) over document_order as previous_bold,
        lag(has_tab) over document_order as previous_tab,
        lag(clean_text) over document_order as previous_text,
        lag(bullet is not null or item_number is not null) over document_order as previous_opens_item,
        lag(case when line_kind != 'blank' then coalesce(tile, -1) end ignore nulls) over document_order as previous_tile,
        -- A drawing's figure stands before its words, wherever it was drawn.
        coalesce(tile > 0 and not regexp_full_match(clean_text, '£?\d[\d,.]*[%kmKM]?'), false) as follows_its_figure,
        -- pdfium joins the lines that a hyphen splits: such a line is as tall as two or three.
        top - lag(top) over document_order as distance_above,
        lag(joined_line_count) over document_order as lines_joined_above,
    from page_lines
    where line_kind in ('text', 'heading', 'table') or (line_kind = 'blank' and not is_laid_out)
    window document_order as (partition by report_id order by page_number, line_number)

),

usual_pitches as (

    select
        report_id,
        font_size,
        quantile_disc(distance_above / (1 + lines_joined_above), 0.3) as usual_pitch,
        quantile_disc(length(clean_text), 0.9) as usual_length,
    from running_lines
    where distance_above > 0 and font_size = previous_size and previous_page = page_number and line_kind = 'text' and tile is null
    group by report_id, font_size

),

read_lines as (

    select
        running_lines.*,
        coalesce(usual_pitches.usual_pitch, 1.25 * running_lines.font_size) as usual_pitch,
        running_lines.distance_above - running_lines.lines_joined_above * coalesce(usual_pitches.usual_pitch, 1.25 * running_lines.font_size)
            as line_pitch,
        usual_pitches.usual_length,
        coalesce(body_pitches.usual_pitch / running_lines.body_size, 1.25) * running_lines.font_size as pitch_as_of_body,
        regexp_matches(running_lines.previous_text, '[.:;!?][’”"'')]*$') as follows_an_end,
        -- A line that ends early ends a paragraph, whatever its last character.
        length(running_lines.previous_text) < 0.7 * usual_pitches.usual_length as follows_a_short_line,
        regexp_matches(running_lines.clean_text, '^[a-z(]') as starts_small,
    from running_lines
    left join usual_pitches using (report_id, font_size)
    left join usual_pitches as body_pitches
        on
            running_lines.report_id = body_pitches.report_id
            and running_lines.body_size = body_pitches.font_size

),

-- Where an item's words stand behind its sign or number: as its second line shows, or else the items beside it, or the
-- document's others, or, behind a bullet, most documents.
second_lines as (

    select
        report_id,
        page_number,
        line_number,
        indent,
        page_left,
        bullet,
        case
            when not is_laid_out then indent + 6 * length(regexp_extract(clean_text, '^{{ item_opening() }}'))
            when
                lead(page_number) over document_order = page_number
                and not lead(opens_item) over document_order
                and lead(left_edge) over document_order > left_edge + 4
                then lead(left_edge) over document_order
        end as words_edge,
        opens_item,
    from read_lines
    window document_order as (partition by report_id order by page_number, line_number)

),

items as (

    select
        report_id,
        page_number,
        line_number,
        indent as item_indent,
        page_left as item_page_left,
        coalesce(
            words_edge,
            case when edge_above between indent + 4 and indent + 40 then edge_above end,
            case when edge_below between indent + 4 and indent + 40 then edge_below end,
            indent + median(words_edge - indent) over (partition by report_id, bullet is null),
            case when bullet is not null then indent + 18 end
        ) as words_indent,
    from (
        select
            *,
            lag(words_edge ignore nulls) over document_order as edge_above,
            lead(words_edge ignore nulls) over document_order as edge_below,
        from second_lines
        where opens_item
        window document_order as (partition by report_id, bullet is null order by page_number, line_number)
    )

),

in_items as (

    select
        read_lines.*,
        items.words_indent,
        lag(items.item_indent ignore nulls) over document_order as last_item_indent,
        lag(items.item_page_left ignore nulls) over document_order as last_item_page_left,
        lag(items.words_indent ignore nulls) over document_order as last_words_indent,
        coalesce(
            last_words_indent > last_item_indent + 4
            and (read_lines.previous_opens_item or abs(read_lines.previous_left_edge - last_words_indent) < 5), false
        ) as follows_words_of_an_item,
        -- On the paper or, where margins change sides, on its page.
        follows_words_of_an_item
        and least(
            abs(read_lines.indent - last_words_indent),
            abs(read_lines.indent - read_lines.page_left - (last_words_indent - last_item_page_left))
        ) < 5
            as is_set_as_words_of_an_item,
        -- Out of an item to the margin.
        follows_words_of_an_item
        and read_lines.is_laid_out
        and read_lines.indent < last_words_indent - 6
            as is_set_out_of_an_item,
    from read_lines
    left join items using (report_id, page_number, line_number)
    window document_order as (partition by read_lines.report_id order by read_lines.page_number, read_lines.line_number)

),

-- A title in the type of the text: a short line without a stop or a figure, apart from what ended above it, over a list
-- or a paragraph that begins anew.
title_lines as (

    select
        *,
        is_short_title and (
            (stands_under_an_end and (stands_over_words or lead(is_short_title and stands_over_words) over document_order))
            or (stands_over_words and lag(is_short_title and stands_under_an_end) over document_order)
        )
            as is_title,
    from (
        select
            *,
            is_laid_out
            and line_kind = 'text'
            and tile is null
            and not opens_item
            and not has_tab
            and length(clean_text) < least(90, 0.7 * usual_length)
            and regexp_matches(clean_text, '^(?:What |How )?[A-Z]?[^\d.;:!?|]+[?:]?$')
            and regexp_matches(clean_text, '^[A-Z]')
            and not regexp_matches(clean_text, '(?i)^(dear|yours)\b')
            and not regexp_matches(
                clean_text, '\b(is|are|was|were|has|have|had|be|been|can|could|will|would|should|must|may|and|or|the|of|to|in|for|with)$'
            )
            and not regexp_matches(
                regexp_replace(clean_text, '^What (do|does|needs?)\b', ''),
                '\b(is|are|was|were|has|have|had|do|does|did|can|could|will|would|should|must)\b'
            )
            and coalesce(
                page_number != previous_page or line_pitch not between 0 and 1.28 * usual_pitch or abs(font_size - previous_size) > 0.3,
                true
            )
                as is_short_title,
            coalesce(previous_kind != 'text' or follows_an_end, true)
            -- Out of a list whose items have no stops.
            or coalesce(indent < last_words_indent - 6 and (previous_opens_item or previous_left_edge > indent + 6), false)
                as stands_under_an_end,
            coalesce(
                lead(line_kind) over document_order = 'text'
                and (
                    lead(opens_item) over document_order
                    or lead(length(clean_text) >= 0.7 * usual_length) over document_order
                )
                and (
                    length(clean_text) < 0.5 * usual_length
                    or lead(page_number) over document_order > page_number
                    or lead(line_pitch > 1.1 * usual_pitch or abs(font_size - previous_size) > 0.3) over document_order
                )
                and regexp_matches(
                    regexp_replace(lead(clean_text) over document_order, '^{{ item_opening() }}', ''), '^[‘’“"(]*[A-Z]'
                ), false
            )
                as stands_over_words,
        from in_items
        window document_order as (partition by report_id order by page_number, line_number)
    )
    window document_order as (partition by report_id order by page_number, line_number)

),

titled as (

    select
        * replace (if(is_title, 'heading', line_kind) as line_kind),
        if(lag(is_title) over document_order, 'heading', previous_kind) as kind_above,
    from title_lines
    window document_order as (partition by report_id order by page_number, line_number)

),

broken as (

    select
        * exclude (previous_kind, kind_above),
        kind_above as previous_kind,
        case
            -- A drawing's number and its words are one piece.
            when tile > 0 and line_kind != 'blank' then coalesce(tile != previous_tile or page_number != previous_page, true)
            when previous_tile >= 0 and line_kind != 'blank' then true
            when kind_above is null or line_kind != kind_above and line_kind != 'blank' and kind_above != 'blank'
                then true
            when line_kind = 'blank' or line_kind = 'table' or kind_above = 'table' then true
            when opens_item then true
            when line_kind = 'heading'
                then
                    not is_laid_out
                    or is_title
                    or kind_above = 'blank'
                    or abs(font_size - previous_size) > 0.6
                    or is_bold != previous_bold
                    or page_number != previous_page
                    or line_pitch not between 0 and 1.16 * greatest(pitch_as_of_body, 1.25 * font_size)
            when has_tab or previous_tab then true
            when not is_laid_out then false
            -- In a box of figures each has its line.
            when
                follows_a_short_line
                and regexp_matches(clean_text, '^\d[\d,.]*%? [A-Za-z]')
                and regexp_matches(previous_text, '^\d[\d,.]*%? [A-Za-z]')
                then true
            -- The rest of a printed line, behind a footnote's mark.
            when
                page_number = previous_page
                and abs(top - previous_top) < 0.5 * previous_size
                and left_edge > previous_left_edge
                and regexp_matches(clean_text, '^([a-z,.;:()]|$)')
                then false
            when page_number != previous_page
                then
                    not is_set_as_words_of_an_item
                    and (follows_an_end or (not starts_small and (follows_a_short_line or is_set_out_of_an_item)))
            -- A bullet's glyph, and a number, can stand on a line of its own.
            when previous_opens_item and regexp_matches(previous_text, '^(\S{1,2}|{{ opening_number() }})$') then false
            -- At the head of the column to the right a sentence goes on as on the next page.
            when line_pitch < 0
                then
                    not starts_small
                    or follows_an_end
                    or left_edge < previous_left_edge + 100
                    or is_bold != previous_bold
                    or abs(font_size - previous_size) > 0.3
            -- In the middle of a sentence the gap can be wider.
            when
                line_pitch <= 1.9 * usual_pitch
                and starts_small
                and not follows_an_end
                and not follows_a_short_line
                and left_edge between previous_left_edge - 30 and previous_left_edge + 6
                and font_size = previous_size
                then false
            -- A bullet can be taller than its words.
            when line_pitch > 1.28 * usual_pitch + case when previous_opens_item then abs(previous_size - font_size) else 0 end
                then true
            -- A deeper indent than the hanging one opens a list without bullets.
            else left_edge > previous_left_edge + 6 and not previous_opens_item
        end as opens_block,
    from titled

),

-- In text without layout a blank line ends a paragraph unless the sentence goes on behind it,
-- as it does where a page ended.
text_breaks as (

    select
        * exclude (opens_block),
        case
            when is_laid_out then opens_block
            when line_kind = 'blank' then false
            when opens_block or tile > 0 then opens_block
            else
                previous_kind = 'blank'
                and not (
                    starts_small
                    and not has_tab
                    and not regexp_matches(last_words, '[.:;!?][’”"'')]*$')
                    and not coalesce(last_kind = 'heading', false)
                    and not coalesce(last_tab, false)
                )
        end as opens_block,
    from (
        select
            *,
            last_value(nullif(clean_text, '') ignore nulls) over before_this as last_words,
            last_value(case when line_kind != 'blank' then line_kind end ignore nulls) over before_this as last_kind,
            last_value(case when line_kind != 'blank' then has_tab end ignore nulls) over before_this as last_tab,
        from broken
        window before_this as (
            partition by report_id order by page_number, line_number
            rows between unbounded preceding and 1 preceding
        )
    )

),

numbered as (

    select
        *,
        sum(coalesce(opens_block, true)::integer) over (
            partition by report_id order by page_number, line_number rows unbounded preceding
        )::integer as block_number,
        max(page_number) over (
            partition by report_id order by page_number, line_number
            rows between unbounded preceding and 1 preceding
        ) as page_before,
    from text_breaks
    where line_kind != 'blank'

),

joined as (

    select
        report_id,
        block_number,
        min(page_number) as page_number,
        min_by(line_number, (page_number, line_number)) as line_number,
        min_by(line_kind, (page_number, line_number)) as block_kind,
        min_by(bullet, (page_number, line_number)) as bullet,
        min_by(item_number, (page_number, line_number)) as item_number,
        min_by(indent, (page_number, line_number)) as indent,
        min_by(words_indent, (page_number, line_number)) as words_indent,
        min_by(page_left, (page_number, line_number)) as page_left,
        max(font_size) as font_size,
        bool_and(is_bold) as is_bold,
        bool_or(has_tab) as has_tab,
        string_agg(
            -- The mark of a page's turn stands before the first line of the new page.
            repeat(chr(12), greatest(page_number - coalesce(page_before, page_number), 0))
            || case when follows_its_figure and regexp_matches(clean_text, '(?i)^(?:[+–-]?\s?£?\d|(?:up|down|compared|from|was|previously)\b)') then {{ pause() }} else '' end || marked_text,
            ' ' order by page_number, follows_its_figure, line_number
        ) as joined_text,
    from numbered
    group by report_id, block_number

),

final as (

    select
        report_id,
        block_number,
        page_number,
        line_number,
        block_kind,
        bullet,
        item_number,
        indent,
        words_indent,
        page_left,
        font_size,
        is_bold,
        has_tab,
        -- The sign or number of a list item is not part of its words.
        trim(
            case
                when item_number is not null and (bullet is not null or block_kind = 'text')
                    then regexp_replace(printed_text, '^{{ item_opening() }}', '')
                when bullet is not null then regexp_replace(printed_text, '^{{ opening_bullet() }}', '')
                else printed_text
            end, ' ' || chr(12)
        ) as block_text,
    from (select *, ltrim(joined_text, ' ' || chr(12)) as printed_text from joined) as joined

)

select * from final
where block_text != ''
