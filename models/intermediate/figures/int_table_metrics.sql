-- Which metric the words of a table's heads name, by the concepts and rules that name it in sentences; all that restricts
-- must be explained, as there, and so must every word. What could be two metrics is none.

with heads as (

    select * from {{ ref('int_table_heads') }}

),

figures as (

    select * from {{ ref('int_table_figures') }}

),

phrases as (

    select * from {{ ref('int_concept_phrases') }}

),

rules as (

    select * from {{ ref('int_metric_rules') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

small_words as (

    select * from {{ ref('small_words') }}
    where says_nothing_in_heads

),

-- The words of label and head; behind those of the band over the row; behind the table's title.
tried as (

    select
        head_id,
        unnest([1, 2, 3, 4]) as try,
        unnest([measure_words, measure_words_with_band, measure_words_with_title, measure_words_with_caption]) as measure_words,
    from heads

),

worded as (

    select distinct
        measure_words,
        string_split(measure_words, ' ') as words,
    from tried
    where measure_words is not null

),

concepts as (

    {{ concept_mentions('worded', 'measure_words', 'phrases') }}

),

places as (

    select
        measure_words,
        unnest(words) as word,
        generate_subscripts(words, 1)::integer as place,
        -- "within 12 months", "for 2 years"
        regexp_matches(array_to_string(words[place + 1:place + 2], ' '), '^(?:or more |working |calendar )?(?:months?|days|weeks|hours)\b')
        or words[place - 1] in ('within', 'for', 'over', 'than', 'last', 'least') and words[place + 1] in ('year', 'years')
            as is_a_length,
    from worded

),

unknown_words as (

    select
        places.measure_words,
        min_by(places.word, places.place) as unknown_word,
    from places
    anti join concepts on places.measure_words = concepts.measure_words and places.place between concepts.first_place and concepts.last_place
    anti join small_words on places.word = small_words.word
    where
        regexp_matches(places.word, '^[a-z]{2}')
        -- "0-4", "Team 2": a number that says no time parts what is counted.
        or regexp_matches(places.word, '^\d') and not places.is_a_length
    group by places.measure_words

),

named as (

    select
        worded.measure_words,
        list(concepts.concept_id order by concepts.first_place) as concept_ids,
        list(concepts.concept_id order by concepts.first_place) filter (
            where concepts.kind in ('people', 'state', 'event', 'thing', 'noun', 'place', 'group', 'sample', 'limit')
        ) as restricting,
        any_value(unknown_words.unknown_word) as unknown_word,
    from worded
    inner join concepts using (measure_words)
    left join unknown_words using (measure_words)
    group by worded.measure_words

),

candidates as (

    select
        named.measure_words,
        rules.metric_id,
        rules.figure_unit,
        coalesce(len(rules.needs), 0) as needs_met,
        list_filter(coalesce(rules.needs, []), lambda need: not list_has_any(need, named.concept_ids)) as lacking,
        list_filter(named.restricting, lambda concept_id: not list_contains(rules.explained, concept_id)) as unexplained,
        list_intersect(rules.never, named.concept_ids) as forbidden,
        case
            when named.unknown_word is not null then 'words that the lexicon does not know: ' || named.unknown_word
            when len(lacking) > 0 then 'needs ' || array_to_string(lacking[1], ' or ')
            when len(unexplained) > 0 then 'a part: ' || unexplained[1]
            when len(forbidden) > 0 then 'never with ' || forbidden[1]
            when list_contains(named.concept_ids, 'quality') then 'how good they are'
            -- "Plans started in the year" are not those that there are.
            when
                not metrics.is_flow and rules.counts = 'people'
                and regexp_matches(named.measure_words, '\b(?:start(?:s|ed|ing)?|new|commenc(?:ed|ing)|end(?:ed|ing)|ceas(?:ed|ing)|clos(?:ed|ing|ures)|became|becoming|made|discharged|leaving|left|registered|registrations|deregist\w*)\b')
                then 'those who came or went'
        end as refused,
    from named
    inner join rules on list_contains(named.concept_ids, rules.head)
    inner join metrics using (metric_id)

),

units as (

    select distinct
        heads.head_id,
        coalesce(figures.printed_unit, heads.stated_unit, 'count') as unit,
    from heads
    inner join figures using (report_id, row_label, column_head, band, table_words)

),

tries as (

    select
        units.head_id,
        units.unit,
        tried.try,
        candidates.metric_id,
        candidates.refused,
        candidates.needs_met,
    from units
    inner join tried using (head_id)
    inner join candidates
        on
            tried.measure_words = candidates.measure_words
            and units.unit = candidates.figure_unit
    qualify row_number() over (
        partition by units.head_id, units.unit, tried.try, candidates.metric_id order by candidates.refused is null desc, candidates.needs_met desc
    ) = 1

),

-- What label and head say themselves comes first.
judged as (

    select
        *,
        rank() over (
            partition by head_id, unit order by refused is null desc, needs_met desc
        ) as place_in_order,
    from tries
    qualify try = first_value(try) over (partition by head_id, unit order by refused is null desc, try)

),

final as (

    select
        head_id,
        unit,
        metric_id,
        case
            when refused is not null then refused
            when place_in_order > 1 then 'another metric says more'
            when count(*) filter (where refused is null and place_in_order = 1) over (partition by head_id, unit) > 1
                then 'two metrics say as much'
            else 'taken'
        end as verdict,
    from judged

)

select * from final
