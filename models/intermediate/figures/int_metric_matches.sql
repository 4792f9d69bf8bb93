{%- set metric_patterns = held_patterns('int_metric_patterns', 'regex', 'intermediate') -%}
-- Which numbers of a reading the seed's patterns name as a metric's value.

with templates as (

    select templates.*
    from {{ documents_of(ref('int_templates')) }} as templates
    -- A table's row is no sentence: which of its figures is which, the table's head says.
    anti join {{ documents_of(ref('stg_statements')) }} as statements
        on
            templates.report_id = statements.report_id
            and templates.block_number = statements.block_number
            and statements.block_kind = 'table'
    -- The seeds' own sentences are of no kind.
    anti join {{ documents_of(ref('int_report_frameworks')) }} as reports
        on templates.report_id = reports.report_id and not reports.figures_are_read

),

patterns as (

    select * from {{ ref('int_metric_patterns') }}

),

numbers as (

    select * from {{ documents_of(ref('int_numbers')) }}
    where kind = 'number'

),

metrics as (

    select * from {{ ref('metrics') }}

),

rules as (

    select * from {{ ref('int_metric_rules') }}

),

concepts as (

    select * from {{ ref('concepts') }}

),

pairs as (

    select
        templates.report_id,
        templates.reading_id,
        patterns.pattern_id,
        patterns.metric_id,
        patterns.regex,
        patterns.unless,
        case when patterns.reads_introduction then templates.introduction else '' end || templates.template as text,
    from templates
    inner join patterns
        on
            contains(templates.template, patterns.keyword)
            or (patterns.reads_introduction and contains(templates.introduction, patterns.keyword))
    where templates.number_count > 0

),

matched as materialized (

    select *
    from (
        select
            *,
            {% call(pattern) by_pattern('regex', metric_patterns) %} regexp_extract_all(text, {{ pattern }}, 1) {% endcall %} as positions,
        from pairs
    )
    where len(positions) > 0

),

-- "unless" speaks of the clause in which the match stands.
clauses as (

    select
        report_id,
        reading_id,
        pattern_id,
        metric_id,
        unless,
        unnest(positions)::integer as position,
        unnest(
            case
                when unless is not null
                    then regexp_extract_all(text, '(?:[^<.;,»]*)' || regex || '[^<.;]*', 0)
            end
        ) as clause,
        unnest({% call(pattern) by_pattern('regex', metric_patterns) %} regexp_extract_all(text, {{ pattern }}, 0) {% endcall %}) as matched_words,
    from matched

),

allowed as (

    select *
    from clauses
    where unless is null or not regexp_matches(clause, unless)

),

of_its_unit as (

    select distinct
        allowed.report_id,
        allowed.reading_id,
        allowed.position,
        allowed.metric_id,
        allowed.pattern_id,
        -- What is named behind the number names it more surely than what went before.
        regexp_matches(allowed.matched_words, '^\W*<') as is_named_behind,
        length(allowed.matched_words) as match_length,
        metrics.unit,
    from allowed
    inner join numbers
        on allowed.reading_id = numbers.reading_id and allowed.position = numbers.position
    inner join metrics using (metric_id)
    where
        -- "the number on plans …, with no progress made": "no" counts what is named behind it.
        not (lower(numbers.mention) is not distinct from 'no' and regexp_matches(allowed.matched_words, '<\d+>\W*$'))
        and numbers.printed_unit = case when metrics.unit in ('percent', 'gbp') then metrics.unit else 'count' end

),

