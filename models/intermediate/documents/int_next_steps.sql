-- What a document says comes next, and when: as printed, and as a day.

with statements as (

    select statements.*
    from {{ documents_of(ref('stg_statements')) }} as statements
    inner join {{ documents_of(ref('int_report_frameworks')) }} as reports using (report_id)
    where reports.has_typed_facts

),

report_dates as (

    select * from {{ ref('int_report_dates') }}

),

patterns as (

    select * from {{ ref('next_step_patterns') }}

),

number_words as (

    select
        word,
        value::integer as number,
    from {{ ref('number_words') }}

),

found as (

    select
        statements.report_id,
        statements.page_number,
        statements.block_number,
        statements.sentence_number,
        statements.quote,
        patterns.step_kind,
        regexp_extract(statements.statement, '(?i)' || patterns.pattern) as printed,
        regexp_extract(statements.statement, '(?i)' || patterns.pattern, 1) != '' as is_approximate,
        regexp_extract(statements.statement, '(?i)' || patterns.pattern, 2) as amount_or_day,
        lower(regexp_extract(statements.statement, '(?i)' || patterns.pattern, 3)) as unit,
        regexp_extract(statements.statement, '^(?:The )?(\p{L}.{1,100}?) (?:should|must|will|is to) (?:send|submit|provide|return)\b', 1)
            as printed_subject,
    from statements
    inner join patterns on contains(lower(statements.statement), patterns.keyword)
    where regexp_matches(statements.statement, '(?i)' || patterns.pattern)

),

counted as (

    select
        found.*,
        coalesce(try_cast(found.amount_or_day as integer), number_words.number) as amount,
        {{ date_of(
            "try_cast(regexp_extract(found.amount_or_day, '^\\d+') as integer)",
            month_number("regexp_extract(found.amount_or_day, '(?i)(" ~ month_names() ~ ")', 1)"),
            "try_cast(regexp_extract(found.amount_or_day, '\\d{4}$') as integer)",
        ) }} as day,
    from found
    left join number_words on lower(found.amount_or_day) = number_words.word

),

dated as (

    select
        counted.*,
        coalesce(
            counted.day,
            case
                when counted.unit like 'month%' then report_dates.inspection_end_date + to_months(counted.amount)
                when counted.unit like 'year%' then report_dates.inspection_end_date + to_years(counted.amount)
            end
        )::date as due_on,
        coalesce(report_dates.published_date, report_dates.inspection_end_date) as said_on,
    from counted
    left join report_dates using (report_id)

),

-- What would have been due before it was said is a misprint. A step said twice is one.
final as (

    select
        report_id,
        step_kind,
        case when due_on > said_on then due_on end as due_date,
        is_approximate,
        nullif(printed_subject, '') as due_from,
        printed as due_as_printed,
        page_number,
        quote,
    from dated
    qualify row_number() over (partition by report_id, step_kind order by block_number, sentence_number) = 1

)

select * from final
