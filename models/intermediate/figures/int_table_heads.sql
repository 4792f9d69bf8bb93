-- What a row's label and a column's head say together of the figures between them: of what time, for whom, and the words
-- that are left, which say what is measured.

with figures as (

    select distinct
        report_id,
        row_label,
        column_head,
        band,
        table_words,
    from {{ ref('int_table_figures') }}

),

-- The words of the table's corner and title that say a time: "Year to 31 March", "at 31 March 2016", "2015-16".
tries as (

    select
        *,
        row_label || ' ; ' || column_head as head_text,
        1 as try,
    from figures

    union all

    select
        *,
        row_label || ' ; ' || column_head || ' ; '
        || array_to_string(
            regexp_extract_all(
                translate(lower(concat_ws(' ; ', band, table_words)), '‐‑‒–—−', '------'),
                '(?:\b(?:year|12 months) (?:to|ending|ended|up to) )?(?:{{ head_day() }}|{{ head_month() }}|{{ head_slashed_day() }}|{{ head_financial_year() }})'
            ), ' ; '
        ) as head_text,
        2 as try,
    from figures
    where table_words != '' or band != ''

),

head_words as (

    select * from {{ ref('table_head_words') }}

),

reports as (

    select
        reports.report_id,
        list(names.comparable_name order by names.comparable_name) as own_names,
    from {{ ref('int_reports') }} as reports
    inner join {{ ref('int_authority_names') }} as names using (authority_id)
    group by reports.report_id

),

-- A period is taken out of the words as it is read, the most exact first: what is left of "31/03/17" is no financial year.
worded as (

    select
        *,
        -- "2014 to 2015" over a column is a year of account.
        regexp_replace(trim(translate(lower(head_text), '‐‑‒–—−’‘''', '------')), '\b(20\d\d) to (20\d\d)\b', '\1-\2', 'g') as all_words,
        -- Beside "0-4" and "18+", "16-17" is an age and no year.
        bool_or(regexp_matches(all_words, '(?:^|; )(?:aged? )?(?:0 ?(?:-|to) ?\d{1,2}|\d{1,2} ?\+|under 1|\d{1,2} and over)(?: years?)?(?:$| ;)|\bage(?:s|d)?\b'))
            over (partition by report_id, table_words) as is_of_ages,
        regexp_extract_all(all_words, '{{ head_slashed_day() }}') as slashed_days,
        regexp_replace(all_words, '{{ head_slashed_day() }}', ' ', 'g') as without_slashed,
        list_filter(
            regexp_extract_all(without_slashed, '{{ head_financial_year() }}'), lambda years: not is_of_ages or regexp_matches(years, '20\d\d|/')
        ) as two_years,
        list_filter(
            two_years, lambda years: (regexp_extract(years, '{{ head_financial_year() }}', 1)::integer + 1) % 100
            = regexp_extract(years, '{{ head_financial_year() }}', 2)::integer
        ) as financial_years,
        case
            when is_of_ages then regexp_replace(without_slashed, '\b20\d\d ?[-/] ?(?:20)?\d\d\b|\b\d\d/\d\d\b', ' ', 'g')
            else regexp_replace(without_slashed, '{{ head_financial_year() }}', ' ', 'g')
        end as without_years,
        regexp_extract_all(without_years, '{{ head_day() }}') as days,
        regexp_replace(without_years, '{{ head_day() }}', ' ', 'g') as without_days,
        regexp_extract_all(without_days, '{{ head_month() }}') as months,
        regexp_replace(without_days, '{{ head_month() }}', ' ', 'g') as without_months,
        regexp_extract_all(without_months, '\b(?:q|qtr|quarter) ?([1-4])\b', 1) as quarters,
        regexp_replace(without_months, '\b(?:q|qtr|quarter) ?[1-4]\b', ' ', 'g') as without_quarters,
        regexp_extract_all(without_quarters, '\b20\d\d\b') as bare_years,
        regexp_replace(without_quarters, '\b20\d\d\b|\b(?:year|12 months|twelve months) (?:to|ending|ended|up to)(?: the)?\b', ' ', 'g') as words_left,
        regexp_matches(all_words, '\b(?:year|12 months|twelve months)(?: (?:to|ending|ended|up to))') as ends_a_year,
        -- "2016/17 (April to December)", "2016-17 to date"
        regexp_matches(
            replace(without_months, 'up to date', ''),
            '\b(?:to date|ytd|part[- ]year|half[- ]year|(?:first|second) half|(?:three|six|nine|[1-9]|1[01]) months|{{ month_word() }} ?(?:to|-) ?{{ month_word() }}|(?:q|quarters?) ?1 ?(?:to|-|and) ?q?[234])\b'
        ) as is_part_of_a_year,
    from tries

),

