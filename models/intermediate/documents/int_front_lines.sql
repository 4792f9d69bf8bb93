-- The lines that say what a document is: its first sixty, blank ones and the letterhead apart, on its first two pages.

with page_lines as (

    select
        *,
        coalesce(lag(clean_text) over (partition by report_id, page_number order by line_number), '') = '' as follows_a_gap,
    from {{ documents_of(ref('stg_lines')) }}
    where page_number <= 2

),

front_lines as (

    select
        report_id,
        page_number,
        line_number,
        row_number() over (partition by report_id order by page_number, line_number)::integer as front_line_number,
        line_kind,
        font_size,
        -- No line of a title is longer.
        clean_text[:1000] as clean_text,
        follows_a_gap,
    from page_lines
    where
        line_kind in ('text', 'heading', 'furniture')
        and not is_letterhead
        and clean_text != ''
    qualify front_line_number <= 60

),

marked as (

    select
        *,
        -- Where the title ends: at the dates, the grades, the inspector's name, a salutation, a first sentence.
        bool_or(
            front_line_number > 12
            or page_number > 1
            or (line_kind = 'text' and regexp_matches(clean_text, '[a-z]\.$'))
            or regexp_matches(
                lower(clean_text),
                '^(inspection dates?|report published|published\s*:|lead inspector|reporting inspector|age group|'
                || 'judgement grade|dear |contents|executive summary|introduction|foreword|the overall judge?ment|'
                || 'children.{0,2}s services (in .*)?(is|are|requires?)\b|this (report|letter))'
            )
        ) over (partition by report_id order by front_line_number rows unbounded preceding) as is_past_title,
        bool_or({{ is_salutation('clean_text') }}) over (
            partition by report_id order by front_line_number
            rows between unbounded preceding and 1 preceding
        ) as is_past_salutation,
    from front_lines

)

select * from marked
