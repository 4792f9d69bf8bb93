-- Every phrase of the lexicon in the words of a sentence, with its first and last place; of phrases that overlap the longer.

with figure_words as (

    select * from {{ ref('int_figure_words') }}

),

phrases as (

    select * from {{ ref('int_concept_phrases') }}

),

lengths as (

    select distinct
        first_word,
        word_count,
    from phrases

),

plain_words as (

    select
        report_id,
        reading_id,
        [case when starts_with(word, '<') then '#' when starts_with(word, '{') then '@' else word end for word in words] as words,
    from figure_words

),

places as (

    select
        report_id,
        reading_id,
        words,
        unnest(words) as word,
        generate_subscripts(words, 1)::integer as place,
    from plain_words

),

runs as (

    select
        places.report_id,
        places.reading_id,
        places.place,
        lengths.word_count,
        array_to_string(places.words[places.place:places.place + lengths.word_count - 1], ' ') as phrase,
    from places
    inner join lengths on places.word = lengths.first_word
    where places.place + lengths.word_count - 1 <= len(places.words)

),

found as (

    select
        runs.report_id,
        runs.reading_id,
        runs.place as first_place,
        runs.place + runs.word_count - 1 as last_place,
        phrases.concept_id,
        phrases.kind,
        phrases.phrase,
    from runs
    inner join phrases using (phrase)

),

-- The longest that starts at a place; then what does not lie within, or start within, another that started before it.
longest as (

    select *
    from found
    qualify row_number() over (partition by reading_id, first_place order by last_place desc, concept_id) = 1

),

apart as (

    select *
    from longest
    qualify
        last_place > coalesce(max(last_place) over (
            partition by reading_id order by first_place rows between unbounded preceding and 1 preceding
        ), 0)

),

final as (

    select
        apart.*,
        -- What stands in brackets is said beside the sentence.
        len([word for word in figure_words.words[:apart.first_place] if word = '('])
        > len([word for word in figure_words.words[:apart.first_place] if word = ')']) as in_brackets,
    from apart
    inner join figure_words using (reading_id)

)

select * from final
