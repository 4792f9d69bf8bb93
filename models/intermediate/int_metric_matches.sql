-- Which numbers of a reading the seed's patterns name as a metric's value.

with templates as (

    select * from {{ ref('int_templates') }}

),

patterns as (

    select * from {{ ref('int_metric_patterns') }}

),

numbers as (

    select * from {{ ref('int_numbers') }}
    where kind = 'number'

),

metrics as (

    select * from {{ ref('metrics') }}

),

-- Held, so that a pattern is compiled only for the readings that hold its keyword.
pairs as materialized (

    select
        templates.reading_id,
        patterns.*,
        case when patterns.reads_introduction then templates.introduction else '' end || templates.template as text,
    from templates
    inner join patterns
        on
            contains(templates.template, patterns.keyword)
            or (patterns.reads_introduction and contains(templates.introduction, patterns.keyword))
    where templates.number_count > 0

),

matched as (

    select
        reading_id,
        pattern_id,
        metric_id,
        unless,
        text,
        unnest(regexp_extract_all(text, regex, 1))::integer as position,
    from pairs

),

allowed as (

    select *
    from matched
    where unless is null or not regexp_matches(text, unless)

),

final as (

    select distinct on (allowed.reading_id, allowed.position, allowed.metric_id)
        allowed.reading_id,
        allowed.position,
        allowed.metric_id,
        allowed.pattern_id,
    from allowed
    inner join numbers
        on allowed.reading_id = numbers.reading_id and allowed.position = numbers.position
    inner join metrics using (metric_id)
    where
        numbers.printed_unit = case when metrics.unit in ('percent', 'gbp') then metrics.unit else 'count' end
    order by allowed.reading_id, allowed.position, allowed.metric_id, allowed.pattern_id

)

select * from final
