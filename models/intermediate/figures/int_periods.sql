-- Every date and period that a statement names, as a kind of period with its days.

with numbers as (

    select
        *,
        -- "during 2014 and 2015"
        words_before = ' and '
        and regexp_matches(mention, '^(19|20)\d\d$')
        and regexp_matches(mention_before, '^(19|20)\d\d$')
            as closes_two_years,
        -- "so far in 2015-16", "2013 to date", "the year to date figure for 2015-16", "an in-year figure of 67% (2016-17)"
        regexp_matches(words_before, '\bso far(?: in| for| during)? $')
        or regexp_matches(words_after, '^\)?,? \(?(?:to date|so far|ytd)\b')
        or (regexp_matches(mention_before, '\bto date$') and regexp_matches(words_before, '^ (?:[a-z]+ )?(?:for|in|of) $'))
        -- "in the same three months of 2015", "the first half of 2015-16", "at the same point in 2013"
        or regexp_matches(words_before, '\b(?:(?:months|weeks|quarters?|half) of(?: the year)?|same (?:time|point) (?:in|of)|in[ -]year (?:[a-z]+ ){0,2}(?:for|in|of)) $')
        or (words_before = '% (' and regexp_matches(words_further_before, '\b(?:so far|in[ -]year)\b[^,;.:]*$'))
            as is_so_far,
    from (
        select
            *,
            lag(mention) over in_reading as mention_before,
            lag(words_before) over in_reading as words_further_before,
        from {{ ref('int_numbers') }}
        window in_reading as (partition by reading_id order by position)
    )
    where kind = 'period'

),

reports as (

    select
        report_id,
        document_date,
        reporting_year_end,
    from {{ ref('int_reports') }}

),

mentions as (

    select distinct mention
    from numbers

),

read_mentions as (

    select
        mention,
        {{ closing_date('mention') }} as closing_date,
        regexp_extract(
            mention,
            '^(?:between |from )?(?:(\d{1,2})(?: ?(?:st|nd|rd|th))? (?:of )?)?({{ month_word()[3:-1] }})(?:,? (20\d\d|\d\d))? ?(?:and|to|until|up to|up until|-) ?',
            ['day', 'month', 'year']
        ) as opening,
        regexp_extract(mention, '(20|\b)([012]\d)( ?[/-] ?(?:20)?| to 20|)([0-3]\d)$', ['century', 'first_year', 'dash', 'last_year']) as years,
    from mentions

),

dated as (

    select
        mention,
        closing_date,
        case
            when opening.month != '' and closing_date is not null
                then coalesce(
                    {{ date_of("coalesce(nullif(opening.day, ''), '1')", month_number('opening.month'), "case when opening.year != '' then 2000 + try_cast(opening.year as integer) % 100 when " ~ month_number('opening.month') ~ " > month(closing_date) then year(closing_date) - 1 else year(closing_date) end") }}
                )
        end as opening_date,
        case
            when regexp_matches(mention, '{{ financial_year() }}$') and years.first_year != '' and try_cast(years.last_year as integer) = try_cast(years.first_year as integer) + 1
                then make_date(2000 + try_cast(years.last_year as integer), 3, 31)
        end as financial_year_end,
        regexp_matches(mention, '{{ financial_year() }}$') as names_years,
    from read_mentions

),

kinds as (

    select
        *,
        case
            when regexp_matches(mention, '^since .*inspection') then 'since_last_inspection'
            when starts_with(mention, 'since') then 'other'
            when regexp_matches(mention, '^(between 20\d\d and|from 20\d\d to) 20\d\d$') then 'other'
            when regexp_matches(mention, '(quarter|^q\d|months of|academic|school)') then 'other'
            when regexp_matches(mention, '(12|twelve)[ -]months?.* inspection') then 'last_12_months'
            when regexp_matches(mention, '(last|past|previous|preceding|latest|most recent|prior) (rolling )?(12|twelve)[ -]months?|the (last|past|preceding) year$') then 'last_12_months'
            when regexp_matches(mention, '^(12|twelve)[ -]month|^year (ending|ended|to|up)') then 'year'
            when regexp_matches(mention, '^[a-z0-9]+[ -]months?( period)?,? (to|ending|ended|up to)') then 'other'
            when opening_date is not null
                then case when datediff('day', opening_date, closing_date) between 358 and 367 then 'year' else 'other' end
            when financial_year_end is not null then 'year'
            when names_years then 'other'
            when closing_date is not null then 'at'
            when regexp_matches(mention, '^(19|20)\d\d$') then 'year'
            when regexp_matches(mention, '(years?|months|weeks|days) (ago|earlier|later|previously|before|prior|preceding|leading)') then 'other'
            when regexp_matches(mention, '(?:last|previous) (?:full )?(?:ofsted )?inspection') then 'other'
            when regexp_matches(mention, '(inspection|visit|currently|present|writing)') then 'inspection'
            else 'other'
        end as period_kind,
        case
            when regexp_matches(mention, '^(this|current|within the|during the|in the|the) ?(academic|school|calendar|financial|reporting|full)? ?(year)( to date)?$') then 0
            when regexp_matches(mention, '^(last|previous|preceding|prior)( financial)? year$') then 1
        end as years_before_report,
    from dated

),

