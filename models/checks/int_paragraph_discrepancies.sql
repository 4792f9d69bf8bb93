-- Numbered paragraphs run through a report: a number that is skipped shows text that was lost, or a slip of the author's.

with gaps as (

    select * from {{ ref('int_paragraph_gaps') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        'paragraph_gap' as kind,
        concat_ws('|', gaps.report_id, gaps.last_number_before, gaps.first_number_after, gaps.first_block_number) as place,
        'After paragraph ' || gaps.last_number_before || ' comes ' || gaps.first_number_after as what,
        gaps.missing_count::double as size,
        gaps.report_id,
        reports.authority_id,
        gaps.last_page_number as page_number,
        gaps.last_text as quote,
        gaps.report_id as other_report_id,
        gaps.first_page_number as other_page_number,
        gaps.first_text as other_quote,
    from gaps
    inner join reports using (report_id)

)

select * from final
