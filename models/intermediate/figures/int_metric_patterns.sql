-- The seed's patterns as regular expressions.

with patterns as (

    select * from {{ ref('metric_patterns') }}

),

pattern_words as (

    select list({word: word, stands_for: stands_for} order by length(word) desc, word) as all_words
    from {{ ref('pattern_words') }}

),

spelled as (

    select
        patterns.* exclude (unless),
        {{ spelled_out('patterns.pattern') }} as spelled_pattern,
        {{ spelled_out('patterns.unless') }} as unless,
    from patterns
    cross join pattern_words

),

final as (

    select
        md5(metric_id || spelled_pattern) as pattern_id,
        metric_id,
        pattern,
        keyword,
        unless,
        contains(pattern, ' » ') as reads_introduction,
        spelled_pattern as regex,
    from spelled

)

select * from final
