-- Where the numbers of a report's paragraphs skip: text that was lost, or numbers that were never printed. A place is only
-- shown where the numbers before and behind it run on, and where the missing ones do not stand in the text between.

with paragraphs as (

    select *
    from {{ ref('int_paragraphs') }}
    where
        paragraph_number is not null
        -- Lists with numbers of their own.
        and section_kind not in ('about_inspection', 'judgement_descriptions', 'annex', 'imprint')

),

blocks as (

    select * from {{ ref('stg_blocks') }}

),

page_lines as (

    select *
    from {{ ref('stg_lines') }}
    where line_kind not in ('furniture', 'contents', 'blank')

),

in_order as (

    select
        report_id,
        block_number,
        page_number,
        paragraph_number,
        paragraph_text,
        lag(block_number) over document_order as last_block_number,
        lag(paragraph_number) over document_order as last_number,
        lag(paragraph_number, 2) over document_order as number_before_last,
        lead(paragraph_number) over document_order as next_number,
        lag(page_number) over document_order as last_page_number,
        lag(paragraph_text) over document_order as last_text,
    from paragraphs
    window document_order as (partition by report_id order by block_number)

),

skips as (

    select
        report_id,
        coalesce(last_block_number, 0) as last_block_number,
        coalesce(last_number, 0) as last_number_before,
        coalesce(last_page_number, page_number) as last_page_number,
        coalesce(last_text, '') as last_text,
        block_number as first_block_number,
        paragraph_number as first_number_after,
        page_number as first_page_number,
        paragraph_text as first_text,
        paragraph_number - coalesce(last_number, 0) - 1 as missing_count,
    from in_order
    where
        paragraph_number > coalesce(last_number, 0) + 1
        and coalesce(number_before_last, 0) + 1 = coalesce(last_number, 1)
        and coalesce(next_number, paragraph_number + 1) = paragraph_number + 1
    -- Numbers that skip again and again do not run through the report.
    qualify count(*) over (partition by report_id) <= 10

),

missing_numbers as (

    select
        skips.report_id,
        skips.first_block_number,
        unnest(generate_series(skips.last_number_before + 1, least(skips.first_number_after - 1, skips.last_number_before + 20)))
            as missing_number,
        last_blocks.page_number as from_page,
        last_blocks.line_number as from_line,
        first_blocks.page_number as to_page,
        first_blocks.line_number as to_line,
    from skips
    left join blocks as last_blocks
        on
            skips.report_id = last_blocks.report_id
            and skips.last_block_number = last_blocks.block_number
    inner join blocks as first_blocks
        on
            skips.report_id = first_blocks.report_id
            and skips.first_block_number = first_blocks.block_number

),

-- Printed, but in a form that was not read.
printed_numbers as (

    select distinct
        missing_numbers.report_id,
        missing_numbers.first_block_number,
    from missing_numbers
    inner join page_lines
        on
            missing_numbers.report_id = page_lines.report_id
            and page_lines.page_number between coalesce(missing_numbers.from_page, 1) and missing_numbers.to_page
            and (
                missing_numbers.from_page is null
                or (page_lines.page_number, page_lines.line_number) >= (missing_numbers.from_page, missing_numbers.from_line)
            )
            and (page_lines.page_number, page_lines.line_number) < (missing_numbers.to_page, missing_numbers.to_line)
            and contains(page_lines.clean_text, missing_numbers.missing_number::varchar)
    where regexp_matches(
        page_lines.clean_text,
        '(?:^\W*|[.!?]\s+)' || missing_numbers.missing_number || '(?:[.)]{0,2}\s*[‘’“(]*[A-Z]|[.)]+(?:\s|$))'
    )

),

final as (

    select skips.* exclude (last_block_number)
    from skips
    left join printed_numbers using (report_id, first_block_number)
    where printed_numbers.report_id is null

)

select * from final
