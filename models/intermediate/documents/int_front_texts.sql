-- The words at a document's head, and which of them are its title: a letter's subject stands below its salutation, at once or
-- behind a first paragraph.

with front_lines as (

    select * from {{ documents_of(ref('int_front_lines')) }}

),

-- Where a letter says what it is about, and where each of its first sentences begins.
letter_lines as (

    select
        report_id,
        front_line_number,
        line_kind,
        clean_text,
        follows_a_gap,
        row_number() over (partition by report_id order by front_line_number) = 1 as is_first,
        regexp_matches(
            clean_text,
            '^(?:This|The|Her|His|I|We|Thank|Following|Between|Inspectors|On \d|From \d)\b.* .*\b[a-z]{2,}'
        ) as opens_a_sentence,
        min(case when regexp_matches(lower(clean_text), '^this letter') then front_line_number end)
            over (partition by report_id) as first_sentence_line,
    from front_lines
    where is_past_salutation

),

letter_runs as (

    select
        *,
        sum(opens_run::integer) over (
            partition by report_id order by front_line_number rows unbounded preceding
        ) as run_number,
    from (
        select
            *,
            is_first
            or line_kind != lag(line_kind) over letter_order
            or (line_kind != 'heading' and (follows_a_gap or opens_a_sentence)) as opens_run,
        from letter_lines
        window letter_order as (partition by report_id order by front_line_number)
    )

),

-- A heading, else a few words that are no sentence.
subjects as (

    select
        report_id,
        run_number,
        min(front_line_number) as first_line,
        max(front_line_number) as last_line,
        bool_and(line_kind = 'heading') as is_heading,
        string_agg(clean_text, ' ' order by front_line_number) as subject,
    from letter_runs
    group by report_id, run_number
    having
        length(subject) between 5 and 300
        and not bool_or(opens_a_sentence and line_kind != 'heading')
        and (bool_or(is_first) or max(front_line_number) < any_value(first_sentence_line))
        and (is_heading or not regexp_matches(subject, '[a-z]\.$'))
    qualify row_number() over (partition by report_id order by is_heading desc, run_number) = 1

),

texts as (

    select
        front_lines.report_id,
        coalesce(bool_or(front_lines.is_past_salutation), false) as is_letter,
        string_agg(front_lines.clean_text, ' ' order by front_lines.front_line_number) filter (
            where front_lines.front_line_number <= 40
        ) as front_text,
        -- A page's number or a day above a title is none of it.
        string_agg(front_lines.clean_text, ' ' order by front_lines.front_line_number) filter (
            where
            not front_lines.is_past_title
            and front_lines.line_kind != 'furniture'
            and not regexp_matches(
                front_lines.clean_text, '^\W*(\d{1,3}|[\d\W]+((to|and) )?[\d\W]*({{ month_names() }})[\d\W]*)\W*$'
            )
        ) as title_lines,
        any_value(subjects.subject) as subject,
        string_agg(front_lines.clean_text, ' ' order by front_lines.front_line_number) filter (
            where
            front_lines.is_past_salutation
            and front_lines.front_line_number not between coalesce(subjects.first_line, 0) and coalesce(subjects.last_line, 0)
        ) as letter_text,
        string_agg(front_lines.clean_text, ' ' order by front_lines.front_line_number) filter (
            where front_lines.is_past_title
        ) as text_below_title,
        min_by(front_lines.clean_text, front_lines.front_line_number) filter (
            where regexp_matches(lower(front_lines.clean_text), '^dear .*(partner|board|colleagues (in|at|of))')
        ) as partnership,
    from front_lines
    left join subjects using (report_id)
    group by front_lines.report_id

),

final as (

    select
        report_id,
        is_letter,
        front_text,
        coalesce(
            case
                when is_letter then regexp_replace(trim(subject, ' .:'), '(?i)^(re|subject)\s*:\s*', '')
                else trim(title_lines)
            end, ''
        ) as title_text,
        coalesce(if(is_letter, letter_text, text_below_title), '') as words_below,
        -- A letter's first sentence can stand behind a paragraph on the circumstances of the visit.
        coalesce(
            nullif(if(is_letter, regexp_extract(letter_text, '(?i)\bthis letter .+'), '')[:512], ''), words_below[:500]
        ) as first_words,
        partnership,
    from texts

)

select * from final