parsed as (

    select
        *,
        regexp_extract(slashed_days[1], '{{ head_slashed_day() }}', ['day', 'month', 'year']) as slashed,
        -- "at 31 March" in the label, "31 March 2013" above: the one with its year.
        regexp_extract(
            coalesce(list_filter(days, lambda each_day: regexp_matches(each_day, '\d{2}$'))[1], days[1]), '{{ head_day() }}', ['day', 'month', 'year']
        ) as day_words,
        regexp_extract(months[1], '{{ head_month() }}', ['month', 'year']) as month_words,
        {{ whole_year("regexp_extract(financial_years[1], '" ~ head_financial_year() ~ "', 1)") }} as first_year,
        len(list_distinct(financial_years)) > 1
        or len(list_distinct(list_filter(days, lambda each_day: regexp_matches(each_day, '\d{2}$')))) > 1
        or len(list_distinct(months)) > 1
        or len(list_distinct(slashed_days)) > 1
        or len(list_distinct(bare_years)) > 1
        or len(list_distinct(quarters)) > 1
        or len(two_years) > len(financial_years)
            as has_several_periods,
    from worded

),

dated as (

    select
        *,
        {{ month_number('day_words.month') }} as day_month,
        case
            when slashed.day != '' then {{ date_of('slashed.day', 'slashed.month', whole_year('slashed.year')) }}
            when day_words.day != '' and day_words.year != ''
                then {{ date_of('day_words.day', month_number('day_words.month'), whole_year('day_words.year')) }}
            -- "at 31 March" beside a year.
            when day_words.day != '' and first_year is not null
                then {{ date_of('day_words.day', month_number('day_words.month'), 'first_year + (day_month <= 3)::integer') }}
            when day_words.day != '' and len(bare_years) = 1
                then {{ date_of('day_words.day', month_number('day_words.month'), 'bare_years[1]') }}
            when month_words.month != '' and first_year is null
                then last_day({{ date_of('1', month_number('month_words.month'), whole_year('month_words.year')) }})
        end as stated_day,
    from parsed

),

periods as (

    select
        *,
        case
            when has_several_periods or is_part_of_a_year or (first_year is not null and len(bare_years) > 0) then null
            -- A day that there is not is a misprint of some day.
            when stated_day is null and (slashed.day != '' or day_words.year != '') then null
            when stated_day is not null and ends_a_year then 'year'
            when stated_day is not null then 'at'
            when first_year is not null and len(quarters) = 1 then 'other'
            when first_year is not null and len(quarters) = 0 then 'year'
        end as period_kind,
        case period_kind
            when 'year' then coalesce((stated_day - interval 1 year + interval 1 day)::date, {{ date_of('1', '4', 'first_year') }})
            when 'other' then ({{ date_of('1', '4', 'first_year') }} + to_months(3 * (quarters[1]::integer - 1)))::date
        end as period_start,
        case period_kind
            when 'at' then stated_day
            when 'year' then coalesce(stated_day, {{ date_of('31', '3', 'first_year + 1') }})
            when 'other' then (period_start + interval 3 month - interval 1 day)::date
        end as period_end,
    from dated

),

