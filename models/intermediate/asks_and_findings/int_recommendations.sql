-- What a document asks for. A review repeats its coded asks at its end: the first stands.

with paragraphs as (

    select *
    from {{ documents_of(ref('int_paragraphs')) }}
    where is_recommendation

),

recommendation_types as (

    select * from {{ ref('recommendation_types') }}

),

final as (

    select
        md5(concat_ws('|', paragraphs.report_id, paragraphs.page_number, paragraphs.block_number))[:16] as recommendation_id,
        paragraphs.report_id,
        paragraphs.block_number,
        paragraphs.page_number,
        paragraphs.code,
        paragraphs.paragraph_number,
        recommendation_types.recommendation_type,
        paragraphs.part as addressed_to,
        paragraphs.judgement_area_id,
        paragraphs.section,
        paragraphs.paragraph_text,
    from paragraphs
    inner join recommendation_types using (section_kind)
    qualify
        paragraphs.code is null
        or row_number() over (partition by paragraphs.report_id, paragraphs.code order by paragraphs.block_number) = 1

)

select * from final
