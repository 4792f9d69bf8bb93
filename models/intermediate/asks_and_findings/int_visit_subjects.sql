-- What a visit was about: the focus of a focused or monitoring visit, the theme of a joint inspection, from the letter's subject
-- and first sentences. What those only comprise ("…, including decisions to step down to early help") is no focus of its own.

with statements as (

    select * from {{ documents_of(ref('stg_statements')) }}

),

sections as (

    select * from {{ documents_of(ref('int_sections')) }}

),

front_texts as (

    select * from {{ documents_of(ref('int_front_texts')) }}

),

reports as (

    select
        report_frameworks.report_id,
        frameworks.subject_kind,
    from {{ documents_of(ref('int_report_frameworks')) }} as report_frameworks
    inner join {{ ref('frameworks') }} as frameworks using (framework_id)
    where frameworks.subject_kind != ''

),

openings as (

    select * from {{ ref('visit_subject_openings') }}

),

endings as (

    select
        subject_kind,
        '(?:' || string_agg(pattern, '|' order by priority) || ').*$' as ending_pattern,
    from openings
    where role = 'ends'
    group by subject_kind

),

subjects as (

    select * from {{ ref('visit_subjects') }}

),

subject_patterns as (

    select * from {{ ref('visit_subject_patterns') }}

),

-- The subject and the sentences up to the first findings.
texts as (

    select
        report_id,
        0 as place,
        1 as page_number,
        title_text as quote,
    from front_texts
    inner join reports using (report_id)

    union all

    select
        statements.report_id,
        row_number() over (partition by statements.report_id order by statements.block_number, statements.sentence_number) as place,
        statements.page_number,
        statements.quote,
    from statements
    inner join reports using (report_id)
    inner join sections using (report_id, block_number)
    where
        statements.page_number <= 2
        and statements.block_number <= 40
        and sections.section_kind in ('front', 'about_inspection', 'executive_summary')

),

opened as (

    select
        texts.*,
        reports.subject_kind,
        openings.priority,
        regexp_replace(
            {% call(pattern) by_pattern('openings.pattern', held_patterns('visit_subject_openings')) %}
                regexp_extract(lower(texts.quote), {{ pattern }}, 1)
            {% endcall %}, coalesce(endings.ending_pattern, '^$'), ''
        ) as words,
    from texts
    inner join reports using (report_id)
    inner join openings
        on
            reports.subject_kind = openings.subject_kind
            and openings.role = 'opens'
            and contains(lower(texts.quote), openings.keyword)
    left join endings on reports.subject_kind = endings.subject_kind

),

named as (

    select
        opened.report_id,
        opened.place,
        opened.page_number,
        opened.quote,
        opened.subject_kind,
        opened.priority,
        subject_patterns.subject_id,
        min(subject_patterns.pattern_order) as pattern_order,
    from opened
    inner join subjects using (subject_kind)
    inner join subject_patterns
        on
            subjects.subject_id = subject_patterns.subject_id
            and contains(opened.words, subject_patterns.keyword)
            and {% call(pattern) by_pattern('subject_patterns.pattern', held_patterns('visit_subject_patterns')) %}
                regexp_matches(opened.words, {{ pattern }})
            {% endcall %}
    group by all

),

-- The first of the sentences that say it best. A visit can have several focuses; an inspection has one theme.
final as (

    select
        report_id,
        subject_id,
        subject_kind,
        page_number,
        quote,
    from named
    qualify
        dense_rank() over (partition by report_id order by priority, place) = 1
        and (
            subject_kind = 'focus'
            or row_number() over (partition by report_id order by priority, place, pattern_order) = 1
        )

)

select * from final
