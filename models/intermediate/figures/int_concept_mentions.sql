-- Every phrase of the lexicon in the words of a sentence, with its first and last place; of phrases that overlap the longer.

with figure_words as (

    select * from {{ documents_of(ref('int_figure_words')) }}

),

phrases as (

    select * from {{ ref('int_concept_phrases') }}

),

plain_words as (

    select
        report_id,
        reading_id,
        [case when starts_with(word, '<') then '#' when starts_with(word, '{') then '@' else word end for word in words] as words,
    from figure_words

),

mentions as (

    {{ concept_mentions('plain_words', 'reading_id', 'phrases') }}

),

final as (

    select
        figure_words.report_id,
        mentions.*,
        -- What stands in brackets is said beside the sentence.
        len([word for word in figure_words.words[:mentions.first_place] if word = '('])
        > len([word for word in figure_words.words[:mentions.first_place] if word = ')']) as in_brackets,
    from mentions
    inner join figure_words using (reading_id)

)

select * from final
