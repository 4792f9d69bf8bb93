-- One metric for a figure, or none: of the candidates that nothing refuses the one that accounts for most of its sentence, then
-- the one whose head stands nearest. A figure without a head of its own has the subject of the sentence before.

with candidates as (

    select * from {{ documents_of(ref('int_figure_candidates')) }}

),

figures as (

    select * from {{ documents_of(ref('int_figure_places')) }}

),

templates as (

    select * from {{ documents_of(ref('int_templates')) }}

),

mentions as (

    select * from {{ documents_of(ref('int_concept_mentions')) }}

),

figure_words as (

    select * from {{ documents_of(ref('int_figure_words')) }}

),

rules as (

    select * from {{ ref('int_metric_rules') }}

),

-- Of a metric's rules the one that comes nearest to taking the figure.
by_metric as (

    select *
    from candidates
    qualify row_number() over (
        partition by reading_id, position, metric_id order by refused is null desc, met_here desc, distance, rule_number
    ) = 1

),

ranked as (

    select
        *,
        rank() over (
            partition by reading_id, position order by refused is null desc, met_here desc, distance
        ) as place_in_order,
    from by_metric

),

judged as (

    select
        *,
        case
            when refused is not null then refused
            when place_in_order > 1 then 'another metric says more'
            when count(*) filter (where refused is null and place_in_order = 1) over (partition by reading_id, position) > 1
                then 'two metrics say as much'
            else 'taken'
        end as verdict,
    from ranked

),

sentence_concepts as (

    select
        reading_id,
        list(concept_id) as concepts,
    from mentions
    group by reading_id

),

-- What a sentence leaves to be told of further on: its taken figures of a unit,
subjects as (

    select
        reading_id,
        unit,
        metric_id,
        max_by(head_words, position) as head_words,
    from judged
    where verdict = 'taken'
    group by reading_id, unit, metric_id

),

-- the rate of what it counts,
rates as (

    select
        reading_id,
        'per_10k' as unit,
        metric_id || '_rate' as metric_id,
        head_words,
    from subjects
    where unit = 'count' and metric_id || '_rate' in (select metric_id from rules)

),

-- or the subject of a share or a duration without a figure: "The time taken for care proceedings has fallen."
named_subjects as (

    select
        reading_id,
        unit,
        metric_id,
        max_by(phrase, first_place) as head_words,
        -- What of its needs the sentence does not tell, by the rule that it leaves the least to.
        max_by(lacking, (first_place, -len(lacking))) as needs,
    from (
        select
            mentions.reading_id,
            mentions.phrase,
            mentions.first_place,
            rules.metric_id,
            rules.figure_unit as unit,
            case when rules.counts = 'share' then 'percent' when rules.counts in ('rate', 'people', 'events') then 'count' end as stated_unit,
            list_filter(coalesce(rules.needs, []), lambda need: len(list_intersect(need, sentence_concepts.concepts)) = 0) as lacking,
        from mentions
        inner join rules on mentions.concept_id = rules.head
        inner join sentence_concepts using (reading_id)
        inner join figure_words using (reading_id)
        where
            rules.counts in ('weeks', 'days', 'share', 'rate')
            -- "The number of section 47 enquiries has fallen. There were 968 in 2012-13.": of all of them, and of nothing else.
            or rules.counts in ('people', 'events')
            and regexp_full_match(array_to_string(figure_words.words[:mentions.first_place - 1], ' '), '(?:the |its |your )?(?:overall |total )?(?:number|volume) of')
            and not list_contains(figure_words.words, ',')
            and figure_words.words[mentions.last_place + 1] in ('has', 'have', 'is', 'was', 'rose', 'fell', 'continues', 'continued', 'remains', 'remained')
            and list_contains(sentence_concepts.concepts, 'change')
    ) as named
    where
        -- A share or a count that it does state is another's: "33% of managers are from agencies".
        not exists (
            select 1
            from figures
            where figures.reading_id = named.reading_id and figures.geography = 'authority' and figures.unit = named.stated_unit
        )
    group by reading_id, unit, metric_id

),

-- A few sentences of a paragraph go on with it.
told_before as (

    select
        templates.report_id,
        templates.block_number,
        templates.sentence_number,
        told.* exclude (reading_id),
    from (
        -- "The number was 598 a year before" refers back to a number that was told.
        select *, [] as needs from subjects where unit != 'count'
        union
        select *, [] as needs from rates
        union
        select * from named_subjects
    ) as told
    inner join templates using (reading_id)

),

-- Figures that no metric has a word for, with their place in the document; held, so that what was told before is joined by
-- all of that place and not by the unit alone.
unclaimed as materialized (

    select
        figures.*,
        templates.template,
        templates.block_number,
        templates.sentence_number,
        sentence_concepts.concepts,
    from figures
    inner join templates using (reading_id)
    inner join sentence_concepts using (reading_id)
    anti join candidates on figures.reading_id = candidates.reading_id and figures.unit = candidates.unit

),

