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

small_words as (

    select * from {{ ref('small_words') }}
    where says_nothing_in_heads

),

worded as (

    select distinct
        measure_words,
        string_split(measure_words, ' ') as words,
    from heads

),

concepts as (

    {{ concept_mentions('worded', 'measure_words', 'phrases') }}

),

places as (

    select
        measure_words,
        unnest(words) as word,
        generate_subscripts(words, 1)::integer as place,
    from worded

),

unknown_words as (

    select
        places.measure_words,
        min_by(places.word, places.place) as unknown_word,
    from places
    anti join concepts on places.measure_words = concepts.measure_words and places.place between concepts.first_place and concepts.last_place
    anti join small_words on places.word = small_words.word
    where regexp_matches(places.word, '^[a-z]{2}')
    group by places.measure_words

),

named as (

    select
        worded.measure_words,
        list(concepts.concept_id order by concepts.first_place) as concept_ids,
        list(concepts.concept_id order by concepts.first_place) filter (
            where concepts.kind in ('people', 'state', 'event', 'thing', 'place', 'group', 'sample', 'limit')
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
            when named.unknown_word is not null then 'a word that the lexicon does not know: ' || named.unknown_word
            when len(lacking) > 0 then 'needs ' || array_to_string(lacking[1], ' or ')
            when len(unexplained) > 0 then 'a part: ' || unexplained[1]
            when len(forbidden) > 0 then 'never with ' || forbidden[1]
        end as refused,
    from named
    inner join rules on list_contains(named.concept_ids, rules.head)

),

units as (

    select distinct
        heads.head_id,
        heads.measure_words,
        coalesce(figures.printed_unit, heads.stated_unit, 'count') as unit,
    from heads
    inner join figures using (report_id, row_label, column_head, table_words)

),

judged as (

    select
        units.head_id,
        units.unit,
        candidates.metric_id,
        candidates.refused,
        rank() over (
            partition by units.head_id, units.unit order by candidates.refused is null desc, candidates.needs_met desc
        ) as place_in_order,
    from units
    inner join candidates
        on
            units.measure_words = candidates.measure_words
            and units.unit = candidates.figure_unit
    qualify row_number() over (
        partition by units.head_id, units.unit, candidates.metric_id order by candidates.refused is null desc, candidates.needs_met desc
    ) = 1

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
