-- Where the numbers of a report's paragraphs skip: text that was lost, or numbers that were never printed.

with paragraphs as (

    select *
    from {{ ref('int_paragraphs') }}
    where paragraph_number is not null

),

in_order as (

    select
        report_id,
        block_number,
        page_number,
        paragraph_number,
        paragraph_text,
        lag(paragraph_number) over document_order as last_number,
        lag(page_number) over document_order as last_page_number,
        lag(paragraph_text) over document_order as last_text,
    from paragraphs
    window document_order as (partition by report_id order by block_number)

),

final as (

    select
        report_id,
        coalesce(last_number, 0) as last_number_before,
        coalesce(last_page_number, page_number) as last_page_number,
        coalesce(last_text, '') as last_text,
        paragraph_number as first_number_after,
        page_number as first_page_number,
        paragraph_text as first_text,
        paragraph_number - coalesce(last_number, 0) - 1 as missing_count,
    from in_order
    where paragraph_number > coalesce(last_number, 0) + 1

)

select * from final
