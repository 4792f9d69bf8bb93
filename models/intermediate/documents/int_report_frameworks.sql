-- What kind of document it is, by the words at its head; a document without any is there, too.

with documents as (

    select * from {{ documents_of(ref('stg_documents')) }}

),

front_texts as (

    select * from {{ documents_of(ref('int_front_texts')) }}

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
            (coalesce(patterns.title_pattern, '') = '' or regexp_matches(lower(front_texts.title_text), patterns.title_pattern))
            and (
                coalesce(patterns.head_pattern, '') = ''
                or regexp_matches(lower(front_texts.front_text)[:patterns.within_characters], patterns.head_pattern, 's')
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
