-- Every phrase of the lexicon in the words of a sentence, with its first and last place; of phrases that overlap the longer.

with figure_words as (

    select * from {{ documents_of(ref('int_figure_words')) }}

),

phrases as (

    select * from {{ ref('int_concept_phrases') }}

),

names as (

    select
        report_id,
        list(word) as name_words,
    from {{ ref('int_name_words') }}
    -- "in with", where an authority has that word in its name.
    anti join {{ ref('small_words') }} using (word)
    group by report_id

),

plain_words as (

    select
        figure_words.report_id,
        figure_words.reading_id,
        [
            case
                when starts_with(word, '<') then '#'
                when starts_with(word, '{') then '@'
                -- "outside Ashmere", "outside of the county": the one as the other
                when
                    list_contains(names.name_words, word)
                    and (figure_words.words[place - 1] = 'outside' or figure_words.words[place - 1] = 'of' and figure_words.words[place - 2] = 'outside')
                    then 'area'
                -- "in Ashmere", "in the care of Ashmere", "Ashmere's children"
                when
                    list_contains(names.name_words, word)
                    and (figure_words.words[place - 1] = 'in' or array_to_string(figure_words.words[place - 3:place - 1], ' ') = 'the care of')
                    then 'itsname'
                when list_contains(names.name_words, word) and ends_with(word, 's') and figure_words.words[place + 1] = 'children' then 'itsnames'
                else word
            end
            for word, place in figure_words.words
        ] as words,
    from figure_words
    left join names using (report_id)

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
