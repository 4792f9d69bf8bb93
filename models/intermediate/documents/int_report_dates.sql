{#- Days as documents print them; a year can be misprinted. -#}
{%- set weekday = "(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:the )?" -%}
{%- set year = "(?:,? (?:\\d{3,6}|0+)\\b)?" -%}
{%- set day = weekday ~ "\\d{1,2}(?:st|nd|rd|th)?\\b" -%}
{%- set day_of_month = day ~ " ?(?:of )?(?:" ~ month_names() ~ ")\\b" ~ year -%}
{%- set full_day = day ~ " ?(?:of )?(?:" ~ month_names() ~ "),? (?:\\d{3,6}|0+)\\b" -%}
{%- set slashed = "\\d{1,2}[/.]\\d{1,2}[/.](?:\\d{4}|\\d{2})\\b" -%}
{%- set dash = " ?(?:,? and|,|to|until|through|&|[-–—]) ?" -%}
{%- set days = "(?:(?:" ~ day_of_month ~ "|" ~ slashed ~ "|" ~ day ~ ")" ~ dash ~ ")*(?:" ~ day_of_month ~ "|" ~ slashed ~ ")" -%}
-- When: the days of the inspection or visit, the day of publication, and for an annual report the year it is about. What
-- cannot be (a misprint, mostly) is no date but a doubt, with the words that are printed.

with documents as (

    select
        report_id,
        landed_at::date as landed_on,
    from {{ ref('stg_documents') }}

),

front_texts as (

    select * from {{ ref('int_front_texts') }}

),

front_lines as (

    select * from {{ ref('int_front_lines') }}

),

frameworks as (

    select
        report_frameworks.report_id,
        report_frameworks.framework_id,
        report_frameworks.document_type,
        frameworks.dated_by,
        frameworks.in_use_from::date as in_use_from,
        frameworks.in_use_to::date as in_use_to,
    from {{ ref('int_report_frameworks') }} as report_frameworks
    inner join {{ ref('frameworks') }} as frameworks using (framework_id)

),

-- The days in a letter's first sentences, each with the words before it.
letter_days as (

    select
        report_id,
        letter_text,
        generate_subscripts(days, 1) as place,
        unnest(words_before) as words_before,
        unnest(days) as days,
    from (
        select
            front_texts.report_id,
            front_texts.words_below[:2500] as letter_text,
            regexp_extract_all(letter_text, '(.*?)\b({{ days }})', 1) as words_before,
            regexp_extract_all(letter_text, '(.*?)\b({{ days }})', 2) as days,
        from front_texts
        inner join frameworks using (report_id)
        where front_texts.is_letter or frameworks.document_type = 'letter'
    )

),

-- "… visit to Ashmere on 4 and 5 May", "Between 4 and 8 May, Ofsted …"; not the day of another visit, or of a judgement.
visits as (

    select
        report_id,
        min_by(days, (not regexp_matches(lower(words_before), '\b(visit|inspection)\b[^.]*$'), place)) as visit_phrase,
    from letter_days
    where
        regexp_matches(lower(letter_text[:strpos(letter_text, days) + length(days) + 40]), 'visit|inspect|ofsted|hmi')
        and not regexp_matches(
            lower(words_before), '\b(since|judged|previous|last (ofsted )?(visit|inspection)|published|dated)\b[^,;.]*$'
        )
    group by report_id

),

-- A letter is dated on a line of its own above its salutation, or beside other words there.
letter_dates as (

    select
        front_lines.report_id,
        min_by(
            regexp_extract(front_lines.clean_text, '{{ full_day }}|{{ slashed }}'),
            (
                not regexp_full_match(front_lines.clean_text, '(?i:date:? )?(?:{{ full_day }}|{{ slashed }})\W*'),
                front_lines.front_line_number
            )
        ) as letter_phrase,
    from front_lines
    inner join front_texts using (report_id)
    where
        not coalesce(front_lines.is_past_salutation, false)
        and (front_texts.is_letter or front_lines.front_line_number <= 12)
        and regexp_matches(front_lines.clean_text, '\b(?:{{ full_day }}|{{ slashed }})')
    group by front_lines.report_id

),

phrases as (

    select
        front_texts.report_id,
        case
            when visits.visit_phrase is not null then visits.visit_phrase
            else coalesce(
                -- Nothing but days: what stands on the line below is none of them.
                nullif(regexp_extract(front_texts.front_text, '(?i)(?:inspection dates?|dates? of (?:the )?inspection)\s*:?\s*({{ days }})', 1), ''),
                nullif(regexp_extract(front_texts.front_text, '(?i)(?:inspection dates?|dates? of (?:the )?inspection)\s*:?\s*(.{4,160}?)\s*({{ end_of_inspection_dates() }})', 1), ''),
                nullif(regexp_extract(front_texts.front_text, '(?i)(?:inspection dates?|dates? of (?:the )?inspection)\s*:?\s*(.{4,160})$', 1), '')
            )
        end as inspection_phrase,
        coalesce(
            nullif(regexp_extract(front_texts.front_text, '(?i)(?:report published|publication date|date published)\s*:?\s*(\d{1,2}[^\d]{1,20}\d{3,6}|\d{1,2}/\d{1,2}/\d{4})\b', 1), ''),
            nullif(regexp_extract(front_texts.front_text, '(?i)\bpublished\s*(?:on)?\s*:\s*(\d{1,2}[^\d]{1,20}\d{3,6}|\d{1,2}/\d{1,2}/\d{4})\b', 1), ''),
            case when front_texts.is_letter or frameworks.document_type = 'letter' then letter_dates.letter_phrase end
        ) as published_phrase,
    from front_texts
    inner join frameworks using (report_id)
    left join visits using (report_id)
    left join letter_dates using (report_id)

),

-- Each day named, in order; what it does not say of month and year stands in the next that does.
tokens as (

    select
        report_id,
        phrase,
        generate_subscripts(tokens, 1) as day_number,
        len(tokens) as day_count,
        unnest(tokens) as token,
    from (
        select
            report_id,
            phrase,
            regexp_extract_all(
                regexp_replace(
                    regexp_replace(phrase_text, '\b(\d{1,2})[/.](\d{1,2})[/.](\d{2})\b', '\1 month\2 20\3', 'g'),
                    '\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b', '\1 month\2 \3', 'g'
                ),
                '\b\d{1,2}(?:st|nd|rd|th)?(?:\s*(?:of\s+)?(?:{{ month_names() }}|month\d{1,2}))?(?:,?\s+(?:\d{3,6}|0+))?\b', 0, 'i'
            ) as tokens,
        from (
            unpivot (
                select
                    report_id,
                    inspection_phrase as inspection,
                    published_phrase as published,
                from phrases
            ) on inspection, published into name phrase value phrase_text
        )
    )

),

read_days as (

    select
        report_id,
        phrase,
        day_number,
        day_number = day_count as is_last,
        regexp_extract(token, '^\d{1,2}')::integer as day,
        coalesce(
            try_cast(nullif(regexp_extract(token, 'month(\d+)', 1), '') as integer),
            {{ month_number("regexp_extract(token, '(?i)(" ~ month_names() ~ ")', 1)") }}
        ) as month,
        try_cast(nullif(regexp_extract(token, '\s(\d{3,6}|0+)$', 1), '') as integer) as year,
    from tokens

),

published as (

    select
        read_days.report_id,
        max({{ date_of('day', 'month', 'year') }}) as named_date,
        coalesce(named_date not between date '1990-01-01' and any_value(documents.landed_on) + 366, true) as is_impossible,
    from read_days
    inner join documents using (report_id)
    where phrase = 'published'
    group by read_days.report_id

),

filled_days as (

    select
        read_days.report_id,
        read_days.day_number,
        read_days.day,
        first_value(read_days.month ignore nulls) over from_here as month,
        coalesce(
            first_value(read_days.year ignore nulls) over from_here,
            max(read_days.year) over (partition by read_days.report_id),
            -- A visit without a year was in the year before the day of its letter.
            if(published.is_impossible, null, year(published.named_date))
            - (
                (last_value(read_days.month) over all_days, last_value(read_days.day) over all_days)
                > (month(published.named_date), day(published.named_date))
            )::integer
        ) as year,
        read_days.year is not null as has_own_year,
        first_value(case when read_days.year is not null or read_days.is_last then read_days.month end ignore nulls) over from_here
            as month_of_year,
    from read_days
    left join published using (report_id)
    where read_days.phrase = 'inspection'
    window
        all_days as (
            partition by read_days.report_id order by read_days.day_number
            rows between unbounded preceding and unbounded following
        ),
        from_here as (
            partition by read_days.report_id order by read_days.day_number
            rows between current row and unbounded following
        )

),

inspected as (

    select
        filled_days.report_id,
        filled_days.day_number,
        -- "14 December to 9 January 2015" began the year before.
        {{ date_of('day', 'month', 'case when not has_own_year and month > month_of_year then year - 1 else year end') }} as named_date,
        year is null as has_no_year,
    from filled_days
    where month is not null

),

inspections as (

    select
        inspected.report_id,
        bool_or(has_no_year) as has_no_year,
        bool_or(coalesce(named_date not between date '1990-01-01' and documents.landed_on + 366, not has_no_year)) as is_impossible,
        -- No arithmetic with years that no calendar has.
        if(is_impossible, null, min(named_date)) as first_day,
        if(is_impossible, null, max(named_date)) as last_day,
        min_by(named_date, day_number) > max_by(named_date, day_number) as ends_before_it_starts,
    from inspected
    inner join documents using (report_id)
    group by inspected.report_id

),

-- Where a visit would last a year, the day of the letter can tell which of its two years is meant.
weighed as (

    select
        frameworks.*,
        phrases.inspection_phrase,
        phrases.published_phrase,
        inspections.first_day,
        inspections.last_day,
        inspections.has_no_year,
        inspections.ends_before_it_starts,
        coalesce(inspections.is_impossible, false) as is_impossible,
        coalesce(published.is_impossible, false) as is_published_impossible,
        if(is_published_impossible, null, published.named_date) as published_on,
        inspections.last_day - inspections.first_day as days_long,
        days_long > if(frameworks.document_type = 'letter', 40, 120) as is_too_long,
        round(days_long / 365.25)::integer as years_long,
        (inspections.first_day + to_years(years_long))::date as later_first_day,
        (inspections.last_day - to_years(years_long))::date as earlier_last_day,
        years_long >= 1
        and inspections.last_day - later_first_day between 0 and 60
        and coalesce(published_on - inspections.last_day between 0 and 200, false) as is_of_last_year,
        years_long >= 1
        and earlier_last_day - inspections.first_day between 0 and 60
        and coalesce(published_on - earlier_last_day between 0 and 200, false) as is_of_first_year,
    from frameworks
    left join phrases using (report_id)
    left join inspections using (report_id)
    left join published using (report_id)

),

doubted as (

    select
        *,
        case when is_too_long and is_of_last_year then later_first_day else first_day end as read_first_day,
        case when is_too_long and is_of_first_year then earlier_last_day else last_day end as read_last_day,
        case
            when has_no_year then 'its inspection or visit is dated without a year, and nothing else tells it: ‘' || inspection_phrase || '’'
            when is_impossible then 'its inspection or visit is dated ‘' || inspection_phrase || '’, which cannot be'
            when is_too_long
                then
                    'its inspection or visit would have lasted ' || days_long || ' days: ‘' || inspection_phrase || '’'
                    || case
                        when is_of_last_year or is_of_first_year
                            then ' is read as ' || read_first_day || ' to ' || read_last_day || ', by the day of its letter'
                        else ''
                    end
            when ends_before_it_starts then 'its inspection or visit would end before it starts: ‘' || inspection_phrase || '’'
            when published_on < last_day
                then 'it would be older than its inspection or visit: ‘' || published_phrase || '’ and ‘' || inspection_phrase || '’'
            when published_on - last_day > 300
                then
                    'it would have been published ' || (published_on - last_day) || ' days after its inspection or visit: ‘'
                    || published_phrase || '’ and ‘' || inspection_phrase || '’'
            when first_day < in_use_from - 100 or first_day > in_use_to + 100
                then 'its inspection or visit would be outside the years of its framework: ‘' || inspection_phrase || '’'
        end as inspection_doubt,
        coalesce(not is_impossible and (published_on < read_last_day or published_on - read_last_day > 300), false) as is_out_of_order,
        case when is_published_impossible then 'it is dated ‘' || published_phrase || '’, which cannot be' end as published_doubt,
        inspection_doubt is null or (is_too_long and (is_of_last_year or is_of_first_year) and not is_impossible) as is_sure,
    from weighed

),

year_phrases as (

    select
        front_texts.report_id,
        documents.landed_on,
        regexp_extract(
            front_texts.front_text, '(?i)(?:annual report|report|review of the year|year)\D{0,60}?\b(20\d{2})\s*(?:[-–—/]|to|and)\s*(?:\w+ )?(20\d{2}|\d{2})\b',
            ['first_year', 'last_year']
        ) as years,
    from front_texts
    inner join frameworks using (report_id)
    inner join documents using (report_id)
    where frameworks.dated_by = 'year'

),

-- An annual report's own date is the last day of its year.
year_ends as (

    select
        report_id,
        make_date(years.last_year::integer % 100 + 2000, 3, 31) as year_end,
        year_end > landed_on + 366 as is_impossible,
        years.first_year || ' to ' || years.last_year as printed_years,
    from year_phrases
    where years.last_year != ''

),

final as (

    select
        doubted.report_id,
        case when doubted.is_sure then doubted.read_first_day end as inspection_start_date,
        case when doubted.is_sure then doubted.read_last_day end as inspection_end_date,
        case when not doubted.is_out_of_order then doubted.published_on end as published_date,
        case when not year_ends.is_impossible then year_ends.year_end end as reporting_year_end,
        coalesce(inspection_end_date, reporting_year_end, published_date) as document_date,
        doubted.inspection_doubt,
        doubted.published_doubt,
        case when year_ends.is_impossible then 'its year would be ' || year_ends.printed_years end as year_doubt,
    from doubted
    left join year_ends using (report_id)

)

select * from final
