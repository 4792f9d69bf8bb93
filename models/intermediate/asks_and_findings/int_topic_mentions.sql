-- Which topics a finding or recommendation speaks of.

with findings as (

    select * from {{ documents_of(ref('int_findings')) }}

),

recommendations as (

    select * from {{ documents_of(ref('int_recommendations')) }}

),

report_frameworks as (

    select * from {{ documents_of(ref('int_report_frameworks')) }}

),

topic_patterns as (

    select * from {{ ref('topic_patterns') }}

),

texts as (

    select
        report_id,
        finding_id as fact_id,
        'finding' as fact_kind,
        paragraph_text,
    from findings

    union all

    select
        report_id,
        recommendation_id as fact_id,
        'recommendation' as fact_kind,
        paragraph_text,
    from recommendations

),

-- In small letters, with one sign for each kind of hyphen and apostrophe.
read_texts as (

    select
        report_id,
        fact_id,
        fact_kind,
        regexp_replace(regexp_replace(lower(paragraph_text), '[‘’]', '''', 'g'), '[‑–\n-]', ' ', 'g') as words,
    from texts

),

found_keywords as materialized (

    select
        read_texts.report_id,
        read_texts.fact_id,
        read_texts.fact_kind,
        read_texts.words,
        topic_patterns.topic_id,
        topic_patterns.pattern,
    from read_texts
    inner join report_frameworks using (report_id)
    inner join topic_patterns
        on
            contains(read_texts.words, topic_patterns.keyword)
            and topic_patterns.framework_id in ('any', report_frameworks.framework_id)

),

final as (

    select distinct
        report_id,
        fact_id,
        fact_kind,
        topic_id,
    from found_keywords
    where
        pattern is null
        or {% call(pattern) by_pattern('pattern', held_patterns('topic_patterns')) %} regexp_matches(words, {{ pattern }}) {% endcall %}

)

select * from final