going_on as (

    select
        unclaimed.*,
        told_before.metric_id,
        told_before.head_words,
    from unclaimed
    inner join told_before
        on
            unclaimed.report_id = told_before.report_id
            and unclaimed.block_number = told_before.block_number
            and unclaimed.unit = told_before.unit
            and told_before.sentence_number between unclaimed.sentence_number - 3 and unclaimed.sentence_number - 1
    where
        -- England's value of a duration is told of beside a target: "it is better than the England average of 593 days".
        (
            unclaimed.geography = 'authority'
            or unclaimed.geography = 'england'
            -- "This is well above similar authorities (17%) and the England average (16%)."
            and (unclaimed.unit in ('weeks', 'days') or regexp_matches(unclaimed.template, '^(?:this|it|that|performance|the (?:england|national) (?:average|figure|rate))\b'))
        )
        and (
            unclaimed.unit in ('percent', 'per_10k', 'weeks', 'days')
            or unclaimed.unit = 'count' and unclaimed.geography = 'authority'
            and regexp_matches(array_to_string(unclaimed.words[:unclaimed.place], ' '), '{{ goes_on_with_a_count() }}')
            and regexp_matches(unclaimed.behind, '^ ?(?:$|[.,;(]|(?:in|at|on|by|during|as at|and|compared|against)\b|\{)')
        )
        -- "17 of the 22 cases … took 23 weeks" tells of those; "This is down from 96 out of 147 (65%)" of all.
        and (
            not regexp_matches(unclaimed.template, '<\d+> (?:out )?of (?:the |these |those |all )*<')
            or unclaimed.unit = 'percent' and regexp_matches(unclaimed.template, '^this (?:is|was) (?:[a-z]+ ){0,3}<')
        )
        -- "Its latest data show that 62% of children looked after had …" has a subject of its own.
        and not (unclaimed.unit = 'percent' and regexp_matches(unclaimed.behind, '^%\)? of (?:[a-z]+ ){0,3}(?:children|young people|care leavers)\b'))
        -- "… and for all staff from 11% to 8%"
        and not regexp_matches(array_to_string(unclaimed.words[:unclaimed.place], ' '), '\band for (?:all |other |the )?(?:[a-z]+ ){1,4}(?:from|at|to|is|was) <')
        and not regexp_matches(unclaimed.before, '\b(?:within|target of|by|remaining) (?:{{ light_words() }}| )*$')
        and not (unclaimed.geography = 'authority' and regexp_matches(unclaimed.before, '\b(?:neighbours?|comparators?|comparable (?:[a-z]+ )?(?:authorit|area|council)|similar|national|nationally|england|region|target|other)\b[^.;]*$'))
        and len(list_filter(told_before.needs, lambda need: len(list_intersect(need, unclaimed.concepts)) = 0)) = 0
        -- A share or a rate goes on only where the sentence says that it does.
        and (
            unclaimed.unit in ('weeks', 'days')
            or told_before.sentence_number >= unclaimed.sentence_number - if(unclaimed.unit = 'per_10k', 2, 1)
            and (unclaimed.unit = 'count' or regexp_matches(unclaimed.template, '{{ goes_on_with_a_share() }}'))
        )
        -- Words that tell of a figure,
        and (unclaimed.unit = 'count' or exists (
            select 1
            from mentions
            where
                mentions.reading_id = unclaimed.reading_id
                and mentions.first_place between unclaimed.last_strong_break and unclaimed.to_place
                and mentions.concept_id in ('this', 'change', 'number', 'rate', 'share', 'average', 'performance', 'up_to_date', 'on_time')
        ))
    -- The nearest that tells of any; where it tells of two measures, it is not said of which this is.
    qualify
        row_number() over (partition by unclaimed.reading_id, unclaimed.position order by told_before.sentence_number desc, told_before.head_words) = 1
        and min(told_before.metric_id) over (partition by unclaimed.reading_id, unclaimed.position, told_before.sentence_number)
        = max(told_before.metric_id) over (partition by unclaimed.reading_id, unclaimed.position, told_before.sentence_number)

),

explained as (

    select
        metric_id,
        list_distinct(flatten(list(explained))) as concepts,
        list(distinct head) as heads,
    from rules
    group by metric_id

),

-- and nobody and nothing but what the metric knows.
carried as (

    select going_on.*
    from going_on
    inner join explained using (metric_id)
    where
        not exists (
            select 1
            from mentions
            where
                mentions.reading_id = going_on.reading_id
                and mentions.first_place between going_on.last_strong_break and case when going_on.closes then going_on.place else least(going_on.place + 6, going_on.to_place) end
                and mentions.kind in ('people', 'state', 'event', 'thing', 'place', 'group', 'sample', 'limit')
                and mentions.concept_id not in ('child', 'person', 'target', 'time_limit')
                and not list_contains(if(going_on.unit = 'per_10k', explained.heads, explained.concepts), mentions.concept_id)
        )

),

final as (

    select
        report_id,
        reading_id,
        position,
        metric_id,
        verdict,
        head_words as went_by,
    from judged

    union all

    select
        report_id,
        reading_id,
        position,
        metric_id,
        'taken' as verdict,
        head_words || ' (the sentence before)' as went_by,
    from carried

)

select * from final
