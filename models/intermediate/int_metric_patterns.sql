-- The seed's patterns as regular expressions: {#} is the value, # any other number, @ a date or period, ~ words without
-- a number, » what introduces the statement, and words in capitals stand for what pattern_words says.

with patterns as (

    select * from {{ ref('metric_patterns') }}

),

pattern_words as (

    select list({word: word, stands_for: stands_for} order by length(word) desc, word) as all_words
    from {{ ref('pattern_words') }}

),

spelled as (

    select
        patterns.*,
        list_reduce(
            all_words,
            lambda text, pair: {word: '', stands_for: replace(text.stands_for, pair.word, pair.stands_for)},
            {word: '', stands_for: patterns.pattern}
        ).stands_for as spelled_pattern,
    from patterns
    cross join pattern_words

),

final as (

    select
        md5(metric_id || pattern) as pattern_id,
        metric_id,
        keyword,
        unless,
        contains(pattern, '»') as reads_introduction,
        replace(
            replace(
                replace(
                    replace(
                        replace(spelled_pattern, '{#}', '<(\d+)' || chr(1)),
                        '#', '<\d+>'
                    ),
                    chr(1), '>'
                ),
                '@', '\{\d*\}'
            ),
            '~', '[^<>»]*?'
        ).replace(' » ', '.*» ') as regex,
    from spelled

)

select * from final
