-- The phrases of the lexicon, each alternative in curly brackets written out: "{the|} subject of" is two.

with recursive concept_words as (

    select * from {{ ref('concept_words') }}

),

concepts as (

    select * from {{ ref('concepts') }}

),

written_out as (

    select
        concept_id,
        words as phrase,
    from concept_words

    union all

    select
        concept_id,
        unnest([
            regexp_replace(phrase, '\{[^{}]*\}', alternative)
            for alternative in string_split(regexp_extract(phrase, '\{([^{}]*)\}', 1), '|')
        ]) as phrase,
    from written_out
    where contains(phrase, '{')

),

phrases as (

    select distinct
        concept_id,
        trim(regexp_replace(phrase, '  +', ' ', 'g')) as phrase,
    from written_out
    where not contains(phrase, '{')

),

final as (

    select
        phrases.concept_id,
        concepts.kind,
        phrases.phrase,
        string_split(phrases.phrase, ' ')[1] as first_word,
        len(string_split(phrases.phrase, ' '))::integer as word_count,
    from phrases
    inner join concepts using (concept_id)

)

select * from final
