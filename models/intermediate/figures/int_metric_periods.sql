-- When each stated value was: by its own date, else by what introduces it, else the document's own date.

with stated as (

    select * from {{ ref('int_metric_mentions') }}

),

relations as (

    select distinct
        coalesce(result_metric_id, numerator_metric_id) as part_id,
        denominator_metric_id as whole_id,
    from {{ ref('metric_relations') }}
    where relation_kind in ('part', 'percent')

),

templates as (

    select * from {{ ref('int_templates') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

contexts as (

    select * from {{ ref('int_number_contexts') }}

),

-- "has fallen from 22% to 9%", "from 12 (6%) to 27": when it was 22%, or 12, is not said.
changes as (

    select
        reading_id,
        position,
        is_bracketed_after_period,
        regexp_matches(before, '\b(?:now|current|currently)\b|\b(?:has|have) (?:since |also |further )*(?:reduced|risen|improved|increased|fallen|dropped|decreased|declined|grown|worsened|lengthened)\b[^<{]* to (?:around |about |just |over |only )*$') as is_of_now,
        -- "compared with 64% in August"
        regexp_matches(after, '^%?(?: [a-z]+){0,3} (?:in|by|during|at) (?:the end of )?{{ month_word() }}\b') as names_a_month,
        -- "during 2015, from 21% in January to 80% in May"
        regexp_extract(after, '^%? in ({{ month_word()[3:-1] }})\b', 1) as month_named,
        -- "an improvement on 69%", "up from 290"
        regexp_matches(
            before,
            '\b(?:improvement|increase|decrease|reduction|rise|fall|up|down|risen|fallen|grown|dropped|increased|decreased|reduced|declined|improved|rising|falling) (?:on|from) (?:the |about |around |just |over |nearly |almost |a high of |a low of |a peak of )*$'
        ) as is_what_it_was,
        -- "an improvement since the last inspection, when it was 44%"
        regexp_matches(before, '\{\d+\}, when (?:it|this) was (?:only |just |at )*$') as is_of_then,
        regexp_matches(before, '\bfrom (?:around |about |just |over |nearly |almost |a peak of )*$')
        and (
            regexp_matches(after, '^%?(?: [a-z]+){0,3} to (?:[a-z]+ ){0,3}$')
            or (regexp_matches(after, '^%? ?\($') and regexp_matches(lead(after) over in_reading, '^[^()]*\) to (?:[a-z]+ ){0,2}$'))
        ) as is_before_a_change,
        regexp_matches(before, '^%? ?\($') as is_bracketed,
        lead(period_position) over in_reading as next_period_position,
        regexp_matches(
            concat_ws('<>', lead(after) over in_reading, lead(after, 2) over in_reading, lead(after, 3) over in_reading),
            '^%?(?: ?\(<>%?\))?(?:<>%?\))?(?: (?:weeks|days|children))? since \{'
        ) as is_up_to_now,
        lead(period_position, 2) over in_reading as period_position_after_next,
    from contexts
    window in_reading as (partition by reading_id order by position)

),

number_changes as (

    select
        * exclude (is_before_a_change, is_bracketed, next_period_position, period_position_after_next),
        is_before_a_change
        or (is_bracketed and coalesce(lag(is_before_a_change) over (partition by reading_id order by position), false))
            as is_before_a_change,
        -- "from 12 (6%) to 27": the brackets stand between.
        coalesce(next_period_position, period_position_after_next) as period_of_change,
    from changes

),

-- "This is the same as at 31 March 2016" states the value of the sentence before once more.
unchanged as (

    select
        templates.reading_id,
        templates.report_id,
        templates.reading_id as statement_id,
        try_cast(regexp_extract(templates.template, '\{(\d+)\}', 1) as integer) as position,
        stated.metric_id,
        'unchanged' as how,
        stated.geography,
        stated.value,
        stated.qualifier,
        try_cast(regexp_extract(templates.template, '\{(\d+)\}', 1) as integer) as period_position,
    from templates
    inner join stated on templates.previous_reading_id = stated.reading_id
    where
        templates.number_count = 0
        and regexp_matches(
            templates.template,
            '^ ?(?:this|which|the number|the figure) (?:is|was|remains|has) (?:the same|no change|unchanged|identical|not changed|at the same)[^.]{0,60}\{\d+\}'
        )
        and stated.how = 'named'
    -- Of several values it is not said which is the same.
    qualify count(*) over (partition by templates.reading_id, stated.metric_id) = 1

),

mentions as (

    select * from stated
    union all by name
    select * from unchanged

),

-- The first date of a block is what its list is about: "At 31 March 2017, 320 … an increase from 300 at …. Of these:"
block_periods as (

    select
        templates.report_id,
        templates.block_number,
        min_by(periods, (templates.sentence_number, periods.position)) as period,
    from templates
    inner join periods using (reading_id)
    where periods.period_kind != 'inspection'
    group by templates.report_id, templates.block_number

),

first_periods as (

    select
        reading_id,
        min_by(periods, position) as period,
        max_by(periods, position) as last_period,
    from periods
    group by reading_id

),

-- "622 children … The number was 598 a year before. Of this number, 212 …": of the figure, and not of what it is compared with.
figures_before as (

    select
        templates.reading_id,
        last_value(case when named.reading_id is not null then struct_pack(period := first_periods.period) end ignore nulls) over (
            partition by templates.report_id, templates.block_number order by templates.sentence_number
            rows between unbounded preceding and 1 preceding
        ) as figure,
    from templates
    left join (select distinct reading_id from stated where how = 'named') as named using (reading_id)
    left join first_periods using (reading_id)

),

placed as (

    select
        mentions.*,
        templates.block_number,
        templates.sentence_number,
        templates.section_block_number,
        case when own.reading_id is not null then own end as own_period,
        -- England's value beside an authority's is of the same time, where it has none of its own.
        case
            when mentions.geography = 'england'
                then last_value(case when mentions.geography = 'authority' and own.reading_id is not null then own end ignore nulls) over (
                    partition by mentions.reading_id, mentions.metric_id order by mentions.position
                    rows between unbounded preceding and 1 preceding
                )
        end as period_beside,
        case when number_changes.is_bracketed_after_period then own.since_date end as since_date,
        -- What refers back without a date of its own has the date of the sentence before.
        case
            when templates.follows_in_block and own_firsts.reading_id is null and not number_changes.is_of_now and regexp_matches(templates.template, '^ ?(?:this|that|which|these|of (?:these|this|those)|they)\b') and (
                    mentions.how != 'referring back' and mentions.geography = 'authority'
                    -- England's value is of the time of the authority's that stands before it, in this sentence or the one before.
                    or mentions.geography = 'england'
                    and count(*) filter (where mentions.geography = 'authority' and mentions.how = 'referring back') over (
                        partition by mentions.reading_id, mentions.metric_id order by mentions.position rows unbounded preceding
                    ) = 0
                )
                then case
                    when regexp_matches(templates.template, '^ ?of (?:these|this|those)\b') and figures_before.figure is not null then figures_before.figure.period
                    -- "has risen from 412 at 31 March 2014 to 467 at the inspection. This equates to 71 per 10,000"
                    when regexp_matches(templates.template, '^ ?(?:this|that|which) (?:equates|amounts|corresponds|represents)\b') then before_periods.last_period
                    else before_periods.period
                end
        end as period_before,
        regexp_matches(templates.template, '^[- ]*(?:of (?:this number|these),? )?<') as opens_with_number,
        number_changes.is_before_a_change or number_changes.is_of_then and coalesce(own.period_kind = 'since_last_inspection', true) as is_before_a_change,
        -- "from 13% to 11% between March 2014 and March 2015", "from 12 to 27 since April 2014": when it was so, is said behind.
        case
            when number_changes.is_before_a_change
                then case
                    when number_changes.is_up_to_now and starts_with(change_periods.mention, 'since ') then change_periods.since_date
                    when regexp_matches(change_periods.mention, '^(?:between|from) \d') then change_periods.period_start
                    when regexp_matches(change_periods.mention, '^(?:between|from) [a-z]') then last_day(change_periods.period_start)
                end
        end as day_before_the_change,
        case
            when number_changes.month_named != '' and regexp_matches(own.mention, '^20\d\d$')
                then last_day({{ date_of("1", month_number("number_changes.month_named"), "own.mention::integer") }})
        end as month_end,
        coalesce(number_changes.names_a_month and own.reading_id is null, false) as has_half_a_date,
        -- "In March 2015 there were 318 (up from 275)": a date before it is of what it is now.
        coalesce(number_changes.is_what_it_was and (own.reading_id is null or own.position < mentions.position), false) as is_what_it_was,
        parent_periods.period as parent_period,
        section_periods.period as section_period,
    from mentions
    inner join templates using (reading_id)
    left join number_changes on mentions.reading_id = number_changes.reading_id and mentions.position = number_changes.position
    left join periods as change_periods
        on number_changes.reading_id = change_periods.reading_id and number_changes.period_of_change = change_periods.position
    left join periods as own
        on mentions.reading_id = own.reading_id and mentions.period_position = own.position
    left join first_periods as own_firsts
        on mentions.reading_id = own_firsts.reading_id
    left join first_periods as before_periods
        on templates.previous_reading_id = before_periods.reading_id
    left join figures_before
        on mentions.reading_id = figures_before.reading_id
    left join block_periods as parent_periods
        on templates.report_id = parent_periods.report_id and templates.parent_block_number = parent_periods.block_number
    left join block_periods as section_periods
        on templates.report_id = section_periods.report_id and templates.section_block_number = section_periods.block_number

),

dated as (

    select
        *,
        case
            when not is_not_said
                then coalesce(own_period, period_beside, period_before, parent_period, section_period)
        end as period,
        coalesce(since_date, month_end, day_before_the_change) as stated_day,
    from (
        select
            *,
            coalesce(is_before_a_change, false) or has_half_a_date or is_what_it_was as is_not_said,
        from placed
    )

),

-- What a metric is a part of, and what that is a part of.
parts as (

    select
        relations.part_id as metric_id,
        coalesce(of_parts.whole_id, relations.whole_id) as whole_id,
    from relations
    left join relations as of_parts on relations.whole_id = of_parts.part_id

),

-- A part that opens a list which has lost its first line is as old as the whole last told of.
wholes as (

    select
        dated.reading_id,
        dated.position,
        dated.metric_id,
        max_by(wholes.period, (wholes.block_number, wholes.sentence_number, wholes.position)) as period,
    from dated
    inner join parts using (metric_id)
    inner join dated as wholes
        on
            dated.report_id = wholes.report_id
            and dated.section_block_number is not distinct from wholes.section_block_number
            and parts.whole_id = wholes.metric_id
    where
        dated.opens_with_number
        and not dated.has_half_a_date
        and not dated.is_what_it_was
        and dated.period is null
        and wholes.how = 'named'
        and wholes.period is not null
        and (wholes.block_number, wholes.sentence_number, wholes.position) < (dated.block_number, dated.sentence_number, dated.position)
    group by dated.reading_id, dated.position, dated.metric_id

),

chosen as (

    select
        dated.* replace (coalesce(dated.period, wholes.period) as period),
        case
            when since_date is not null then 'the date before its bracket'
            when month_end is not null then 'its month, of ' || own_period.mention
            when day_before_the_change is not null then 'the beginning of the change that it opens'
            when coalesce(is_before_a_change, false) then 'before a change: when, is not said'
            when has_half_a_date then 'a month whose year is not said'
            when is_what_it_was then 'what it was: when, is not said'
            when own_period is not null then 'its own: ' || own_period.mention
            when period_beside is not null then 'the figure beside it: ' || period_beside.mention
            when period_before is not null then 'the sentence before: ' || period_before.mention
            when parent_period is not null then 'what introduces its list: ' || parent_period.mention
            when section_period is not null then 'its heading: ' || section_period.mention
            when wholes.period is not null then 'the whole that it is a part of: ' || wholes.period.mention
            else 'the document''s own date'
        end as date_reason,
    from dated
    left join wholes using (reading_id, position, metric_id)

),

final as (

    select
        chosen.reading_id,
        chosen.report_id,
        chosen.statement_id,
        chosen.position,
        chosen.metric_id,
        chosen.how,
        chosen.geography,
        chosen.value,
        chosen.qualifier,
        case
            when chosen.stated_day is not null then 'at'
            when chosen.is_not_said and chosen.period is null then 'other'
            -- What is so on a day, and does not happen over a time, is so at the inspection.
            when chosen.period.period_kind = 'since_last_inspection' and not metrics.is_flow then 'inspection'
            else coalesce(chosen.period.period_kind, 'inspection')
        end as period_kind,
        case when chosen.stated_day is null then chosen.period.period_start end as period_start,
        case
            when chosen.stated_day is not null then chosen.stated_day
            when chosen.period.period_kind is not null then chosen.period.period_end
            when chosen.is_not_said then null
            else reports.document_date
        end as period_end,
        chosen.date_reason,
    from chosen
    left join reports using (report_id)
    left join metrics using (metric_id)

)

select * from final
