-- What a document asks for, in its lists or in the rows of its tables. A review repeats its coded asks at its end: the first stands.

with paragraphs as (

    select paragraphs.*
    from {{ documents_of(ref('int_paragraphs')) }} as paragraphs
    inner join {{ documents_of(ref('int_report_frameworks')) }} as report_frameworks using (report_id)
    inner join {{ ref('frameworks') }} as frameworks using (framework_id)
    where paragraphs.is_recommendation and not frameworks.asks_stand_in_tables

),

table_asks as (

    select * from {{ documents_of(ref('int_table_asks')) }}

),

recommendation_types as (

    select * from {{ ref('recommendation_types') }}

),

asks as (

    select
        report_id,
        page_number,
        block_number,
        null as line_number,
        code,
        paragraph_number,
        section_kind,
        part,
        null as responsible_body,
        judgement_area_id,
        section,
        paragraph_text,
    from paragraphs
    qualify
        code is null
        or row_number() over (partition by report_id, code order by block_number) = 1

    union all by name

    select
        report_id,
        page_number,
        block_number,
        line_number,
        section_kind,
        part,
        responsible_body,
        section,
        ask_text as paragraph_text,
    from table_asks

),

final as (

    select
        md5(concat_ws('|', asks.report_id, asks.page_number, asks.block_number, asks.line_number))[:16] as recommendation_id,
        asks.report_id,
        asks.block_number,
        asks.page_number,
        asks.line_number,
        asks.code,
        asks.paragraph_number,
        recommendation_types.recommendation_type,
        asks.part as addressed_to,
        asks.responsible_body,
        asks.judgement_area_id,
        asks.section,
        asks.paragraph_text,
    from asks
    inner join recommendation_types using (section_kind)

)

select * from final
