-- When: the days of the inspection or visit, the day of publication, and for an annual report the year it is about.

with front_texts as (

    select * from {{ ref('int_front_texts') }}

),

front_lines as (

    select * from {{ ref('int_front_lines') }}

),

frameworks as (

    select * from {{ ref('int_report_frameworks') }}

),

-- A letter says in its first sentences when the visit was.
phrases as (

    select
        report_id,
        coalesce(
            nullif(regexp_extract(front_text, '(?i)(?:inspection dates?|dates? of (?:the )?inspection)\s*:?\s*(.{4,160}?)\s*({{ end_of_inspection_dates() }})', 1), ''),
            nullif(regexp_extract(front_text, '(?i)(?:inspection dates?|dates? of (?:the )?inspection)\s*:?\s*(.{4,160})$', 1), ''),
            case
                when framework_id in ('focused_visit', 'monitoring_visit')
                    then nullif(
                        regexp_extract(
                            front_text,
                            '(?i)visit .{0,200}?\b(?:on|between|from|held|dates?:?) (?:\w+day )?('
                            || '(?:\d{1,2}[^.]{0,60}?)?\d{1,2}(?:st|nd|rd|th)? (?:{{ month_names() }}) \d{4}'
                            || '(?: (?:to|and|until) \d{1,2}(?:st|nd|rd|th)? (?:{{ month_names() }}) \d{4})?)',
                            1
                        ), ''
                    )
            end
        ) as inspection_phrase,
        coalesce(
            nullif(regexp_extract(front_text, '(?i)(?:report published|publication date|date published)\s*:?\s*(\d{1,2}[^\d]{1,20}\d{4}|\d{1,2}/\d{1,2}/\d{4})', 1), ''),
            nullif(regexp_extract(front_text, '(?i)\bpublished\s*(?:on)?\s*:\s*(\d{1,2}[^\d]{1,20}\d{4}|\d{1,2}/\d{1,2}/\d{4})', 1), '')
        ) as published_phrase,
    from front_texts
    inner join frameworks using (report_id)

),

-- A letter is dated on a line of its own.
letter_dates as (

    select
        report_id,
        min_by(clean_text, front_line_number) as letter_phrase,
    from front_lines
    where regexp_matches(clean_text, '(?i)^(date:? )?\d{1,2}(st|nd|rd|th)? ({{ month_names() }}) \d{4}$')
    group by report_id

),

year_phrases as (

    select
        report_id,
        regexp_extract(
            front_text, '(?i)(?:annual report|report|review of the year|year)\D{0,60}?\b(20\d{2})\s*(?:[-–—/]|to|and)\s*(?:\w+ )?(20\d{2}|\d{2})\b',
            ['first_year', 'last_year']
        ) as years,
    from front_texts

),

-- Each day named, in order; what it does not say of month and year stands in the next that does.
days as (

    select
        report_id,
        phrase,
        generate_subscripts(tokens, 1) as day_number,
        unnest(tokens) as token,
    from (
        select
            report_id,
            phrase,
            regexp_extract_all(
                regexp_replace(phrase_text, '(\d{1,2})/(\d{1,2})/(\d{4})', '\1 month\2 \3', 'g'),
                '\b\d{1,2}(?:st|nd|rd|th)?(?:\s+(?:of\s+)?(?:{{ month_names() }}|month\d{1,2}))?(?:,?\s+\d{4})?\b', 0, 'i'
            ) as tokens,
        from (
            unpivot (
                select
                    phrases.report_id,
                    phrases.inspection_phrase as inspection,
                    phrases.published_phrase as published,
                    letter_dates.letter_phrase as letter,
                from phrases
                left join letter_dates using (report_id)
            ) on inspection, published, letter into name phrase value phrase_text
        )
    )

),

read_days as (

    select
        report_id,
        phrase,
        day_number,
        regexp_extract(token, '^\d{1,2}')::integer as day,
        coalesce(
            try_cast(nullif(regexp_extract(token, 'month(\d+)', 1), '') as integer),
            {{ month_number("regexp_extract(token, '(?i)(" ~ month_names() ~ ")', 1)") }}
        ) as month,
        try_cast(nullif(regexp_extract(token, '\d{4}$'), '') as integer) as year,
    from days

),

filled_days as (

    select
        report_id,
        phrase,
        day_number,
        day,
        first_value(month ignore nulls) over from_here as month,
        coalesce(
            first_value(year ignore nulls) over from_here,
            max(year) over (partition by report_id, phrase)
        ) as year,
        year is not null as has_own_year,
        first_value(case when year is not null then month end ignore nulls) over from_here as month_of_year,
    from read_days
    window from_here as (
        partition by report_id, phrase order by day_number rows between current row and unbounded following
    )

),

dated as (

    select
        report_id,
        phrase,
        -- "14 December to 9 January 2015" began the year before.
        {{ date_of('day', 'month', 'case when not has_own_year and month > month_of_year then year - 1 else year end') }} as named_date,
    from filled_days
    where month is not null and year is not null

),

final as (

    select
        front_texts.report_id,
        min(dated.named_date) filter (where dated.phrase = 'inspection') as inspection_start_date,
        max(dated.named_date) filter (where dated.phrase = 'inspection') as inspection_end_date,
        case
            when any_value(frameworks.framework_id) in ('focused_visit', 'monitoring_visit')
                then coalesce(
                    max(dated.named_date) filter (where dated.phrase = 'published'),
                    max(dated.named_date) filter (where dated.phrase = 'letter')
                )
            else max(dated.named_date) filter (where dated.phrase = 'published')
        end as published_date,
        -- An annual report's own date is the last day of its year.
        case
            when any_value(frameworks.framework_id) = 'board_annual_report'
                then make_date(any_value(nullif(year_phrases.years.last_year, ''))::integer % 100 + 2000, 3, 31)
        end as reporting_year_end,
        coalesce(inspection_end_date, reporting_year_end, published_date) as document_date,
    from front_texts
    inner join frameworks using (report_id)
    left join year_phrases using (report_id)
    left join dated using (report_id)
    group by front_texts.report_id

)

select * from final
