-- Every figure beside every metric that it could be of: taken, or why not.

with verdicts as (

    select * from {{ ref('int_figure_verdicts') }}

),

matches as (

    select * from {{ ref('int_metric_matches') }}

),

patterns as (

    select * from {{ ref('int_metric_patterns') }}

),

mentions as (

    select * from {{ ref('int_metric_periods') }}

),

numbers as (

    select * from {{ ref('int_numbers') }}

),

statements as (

    select * from {{ ref('stg_statements') }}

),

observations as (

    select * from {{ ref('fct_metric_observations') }}

),

-- What was read as a value: by a rule, by an exception's wording, or going on from another figure.
taken as (

    select
        mentions.report_id,
        mentions.statement_id,
        mentions.reading_id,
        mentions.position,
        mentions.metric_id,
        case
            when mentions.how != 'named' then mentions.how
            when patterns.pattern_id is not null then 'wording: ' || patterns.pattern
            else coalesce(verdicts.went_by, mentions.how)
        end as went_by,
        mentions.date_reason,
        md5(concat_ws('|', mentions.report_id, mentions.statement_id, mentions.position, mentions.metric_id))[:16] as observation_id,
    from mentions
    left join verdicts
        on
            mentions.reading_id = verdicts.reading_id
            and mentions.position = verdicts.position
            and mentions.metric_id = verdicts.metric_id
            and verdicts.verdict = 'taken'
    left join matches
        on
            mentions.reading_id = matches.reading_id
            and mentions.position = matches.position
            and mentions.metric_id = matches.metric_id
    left join patterns on matches.pattern_id = patterns.pattern_id

),

judged as (

    select
        taken.report_id,
        taken.statement_id,
        taken.position,
        taken.metric_id,
        case
            when observations.observation_id is null then 'a part of what the document lists of all'
            else 'taken'
        end as verdict,
        taken.went_by,
        taken.date_reason,
        observations.observation_id,
    from taken
    left join observations using (observation_id)

    union all

    select
        verdicts.report_id,
        numbers.statement_id,
        verdicts.position,
        verdicts.metric_id,
        case when verdicts.verdict = 'taken' then 'no value of it, or read by another wording' else verdicts.verdict end as verdict,
        verdicts.went_by,
        null as date_reason,
        null as observation_id,
    from verdicts
    inner join numbers using (reading_id, position)
    anti join taken using (reading_id, position, metric_id)

),

final as (

    select distinct on (reading_id)
        md5(concat_ws('|', judged.report_id, judged.statement_id, judged.position, judged.metric_id))[:16] as reading_id,
        judged.report_id,
        statements.page_number,
        statements.quote as statement,
        case numbers.printed_unit when 'percent' then numbers.mention || '%' else numbers.mention end as figure,
        judged.metric_id,
        judged.verdict,
        judged.went_by,
        judged.date_reason,
        judged.observation_id,
    from judged
    inner join statements using (statement_id)
    inner join numbers on judged.statement_id = numbers.statement_id and judged.position = numbers.position
    order by reading_id, judged.observation_id is null, judged.verdict, judged.went_by

)

select * from final