-- What makes a figure another thing whatever its words: an increment, the last few, a limit that is usually kept, nobody
-- who is counted, those of a sample, another profession's caseload.
other_things as (

    select
        places.reading_id,
        places.position,
    from {{ documents_of(ref('int_figure_places')) }} as places
    where
        regexp_matches(places.before, '\b(?:a further|additional|another|extra|the remaining) (?:{{ light_words() }}| )*$')
        or places.unit = 'count' and regexp_matches(places.before, '\bthe (?:last|latest|most recent) (?:{{ light_words() }}| )*$')
        -- "in 7 of 12 plans", "of the 14 assessments that inspectors considered"
        or places.unit = 'count'
        and places.is_whole
        and (
            not regexp_matches(places.before, '{{ out_of_all() }}')
            or regexp_matches(places.behind, '{{ looked_at() }}')
        )
        -- "A small number of children on plans (12 of the 188)"
        or places.in_brackets and places.unit = 'count' and regexp_matches(places.behind, '^ (?:out )?of (?:the |these |those |its |their |all )*<')
        -- "Inspectors met with 14 children looked after"
        or places.unit = 'count' and regexp_matches(places.before, '\b(?:inspectors|we) (?:[a-z]+ )?(?:met|spoke|talked|looked|saw|sampled|reviewed|tracked|visited|observed|considered)\b[^<.;,]*$')
        -- "Tuition is provided to 18 children who are missing education"
        or places.unit = 'count'
        and regexp_matches(places.before, '\b(?:provided|offered|given|delivered)\b[^<.;,]{0,25} to (?:{{ light_words() }}| )*$')
        or places.value = 0 and regexp_matches(places.behind, '^ (?:child|children|young (?:person|people)) who\b')
        -- "in most cases no assessment was evident" counts none of them.
        or places.value = 0 and regexp_matches(places.behind, '^(?: [a-z]+){1,5} (?:was|were|is|are) (?:evident|seen|apparent|available|present|visible|found|in evidence)\b')
        -- "88% of the plans that it had moderated were complete"
        or places.unit = 'percent'
        and regexp_matches(places.behind, '^%\)? of (?:the |those )?(?:[a-z]+ ){1,5}(?:it|they|we|inspectors|managers|auditors) (?:had |have |has )?[a-z]+ (?:were|was|are|had|have)\b')
        -- "there was no assessment on the file"
        or places.value = 0 and regexp_matches(places.behind, '^(?: [a-z]+){1,5} (?:on|in) (?:the |their |these |this )?(?:case |electronic )?(?:files?|records?|cases?)\b')
        -- "600 assessments were completed which did not lead to a service"
        or places.unit = 'count' and regexp_matches(places.behind, '^(?: [a-z]+){0,5} (?:which|that|who) (?:did|do|does|had|have|has|were|was|are) not\b')
        or places.unit = 'count' and regexp_matches(places.behind, '^(?: [a-z]+){1,9} (?:have|has|had) not (?:yet )?(?:had|been|got|received|attended|seen)\b')
        or places.unit = 'weeks'
        and regexp_matches(places.before, '\b(?:usually|typically|generally|normally|often)\b[^.;]*\b(?:within|under|in) $|\b(?:should|must|expects?|expected to|required to)\b[^.;]*$')
        -- Another profession's caseload.
        or places.unit = 'count' and exists (
            select 1
            from {{ documents_of(ref('int_concept_mentions')) }} as mentions
            where mentions.reading_id = places.reading_id
            having
                bool_or(mentions.concept_id in ('caseload', 'average_caseload'))
                and bool_or(mentions.concept_id in ('other_worker', 'iro', 'manager'))
                and not bool_or(mentions.concept_id = 'social_worker')
        )
        or exists (
            select 1
            from {{ documents_of(ref('int_concept_mentions')) }} as mentions
            where
                mentions.reading_id = places.reading_id
                and mentions.phrase in ('sampled', 'survey', 'surveyed', 'respondents', 'tracked', 'audited')
                and mentions.first_place between places.last_strong_break and places.place
        )
        -- "Managers audited 60 referrals. They found that 18% were repeat referrals."
        or exists (
            select 1
            from templates
            inner join {{ documents_of(ref('int_concept_mentions')) }} as mentions on templates.previous_reading_id = mentions.reading_id
            where
                templates.reading_id = places.reading_id
                and regexp_matches(templates.template, '^(?:they|these|it|this|the audit|the survey|the sample) (?:found|showed|shows|identified|indicated|concluded|said|reported|judged)\b|^of (?:these|those|them),? <')
                and mentions.phrase in ('sampled', 'survey', 'surveyed', 'respondents', 'tracked', 'audited', 'audit', 'audits')
        )

),

-- What the rules know as a part of something, or as no value at all, no wording makes one.
refusals as (

    select
        reading_id,
        position,
        metric_id,
    from {{ documents_of(ref('int_figure_verdicts')) }}
    where regexp_matches(verdict, '^(an increment|a sample|a limit|a stock|a flow|another profession|a part: (a team|elsewhere|one_age|aged|one_team|unallocated|target|sample|disabled|ethnic|sex|offending|minority_ethnic|late|set before it)|never with (one_team|front_door))')
        -- "There are 21 children looked after placed with their parents" tells of those alone.
        or regexp_extract(verdict, '^a part: (\w+)', 1) in (select concept_id from concepts where kind = 'place')

),

-- Where the rules know both metrics and take the figure for the other, a wording that reaches further is no ground.
named_otherwise as (

    select
        of_its_unit.reading_id,
        of_its_unit.position,
        of_its_unit.metric_id,
    from of_its_unit
    inner join {{ documents_of(ref('int_figure_verdicts')) }} as verdicts using (reading_id, position)
    where
        of_its_unit.unit in ('percent', 'weeks', 'days')
        and of_its_unit.metric_id in (select metric_id from rules)
    group by all
    having
        bool_or(verdicts.verdict = 'taken' and verdicts.metric_id != of_its_unit.metric_id)
        and not bool_or(verdicts.verdict = 'taken' and verdicts.metric_id = of_its_unit.metric_id)

),

-- A percentage is of one thing: the one that is named nearest to it.
by_pattern as (

    select
        report_id,
        reading_id,
        position,
        metric_id,
        pattern_id,
    from of_its_unit
    anti join other_things using (reading_id, position)
    anti join refusals using (reading_id, position, metric_id)
    anti join named_otherwise using (reading_id, position, metric_id)
    qualify
        unit != 'percent'
        or metric_id = first_value(metric_id) over (
            partition by reading_id, position, unit = 'percent'
            order by is_named_behind desc, match_length, metric_id
        )

),

by_rule as (

    select
        verdicts.report_id,
        verdicts.reading_id,
        verdicts.position,
        verdicts.metric_id,
        'rule' as pattern_id,
    from {{ documents_of(ref('int_figure_verdicts')) }} as verdicts
    anti join {{ documents_of(ref('int_report_frameworks')) }} as reports
        on verdicts.report_id = reports.report_id and not reports.figures_are_read
    anti join other_things on verdicts.reading_id = other_things.reading_id and verdicts.position = other_things.position
    semi join templates on verdicts.reading_id = templates.reading_id
    where verdicts.verdict = 'taken'

),

final as (

    select * from by_pattern
    union all
    select by_rule.*
    from by_rule
    anti join by_pattern using (reading_id, position)

)

select * from final
