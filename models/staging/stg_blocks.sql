-- Lines joined into what the author wrote in one piece: a paragraph, a list item or a heading, across pages.
-- In the joined text chr(12) stands where the text goes on to the next page.

with page_lines as (

    select *
    from {{ ref('stg_lines') }}
    where line_kind not in ('furniture', 'contents')

),

running_lines as (

    select
        *,
        coalesce(bullet is not null or item_number is not null, false) as opens_item,
        -- In points; a space of plain text counts as six.
        coalesce(left_edge, 6 * leading_spaces) as indent,
        lag(line_kind) over document_order as previous_kind,
        lag(page_number) over document_order as previous_page,
        lag(left_edge) over document_order as previous_left_edge,
        lag(top) over document_order as previous_top,
        lag(font_size) over document_order as previous_size,
        lag(is_bold) over document_order as previous_bold,
        lag(has_tab) over document_order as previous_tab,
        lag(clean_text) over document_order as previous_text,
        lag(bullet is not null or item_number is not null) over document_order as previous_opens_item,
        -- pdfium joins the lines that a hyphen splits: such a line is as tall as two or three.
        (top - lag(top) over document_order) / (1 + lag(joined_line_count) over document_order) as line_pitch,
    from page_lines
    where line_kind in ('text', 'heading', 'table') or (line_kind = 'blank' and not is_laid_out)
    window document_order as (partition by report_id order by page_number, line_number)

),

usual_pitches as (

    select
        report_id,
        font_size,
        quantile_disc(line_pitch, 0.3) as usual_pitch,
        quantile_disc(length(clean_text), 0.9) as usual_length,
    from running_lines
    where line_pitch > 0 and font_size = previous_size and previous_page = page_number and line_kind = 'text'
    group by report_id, font_size

),

read_lines as (

    select
        running_lines.*,
        coalesce(usual_pitches.usual_pitch, 1.25 * running_lines.font_size) as usual_pitch,
        regexp_matches(running_lines.previous_text, '[.:;!?][’”"'')]*$') as follows_an_end,
        -- A line that ends early ends a paragraph, whatever its last character.
        length(running_lines.previous_text) < 0.7 * usual_pitches.usual_length as follows_a_short_line,
        regexp_matches(running_lines.clean_text, '^[a-z(]') as starts_small,
    from running_lines
    left join usual_pitches using (report_id, font_size)

),

broken as (

    select
        *,
        case
            when previous_kind is null or line_kind != previous_kind and line_kind != 'blank' and previous_kind != 'blank'
                then true
            when line_kind = 'blank' or line_kind = 'table' or previous_kind = 'table' then true
            when opens_item then true
            when line_kind = 'heading'
                then
                    not is_laid_out
                    or previous_kind = 'blank'
                    or abs(font_size - previous_size) > 0.6
                    or is_bold != previous_bold
                    or page_number != previous_page
                    or line_pitch not between 0 and 1.45 * font_size
            when has_tab or previous_tab then true
            when not is_laid_out then false
            -- The rest of a printed line, behind a footnote's mark.
            when
                page_number = previous_page
                and abs(top - previous_top) < 0.5 * previous_size
                and left_edge > previous_left_edge
                and regexp_matches(clean_text, '^([a-z,.;:()]|$)')
                then false
            when page_number != previous_page then follows_an_end or follows_a_short_line
            -- A bullet's glyph can stand on a line of its own.
            when previous_opens_item and regexp_matches(previous_text, '^\S{1,2}$') then false
            when line_pitch < 0 then true
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
    from read_lines

),

-- In text without layout a blank line ends a paragraph unless the sentence goes on behind it,
-- as it does where a page ended.
text_breaks as (

    select
        * exclude (opens_block),
        case
            when is_laid_out then opens_block
            when line_kind = 'blank' then false
            when opens_block then true
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
        max(font_size) as font_size,
        bool_and(is_bold) as is_bold,
        bool_or(has_tab) as has_tab,
        string_agg(
            -- The mark of a page's turn stands before the first line of the new page.
            repeat(chr(12), greatest(page_number - coalesce(page_before, page_number), 0)) || marked_text,
            ' ' order by page_number, line_number
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
        font_size,
        is_bold,
        has_tab,
        -- The sign or number of a list item is not part of its words.
        trim(
            regexp_replace(
                ltrim(joined_text, ' ' || chr(12)),
                case
                    when bullet is not null and item_number is not null then '^{{ bullet_characters() }}\s*\d{1,3}\.?\s*'
                    when bullet is not null then '^{{ bullet_characters() }}\s*'
                    when item_number is not null and block_kind = 'text' then '^\d{1,3}\.?\s*'
                    else '^'
                end, ''
            ), ' ' || chr(12)
        ) as block_text,
    from joined

)

select * from final
where block_text != ''