-- What is said beside the figure comes first.
first_said as (

    select *
    from periods
    qualify row_number() over (partition by report_id, row_label, column_head, band, table_words order by period_kind is null, try) = 1

),

compared as (

    select
        periods.*,
        {{ without_population(comparable_name('periods.words_left')) }} as comparable_words,
        {{ without_population(comparable_name(without_periods('periods.band'))) }} as comparable_band,
        -- "Table 3: Children looked after by age at 31 March": what it is divided by is said by the heads.
        {{ without_population(comparable_name(title_words('periods.table_words'))) }} as comparable_title,
        -- Without the corner over the labels.
        {{ without_population(comparable_name(title_words("string_split(periods.table_words, ' ; ')[-1]"))) }} as comparable_caption,
        translate(lower(periods.band || ' ; ' || periods.table_words), '‐‑‒–—−', '------') as words_over,
        coalesce(reports.own_names, []) as own_names,
    from first_said as periods
    left join reports using (report_id)

),

-- What the words of heads say, in the heads themselves and in those over them.
said as (

    select
        compared.report_id,
        compared.row_label,
        compared.column_head,
        compared.band,
        compared.table_words,
        list(head_words.says order by head_words.says) filter (
            where head_words.says = 'sample' or contains(compared.comparable_words || compared.comparable_band, ' ' || head_words.words || ' ')
        ) as says,
        list(head_words.words order by length(head_words.words) desc, head_words.words) as said_words,
    from compared
    inner join head_words on contains(compared.comparable_words || compared.comparable_band || compared.comparable_title, ' ' || head_words.words || ' ')
    group by compared.report_id, compared.row_label, compared.column_head, compared.band, compared.table_words

),

passed_over as (

    select
        compared.*,
        said.says,
        list_concat(coalesce(said.said_words, []), list_transform(compared.own_names, lambda name: trim(name))) as words_passed_over,
        {{ stated_unit('compared.all_words') }} as unit_beside,
        {{ stated_unit('compared.words_over') }} as unit_over,
        lower(compared.column_head) = 'no' and bool_or(lower(compared.column_head) = 'yes') over (partition by compared.report_id, compared.table_words) as is_no_beside_yes,
        -- A title speaks of all its figures where no head says a unit of its own.
        bool_or(unit_beside is not null) over (partition by compared.report_id, compared.table_words) as heads_say_units,
    from compared
    left join said using (report_id, row_label, column_head, band, table_words)

),

final as (

    select
        md5(concat_ws('|', report_id, row_label, column_head, band, table_words))[:16] as head_id,
        report_id,
        row_label,
        column_head,
        band,
        table_words,
        period_kind,
        period_start,
        period_end,
        case
            when list_has_any(says, ['no_figure', 'sample']) or is_no_beside_yes then 'no_figure'
            when list_contains(says, 'others') then 'others'
            when list_contains(says, 'england') then 'england'
            else 'authority'
        end as geography,
        case
            when unit_beside is not null then unit_beside
            -- "Rate" alone is no count.
            when regexp_matches(all_words, '\brates?\b') then coalesce(unit_over, 'per_10k')
            when not heads_say_units and not regexp_matches(all_words, '\bnumbers?\b') then unit_over
        end as stated_unit,
        {{ without_words('comparable_words', 'words_passed_over') }} as measure_words,
        case when trim(comparable_band) != '' then {{ without_words("comparable_band || ' ; ' || comparable_words", 'words_passed_over') }} end as measure_words_with_band,
        case when trim(comparable_title) != '' then {{ without_words("comparable_title || ' ; ' || comparable_words", 'words_passed_over') }} end as measure_words_with_title,
        case when trim(comparable_caption) not in ('', trim(comparable_title)) then {{ without_words("comparable_caption || ' ; ' || comparable_words", 'words_passed_over') }} end
            as measure_words_with_caption,
    from passed_over

)

select * from final