placed as (

    select
        numbers.reading_id,
        numbers.report_id,
        numbers.position,
        numbers.mention,
        case
            -- In an annual report "this year" is the report's.
            when kinds.years_before_report is not null and reports.reporting_year_end is not null then 'year'
            when numbers.closes_two_years then 'other'
            when numbers.is_so_far and kinds.period_kind = 'year' then 'other'
            else kinds.period_kind
        end as period_kind,
        case
            when numbers.closes_two_years then null
            when kinds.period_kind in ('last_12_months') then (reports.document_date - interval 1 year + interval 1 day)::date
            when kinds.period_kind = 'year' and regexp_matches(kinds.mention, '^(19|20)\d\d$') then make_date(try_cast(kinds.mention as integer), 1, 1)
            when kinds.period_kind = 'year' and kinds.opening_date is null
                then (coalesce(kinds.financial_year_end, kinds.closing_date) - interval 1 year + interval 1 day)::date
            when kinds.years_before_report is not null
                then (reports.reporting_year_end - to_years(kinds.years_before_report + 1) + interval 1 day)::date
            when kinds.period_kind in ('year', 'other') then kinds.opening_date
        end as period_start,
        case
            when numbers.closes_two_years then null
            when numbers.is_so_far and kinds.period_kind = 'year' then null
            when kinds.period_kind in ('last_12_months', 'inspection', 'since_last_inspection') then reports.document_date
            when kinds.period_kind = 'year' and regexp_matches(kinds.mention, '^(19|20)\d\d$') then make_date(try_cast(kinds.mention as integer), 12, 31)
            when kinds.period_kind = 'year' then coalesce(kinds.financial_year_end, kinds.closing_date)
            when kinds.years_before_report is not null then (reports.reporting_year_end - to_years(kinds.years_before_report))::date
            when kinds.period_kind = 'at' then kinds.closing_date
            when kinds.opening_date is not null then kinds.closing_date
        end as period_end,
        -- "since March 2016 (266)" dates the figure in the brackets.
        case when starts_with(kinds.mention, 'since') then kinds.closing_date end as since_date,
        case
            when regexp_matches(kinds.mention, '^(within|during|in) the( reporting| financial)? year$') then 0
            when regexp_matches(kinds.mention, '^(a|the|one) years? (later)$') then 1
            when regexp_matches(kinds.mention, '^(a|the|one) years? (ago|earlier|before)( that)?$|^(previous|preceding|prior) year$') then -1
        end as years_from_last,
    from numbers
    inner join kinds using (mention)
    left join reports using (report_id)

),

last_dated as (

    select
        *,
        last_value(case when years_from_last is null then period_end end ignore nulls) over before_this as last_end,
        last_value(case when years_from_last is null and period_end is not null then period_kind end ignore nulls) over before_this as last_kind,
    from placed
    window before_this as (
        partition by reading_id order by position rows between unbounded preceding and 1 preceding
    )

),

moved as (

    select
        *,
        coalesce(last_kind = 'year' and years_from_last is not null or last_kind = 'at' and years_from_last != 0, false) as moves,
    from last_dated

),

-- "221 at 31 October 2015 to 153 a year later"; "in 2013-14, 12% had … during the year"
final as (

    select
        reading_id,
        report_id,
        position,
        mention,
        case when moves then last_kind else period_kind end as period_kind,
        case
            when moves and last_kind = 'year' then (last_end + to_years(years_from_last - 1) + interval 1 day)::date
            when not moves then period_start
        end as period_start,
        case when moves then (last_end + to_years(years_from_last))::date else period_end end as period_end,
        since_date,
    from moved

)

select * from final
