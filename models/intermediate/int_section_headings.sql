-- The blocks that open a section of a known kind: headings, and short lines that could be nothing else.

with blocks as (

    select
        *,
        {{ one_line(without_marks('block_text')) }} as printed_heading,
    from {{ ref('stg_blocks') }}
    where
        bullet is null
        and item_number is null
        and length(block_text) <= 700

),

reports as (

    select
        report_id,
        frameworks.framework_id,
        documents.media_type,
    from {{ ref('int_report_frameworks') }} as frameworks
    inner join {{ ref('stg_documents') }} as documents using (report_id)

),

grade_wordings as (

    select * from {{ ref('grade_wordings') }}

),

section_headings as (

    select * from {{ ref('section_headings') }}

),

grade_endings as (

    select
        '[\s:–─-]*( (is|are)( that (it|they)( (is|are))?)?)?[\s:–─-]+('
        || string_agg(printed_grade, '|' order by length(printed_grade) desc, printed_grade)
        || ')$' as grade_ending,
    from grade_wordings

),

lines as (

    select
        blocks.report_id,
        blocks.block_number,
        blocks.block_kind,
        blocks.printed_heading,
        lower(blocks.printed_heading) as small_heading,
        reports.framework_id,
    from blocks
    inner join reports using (report_id)
    where
        -- The first page of a laid-out report has the titles of its parts.
        blocks.page_number > 1
        or reports.media_type != 'application/pdf'
        or reports.framework_id != 'sif'

),

-- Held, so that a pattern is only tried on lines that hold its keyword.
pairs as materialized (

    select
        lines.*,
        section_headings.* exclude (framework_id, reason),
    from lines
    inner join section_headings
        on
            (section_headings.framework_id = 'any' or lines.framework_id = section_headings.framework_id)
            and (lines.block_kind = 'heading' or section_headings.any_block)
            and contains(lines.small_heading, section_headings.keyword)
            -- An imprint has no heading but begins with a paragraph that is the same everywhere.
            and (length(lines.small_heading) <= 160 or section_headings.section_kind = 'imprint')

),

-- A heading without the grade that it ends with.
ungraded as (

    select
        pairs.*,
        trim(
            regexp_replace(trim(pairs.small_heading, ' .:?'), grade_endings.grade_ending, ''), ' .:?'
        ) as heading,
    from pairs
    cross join grade_endings

),

final as (

    select distinct on (report_id, block_number)
        report_id,
        block_number,
        printed_heading,
        nullif(section_kind, '') as section_kind,
        nullif(part, '') as part,
        nullif(judgement_area_id, '') as judgement_area_id,
    from ungraded
    where regexp_full_match(heading, pattern)
    order by report_id, block_number, section_kind nulls last, part nulls last, length(pattern) desc, pattern

)

select * from final
