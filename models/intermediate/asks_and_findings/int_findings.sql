-- What a document found: every numbered paragraph that asks for nothing; bullets and prose where findings stand.

with paragraphs as (

    select
        paragraphs.*,
        reports.document_type,
        bool_or(paragraphs.paragraph_number is not null) over (partition by paragraphs.report_id) as has_numbers,
    from {{ documents_of(ref('int_paragraphs')) }} as paragraphs
    inner join {{ documents_of(ref('int_report_frameworks')) }} as reports using (report_id)
    qualify not paragraphs.is_recommendation

),

final as (

    select
        md5(concat_ws('|', report_id, page_number, block_number))[:16] as finding_id,
        report_id,
        block_number,
        page_number,
        paragraph_number,
        case opened_by
            when 'number' then 'numbered'
            when 'bullet' then 'bulleted'
            else 'paragraph'
        end as finding_kind,
        section,
        -- An area's summary and its numbered findings do not both have headings in every report.
        case
            when section_kind = 'area_summary' and paragraph_number is not null then 'findings'
            when is_of_asks then 'findings'
            when section_kind = 'findings' and opened_by = 'paragraph' and has_numbers then 'area_summary'
            else section_kind
        end as section_kind,
        part,
        judgement_area_id,
        paragraph_text,
        -- What stands between brackets behind "Recommendation", if only a point.
        nullif(regexp_extract(
            lower(paragraph_text), '\((?:see (?:also )?)?recommendations?\b([^()a-z]*(?:and[^()a-z]*)*)\)', 0
        ), '') as recommendation_mark,
    from paragraphs
    where
        opened_by = 'number'
        or (
            section_kind in ('findings', 'area_summary', 'executive_summary', 'strengths', 'weaknesses', 'progress', 'practice_study')
            and (
                opened_by = 'bullet'
                or (
                    opened_by = 'paragraph'
                    and not is_behind_a_list
                    and not (has_numbers and document_type = 'review')
                    and length(paragraph_text) >= 60
                    -- A long one is a sentence even without its stop.
                    and (
                        regexp_matches(paragraph_text, '[.!?)][’”"'')]*$')
                        or (length(paragraph_text) >= 150 and paragraph_text not like '%:')
                    )
                )
            )
        )

)

select * from final
