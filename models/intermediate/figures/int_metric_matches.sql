-- Which numbers of a reading the seed's patterns name as a metric's value.

with templates as (

    select templates.*
    from {{ documents_of(ref('int_templates')) }} as templates
    -- A table's row is no sentence: which of its figures is which, the table's head says.
    anti join {{ documents_of(ref('stg_statements')) }} as statements
        on
            templates.report_id = statements.report_id
            and templates.block_number = statements.block_number
            and statements.block_kind = 'table'
    -- The seeds' own sentences are of no kind.
    anti join {{ documents_of(ref('int_report_frameworks')) }} as reports
        on templates.report_id = reports.report_id and not reports.has_typed_facts

),

patterns as (

    select * from {{ ref('int_metric_patterns') }}

),

numbers as (

    select * from {{ documents_of(ref('int_numbers')) }}
    where kind = 'number'

),

metrics as (

    select * from {{ ref('metrics') }}

),

pairs as (

    select
        templates.report_id,
        templates.reading_id,
        patterns.pattern_id,
        patterns.metric_id,
        patterns.regex,
        patterns.unless,
        case when patterns.reads_introduction then templates.introduction else '' end || templates.template as text,
    from templates
    inner join patterns
        on
            contains(templates.template, patterns.keyword)
            or (patterns.reads_introduction and contains(templates.introduction, patterns.keyword))
    where templates.number_count > 0

),

matched as materialized (

    select *
    from (
        select
            *,
            {{ extract_by_pattern('pattern_id', 'text', 'regex', 'int_metric_patterns', 1) }} as positions,
        from pairs
    )
    where len(positions) > 0

),

-- "unless" speaks of the clause in which the match stands.
clauses as (

    select
        report_id,
        reading_id,
        pattern_id,
        metric_id,
        unless,
        unnest(positions)::integer as position,
        unnest(
            case
                when unless is not null
                    then regexp_extract_all(text, '(?:[^<.;,»]*)' || regex || '[^<.;]*', 0)
            end
        ) as clause,
        unnest({{ extract_by_pattern('pattern_id', 'text', 'regex', 'int_metric_patterns', 0) }}) as matched_words,
    from matched

),

allowed as (

    select *
    from clauses
    where unless is null or not regexp_matches(clause, unless)

),

of_its_unit as (

    select distinct
        allowed.report_id,
        allowed.reading_id,
        allowed.position,
        allowed.metric_id,
        allowed.pattern_id,
        -- What is named behind the number names it more surely than what went before.
        regexp_matches(allowed.matched_words, '^\W*<') as is_named_behind,
        length(allowed.matched_words) as match_length,
        metrics.unit,
    from allowed
    inner join numbers
        on allowed.reading_id = numbers.reading_id and allowed.position = numbers.position
    inner join metrics using (metric_id)
    where
        numbers.printed_unit = case when metrics.unit in ('percent', 'gbp') then metrics.unit else 'count' end

),

-- A percentage is of one thing: the one that is named nearest to it.
final as (

    select
        report_id,
        reading_id,
        position,
        metric_id,
        pattern_id,
    from of_its_unit
    qualify
        unit != 'percent'
        or metric_id = first_value(metric_id) over (
            partition by reading_id, position, unit = 'percent'
            order by is_named_behind desc, match_length, metric_id
        )
)

select * from final
