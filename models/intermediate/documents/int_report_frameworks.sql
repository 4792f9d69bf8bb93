-- What kind of document it is, by the words at its head; a document without any is there, too.

with documents as (

    select * from {{ documents_of(ref('stg_documents')) }}

),

front_texts as (

    select
        report_id,
        lower(title_text) as title_words,
        lower(front_text) as front_words,
    from {{ documents_of(ref('int_front_texts')) }}

),

patterns as (

    select * from {{ ref('framework_patterns') }}

),

frameworks as (

    select * from {{ ref('frameworks') }}

),

matches as (

    select
        front_texts.report_id,
        min_by(patterns.framework_id, patterns.priority) as framework_id,
    from front_texts
    inner join patterns
        on
            (
                coalesce(patterns.title_pattern, '') = ''
                or {% call(pattern) by_pattern('patterns.title_pattern', held_patterns('framework_patterns', 'title_pattern')) %}
                    regexp_matches(front_texts.title_words, {{ pattern }})
                {% endcall %}
            )
            and (
                coalesce(patterns.head_pattern, '') = ''
                or {% call(pattern) by_pattern('patterns.head_pattern', held_patterns('framework_patterns', 'head_pattern')) %}
                    regexp_matches(front_texts.front_words[:patterns.within_characters], {{ pattern }}, 's')
                {% endcall %}
            )
    group by front_texts.report_id

),

final as (

    select
        documents.report_id,
        frameworks.framework_id,
        frameworks.document_type,
        frameworks.has_typed_facts,
        frameworks.figures_are_read,
        frameworks.lead_signs,
        matches.framework_id is not null as is_recognised,
    from documents
    left join matches using (report_id)
    inner join frameworks on coalesce(matches.framework_id, 'other') = frameworks.framework_id

)

select * from final
