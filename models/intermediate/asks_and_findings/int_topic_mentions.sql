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
        translate(lower(paragraph_text), '‘’-‑–' || chr(10), '''''    ') as words,
    from texts

),

found_keywords as materialized (

    select
        read_texts.report_id,
        read_texts.fact_id,
        read_texts.fact_kind,
        read_texts.words,
        topic_patterns.topic_id,
        topic_patterns.keyword,
        topic_patterns.pattern,
    from read_texts
    inner join report_frameworks using (report_id)
    inner join topic_patterns
        on
            contains(read_texts.words, topic_patterns.keyword)
            and topic_patterns.framework_id in ('any', report_frameworks.framework_id)

),

-- A pattern is compiled for every row that it is tried on: all texts of a pattern in one row, each on a line
-- behind its id, take a tenth of the time.
pattern_texts as (

    select
        topic_id,
        fact_kind,
        pattern,
        string_agg(report_id || ' ' || fact_id || chr(9) || words, chr(10)) as lines,
    from found_keywords
    where pattern is not null
    group by topic_id, fact_kind, keyword, pattern

),

pattern_matches as (

    select
        topic_id,
        fact_kind,
        unnest(regexp_extract_all(lines, '(?m)^\S+ \S+\t.*?(?:' || pattern || ')')) as matched_text,
    from pattern_texts

),

final as (

    select
        report_id,
        fact_id,
        fact_kind,
        topic_id,
    from found_keywords
    where pattern is null

    union

    select
        split_part(matched_text, ' ', 1) as report_id,
        split_part(split_part(matched_text, chr(9), 1), ' ', 2) as fact_id,
        fact_kind,
        topic_id,
    from pattern_matches

)

select * from final
