-- Each row of metric_patterns reads its own example as the value that the row expects.

with patterns as (

    select * from {{ ref('metric_patterns') }}

),

mentions as (

    select * from {{ ref('int_metric_mentions') }}
    where starts_with(report_id, 'example ')

),

matches as (

    select * from {{ ref('int_metric_matches') }}

),

read_patterns as (

    select
        int_patterns.metric_id,
        int_patterns.pattern,
        mentions.value,
    from {{ ref('int_metric_patterns') }} as int_patterns
    inner join matches using (pattern_id)
    inner join mentions
        on
            matches.reading_id = mentions.reading_id
            and matches.position = mentions.position
            and matches.metric_id = mentions.metric_id
            and mentions.report_id = 'example ' || md5(int_patterns.metric_id || int_patterns.pattern)

)

select
    patterns.metric_id,
    patterns.pattern,
    patterns.example,
    patterns.expected,
    list(read_patterns.value) as values_read,
from patterns
left join read_patterns
    on patterns.metric_id = read_patterns.metric_id and patterns.pattern = read_patterns.pattern
group by all
having not coalesce(bool_or(read_patterns.value = patterns.expected), false)
