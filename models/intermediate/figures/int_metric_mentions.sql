-- Every number that states a metric: named by a pattern, or going on from a number that is.

with contexts as (

    select * from {{ ref('int_number_contexts') }}

),

matches as (

    select * from {{ ref('int_metric_matches') }}

),

templates as (

    select * from {{ ref('int_templates') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

places as (

    select
        reading_id,
        position,
        place,
        opens,
        to_place,
        regexp_matches(after, '^ (?:days|weeks) (?:between|from) [a-z]') as is_from_to,
        lag(place) over in_reading as last_place_before,
        regexp_matches(before, '\b(?:{{ comparators() }}|having been|had been) (?:{{ light_words() }}| )*$') as is_compared,
    from {{ ref('int_figure_places') }}
    window in_reading as (partition by reading_id order by position)

),

concept_mentions as (

    select * from {{ ref('int_concept_mentions') }}

),

-- What the rules of a metric can account for.
explained as (

    select
        metric_id,
        list_distinct(flatten(list(explained))) as concepts,
    from {{ ref('int_metric_rules') }}
    group by metric_id

),

units as (

    select
        metric_id,
        case when unit in ('percent', 'per_10k', 'gbp', 'weeks', 'days') then unit else 'count' end as number_unit,
    from metrics

),

named as (

    select distinct
        contexts.reading_id,
        contexts.position,
        matches.metric_id,
        units.number_unit,
    from matches
    inner join contexts using (reading_id, position)
    inner join units using (metric_id)
    where
        contexts.unit = units.number_unit
        -- A rate may be told of without its "per 10,000" beside each figure, an average may have a fraction.
        or (units.number_unit = 'per_10k' and contexts.unit = 'count')

),

-- Figures of a kind that follow one another without a break: "from 225 to 161", "27% in 2014-15, decreasing to 24%".
chains as (

    select
        contexts.*,
        case
            -- A rate told of without "per 10,000" goes on as a rate where no children are counted.
            when
                contexts.unit = 'count'
                and named_units.number_unit is null
                and not regexp_matches(contexts.after, '^ (?:children|young)')
                and last_value(named_units.number_unit || ' ' || contexts.unit ignore nulls) over (
                    partition by contexts.reading_id order by contexts.position rows unbounded preceding
                ) in ('per_10k count', if(contexts.geography = 'england', 'per_10k per_10k', 'per_10k count'))
                then 'per_10k'
            else coalesce(named_units.number_unit, contexts.unit)
        end as figure_unit,
        named_units.number_unit is not null as is_named,
    from contexts
    left join (
        select distinct on (reading_id, position) reading_id, position, number_unit
        from named
        order by reading_id, position, number_unit
    ) as named_units using (reading_id, position)

),

linked as (

    select
        *,
        lag(position) over of_a_kind as previous_of_kind,
        -- Named figures open a chain of their own; England's and others' go with any.
        sum((is_named or not (goes_on or geography != 'authority') or number_order = 1)::integer) over (
            partition by reading_id, figure_unit order by position
        ) as chain,
    from chains
    window of_a_kind as (partition by reading_id, figure_unit order by position)

),

anchors as (

    select distinct on (linked.reading_id, linked.figure_unit, linked.chain, named.metric_id)
        linked.reading_id,
        linked.figure_unit,
        linked.chain,
        linked.position,
        named.metric_id,
    from linked
    inner join named using (reading_id, position)
    where linked.is_named

),

going_on as (

    select
        linked.reading_id,
        linked.position,
        anchors.metric_id,
        anchors.position as from_position,
    from linked
    inner join anchors using (reading_id, figure_unit, chain)
    where not linked.is_named and linked.position > anchors.position

    union

    -- "from 63% to 66% of care leavers": what the figure was before.
    select
        linked.reading_id,
        linked.position,
        anchors.metric_id,
        anchors.position as from_position,
    from linked
    inner join linked as following
        on
            linked.reading_id = following.reading_id
            and linked.figure_unit = following.figure_unit
            and linked.position = following.previous_of_kind
    inner join anchors
        on
            following.reading_id = anchors.reading_id
            and following.figure_unit = anchors.figure_unit
            and following.position = anchors.position
    where
        not linked.is_named
        and regexp_matches(linked.before, '\bfrom (?:around |about |just |over |nearly |almost )*$')
        and regexp_matches(linked.after, '^%?(?: (?:weeks|days))?(?: (?:in|at|by|on) \{\d+\}| \{\d+\}| \(\{\d+\}\))? to (?:around |about |just |over |an average of )*$')

),

-- "held on time, with attendance at 86%": a figure with people or things of its own does not go on.
of_its_own as (

    select distinct
        going_on.reading_id,
        going_on.position,
        going_on.metric_id,
    from going_on
    inner join places using (reading_id, position)
    inner join concept_mentions as mentions
        on
            places.reading_id = mentions.reading_id
            -- "212 ceased …, 11 (5%) have since returned": of what it tells before it and, where it opens a clause or says from when to when, behind.
            -- Behind "compared with" it is what the figure before was.
            and mentions.first_place between if(places.is_compared, places.place, coalesce(places.last_place_before, 0))
            and if(places.opens or places.is_from_to, greatest(places.place, places.to_place), places.place)
    left join explained using (metric_id)
    where
        going_on.position > going_on.from_position
        and mentions.kind in ('people', 'state', 'event', 'thing', 'place', 'group', 'sample')
        and not mentions.in_brackets
        and mentions.concept_id not in ('child', 'person')
        and not list_contains(coalesce(explained.concepts, []), mentions.concept_id)

    union

    -- "81 missing episodes involving 32 children"
    select
        going_on.reading_id,
        going_on.position,
        going_on.metric_id,
    from going_on
    inner join linked using (reading_id, position)
    inner join linked as anchor on going_on.reading_id = anchor.reading_id and going_on.from_position = anchor.position
    inner join metrics using (metric_id)
    where
        metrics.unit = 'count'
        and regexp_matches(linked.after, '^ (?:children|young people)\b')
        and not regexp_matches(anchor.after, '^ (?:children|young people)\b')

),

-- "This is a reduction from 225 (38 per 10,000) at 31 March 2016" goes on from the sentence before.
back_references as (

    select
        templates.reading_id,
        templates.previous_reading_id,
    from templates
    where
        templates.previous_reading_id is not null
        and regexp_matches(
            templates.template,
            '^ ?(?:however,? |at <\d+>%,? |(?:in|at|by|during|since) (?:the )?\{\d+\},? )?(?:the (?:current |latest |overall )?(?:figure|number|rate) (?:is|was|had been|stood at) (?:around |approximately |just |over |under |about )*<|(?:this|that|which|these|it|both|the (?:figure|number|rate)(?: (?:is|was|has|had|rose|fell|stood|remains))|the (?:figure|number|rate) (?:at|in|for|reported|recorded)|the england|the national|an? (?:increase|decrease|reduction)|compared)\b[^<]{0,110}\b(?:(?:from|than|to|with|same as|as|average|figure|rate|was|is|of|at|reached) (?:around |approximately |just |over |under |about |the )*\(?|(?:than|to|with|above|below) [a-z ]{3,40} \()<)'
        )
        and not regexp_matches(templates.template, '^[^<]*(?:of (?:these|those|this|whom)|per 10,000 |by <|include|explained by|due to|because|result of|owing to)')

),

-- A sentence that counts children goes on with their rate.
named_and_rates as (

    select
        reading_id,
        position,
        metric_id,
        number_unit,
    from named

    union

    select
        named.reading_id,
        named.position,
        units.metric_id,
        units.number_unit,
    from named
    inner join units on named.metric_id || '_rate' = units.metric_id

),

last_named as (

    select distinct on (linked.reading_id, figure_unit)
        linked.reading_id,
        if(named.number_unit = 'per_10k', named.number_unit, linked.figure_unit) as figure_unit,
        named.metric_id,
    from linked
    inner join named_and_rates as named using (reading_id, position)
    order by linked.reading_id, figure_unit, linked.position, named.metric_id

),

referring_back as (

    select
        linked.reading_id,
        linked.position,
        last_named.metric_id,
    from linked
    inner join back_references using (reading_id)
    inner join last_named
        on back_references.previous_reading_id = last_named.reading_id and linked.figure_unit = last_named.figure_unit
    where
        not linked.is_named
        and (
            linked.number_order = 1
            or linked.geography = 'england' and linked.figure_unit != 'count'
            or linked.goes_on and linked.previous_of_kind is not null
        )
        -- "This is higher than similar authorities, at 23%": whose it is, is not said.
        and not (
            linked.geography = 'authority'
            and regexp_matches(linked.before, '\b(?:neighbours?|comparators?|authorities|areas|average|england)(?: [a-z]+)?, at (?:around |about |just |over |under )*$')
        )
        -- "This figure rises to 100% for children under five"
        and not exists (
            select 1
            from concept_mentions
            inner join places using (reading_id)
            inner join explained on last_named.metric_id = explained.metric_id
            where
                concept_mentions.reading_id = linked.reading_id
                and places.position = linked.position
                and concept_mentions.kind in ('group', 'sample')
                and concept_mentions.first_place between places.place and places.place + 5
                and not list_contains(explained.concepts, concept_mentions.concept_id)
        )

),

before_twins as (

    select reading_id, position, metric_id, 'named' as how from named
    union all
    select reading_id, position, metric_id, 'going on' as how
    from going_on
    anti join of_its_own using (reading_id, position, metric_id)
    union all
    select reading_id, position, metric_id, 'referring back' as how from referring_back

),

-- "161 children (27 per 10,000)", "23 (4%) live with parents": what stands in brackets is the same in another unit.
twins as (

    select
        contexts.reading_id,
        contexts.position,
        twin_units.metric_id,
        'twin' as how,
    from contexts
    inner join contexts as wholes
        on contexts.reading_id = wholes.reading_id and contexts.position = wholes.position + 1
    inner join before_twins
        on wholes.reading_id = before_twins.reading_id and wholes.position = before_twins.position
    inner join units as twin_units
        on
            contexts.unit = twin_units.number_unit
            and twin_units.metric_id = before_twins.metric_id || case contexts.unit when 'percent' then '_percent' when 'per_10k' then '_rate' end
    where
        wholes.unit = 'count'
        and (
            regexp_matches(contexts.before, '^[^<;]{0,90}\((?:or |at |which is )?(?:a |an? )?(?:rate of )?(?:around |approximately |just |over |under )*$')
            or (contexts.unit = 'per_10k' and regexp_matches(contexts.before, '^(?:[^<.;]{0,100}(?:a|the) rate of|,? (?:which (?:is|was)|or|equivalent to|equating to|representing)) (?:around |approximately |just |over |under )*$'))
        )

),

with_twins as (

    select * from before_twins
    union
    select * from twins

),

-- "619 children, 87 per 10,000, compared with the England average of 60": England's is of what the figure before it is of.
beside as (

    select
        england.reading_id,
        england.position,
        arg_max_null(with_twins.metric_id, (linked.position, with_twins.metric_id)) as metric_id,
        'going on' as how,
    from linked as england
    inner join linked
        on
            england.reading_id = linked.reading_id
            and england.position > linked.position
            and (
                england.figure_unit = linked.figure_unit
                -- "71 per 10,000, higher than the England average of 60"
                or england.figure_unit = 'count' and linked.figure_unit = 'per_10k' and not regexp_matches(england.after, '^ (?:children|young)')
            )
    left join with_twins on linked.reading_id = with_twins.reading_id and linked.position = with_twins.position
    anti join with_twins as found on england.reading_id = found.reading_id and england.position = found.position
    anti join of_its_own as others on england.reading_id = others.reading_id and england.position = others.position
    where
        england.geography = 'england'
        and linked.geography = 'authority'
        and linked.figure_unit in ('percent', 'per_10k', 'weeks', 'days')
    group by england.reading_id, england.position
    having arg_max_null(with_twins.metric_id, (linked.position, with_twins.metric_id)) is not null

),

gathered as (

    select distinct on (reading_id, position, metric_id)
        *
    from (
        select * from with_twins
        union all
        select * from beside
    )
    order by reading_id, position, metric_id, how = 'named' desc, how

),

-- "All of whom": as many as the number before.
counts as (

    select
        reading_id,
        position,
        last_value(case when unit = 'count' then value end ignore nulls) over (
            partition by reading_id order by position rows between unbounded preceding and 1 preceding
        ) as count_before,
    from contexts

),

valued as (

    select
        gathered.*,
        contexts.* exclude (reading_id, position, value),
        -- "all but one of whom"
        coalesce(contexts.value, counts.count_before - contains(contexts.mention, 'one')::integer) as value,
    from gathered
    inner join contexts using (reading_id, position)
    inner join counts using (reading_id, position)

),

final as (

    select
        valued.reading_id,
        valued.report_id,
        valued.statement_id,
        valued.position,
        valued.metric_id,
        valued.how,
        valued.geography,
        valued.value,
        valued.qualifier,
        valued.period_position,
    from valued
    inner join metrics using (metric_id)
    where
        valued.value >= 0
        and valued.geography in ('authority', 'england')
        and (metrics.unit != 'percent' or valued.value <= 100 or metrics.may_exceed_100)
        -- "nearly all of whom", "not all of whom" are no number.
        and not (
            contains(valued.mention, 'all of')
            and regexp_matches(valued.before, '\b(?:not|almost|nearly|virtually|practically|substantially|generally|usually|mostly) $')
        )
        -- Nobody is a fraction of a child.
        and (metrics.unit not in ('children', 'count') or valued.value = floor(valued.value) or metrics.may_have_fraction)

)

select * from final
