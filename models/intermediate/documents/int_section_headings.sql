-- The blocks that open a section of a known kind, and those that only seem to: headings, and short lines that could be
-- nothing else.

with blocks as (

    select
        *,
        {{ one_line(without_marks('block_text')) }} as printed_heading,
        lead(bullet) over (partition by report_id order by block_number) as next_bullet,
        lead(indent) over (partition by report_id order by block_number) as next_indent,
    from {{ documents_of(ref('stg_blocks')) }}

),

reports as (

    select
        report_id,
        report_frameworks.framework_id,
        frameworks.front_names_parts,
        documents.media_type,
    from {{ documents_of(ref('int_report_frameworks')) }} as report_frameworks
    inner join {{ ref('frameworks') }} as frameworks using (framework_id)
    inner join {{ documents_of(ref('stg_documents')) }} as documents using (report_id)

),

grade_wordings as (

    select * from {{ ref('grade_wordings') }}

),

headings as (

    select
        *,
        'section' as role,
        coalesce(judgement_area_id, 'none') != 'none' as names_an_area,
    from {{ ref('section_headings') }}

    union all by name

    select
        *,
        role != 'label' as any_block,
        case when role = 'table_head' then 'executive_summary' end as section_kind,
        false as names_an_area,
    from {{ ref('minor_headings') }}

),

grade_endings as (

    select {{ grade_ending() }} as grade_ending
    from grade_wordings

),

lines as (

    select
        blocks.report_id,
        blocks.block_number,
        blocks.block_kind,
        blocks.bullet,
        blocks.printed_heading,
        -- Without the number before it, and without what says that it stands there again.
        regexp_replace(
            regexp_replace(trim(regexp_replace(lower(blocks.printed_heading), '[\s|]+', ' ', 'g')), '^\d{1,2}(\.\d{1,2})?[.:)]?\s+', ''), '\W+(continued|cont.?d?)\W*$', ''
        ) as small_heading,
        reports.framework_id,
        blocks.page_number = 1 and reports.media_type = 'application/pdf' as is_of_front,
    from blocks
    inner join reports using (report_id)
    where
        length(blocks.block_text) <= 700
        and (
            (blocks.bullet is null and (blocks.item_number is null or blocks.block_kind = 'heading'))
            -- An area can be a bullet, and its asks the dashes under it.
            or (blocks.next_bullet is not null and blocks.next_indent > blocks.indent + 6)
        )
        -- The first page of a laid-out report has the titles of its parts.
        and (
            blocks.page_number > 1
            or reports.media_type != 'application/pdf'
            or not reports.front_names_parts
        )

),

-- Held, so that a pattern is only tried on lines that hold its keyword.
pairs as materialized (

    select
        lines.report_id,
        lines.block_number,
        headings.* exclude (framework_id, keyword, any_block, names_an_area, reason),
    from lines
    inner join headings
        on
            (headings.framework_id = 'any' or lines.framework_id = headings.framework_id)
            and (lines.block_kind = 'heading' or (headings.any_block and not (lines.is_of_front and headings.names_an_area)))
            and (lines.bullet is null or headings.role = 'list_part')
            and contains(lines.small_heading, headings.keyword)
            -- An imprint has no heading but begins with a paragraph that is the same everywhere.
            and (length(lines.small_heading) <= 160 or headings.section_kind = 'imprint')

),

-- A heading without the grade that it ends with.
ungraded as materialized (

    select
        lines.report_id,
        lines.block_number,
        lines.printed_heading,
        trim(lines.small_heading, ' .:?') as whole_heading,
        {% call(ending) by_pattern('grade_endings.grade_ending', held_patterns('grade_wordings', grade_ending())) %}
            trim(regexp_replace(whole_heading, {{ ending }}, ''), ' .:?')
        {% endcall %} as ungraded_heading,
    from lines
    cross join grade_endings
    where (lines.report_id, lines.block_number) in (select (pairs.report_id, pairs.block_number) from pairs)

),

matches as materialized (

    select
        pairs.*,
        ungraded.printed_heading,
        ungraded.whole_heading != ungraded.ungraded_heading or contains(ungraded.whole_heading, 'graded judg') as has_grade,
    from pairs
    inner join ungraded using (report_id, block_number)
    where
        {% call(pattern) by_pattern('pairs.pattern', held_patterns('section_headings') + held_patterns('minor_headings')) %}
            regexp_full_match(if(pairs.role = 'list_part', ungraded.whole_heading, ungraded.ungraded_heading), {{ pattern }})
        {% endcall %}

),

-- The areas that the report's own sections have: an area's short name in a list of asks is the name of one of them.
own_areas as (

    select distinct
        report_id,
        judgement_area_id,
        true as is_own_area,
    from matches
    where role = 'section' and section_kind = 'findings'

),

final as (

    select distinct on (matches.report_id, matches.block_number)
        matches.report_id,
        matches.block_number,
        matches.printed_heading,
        matches.role,
        matches.has_grade,
        nullif(matches.section_kind, '') as section_kind,
        nullif(matches.part, '') as part,
        nullif(matches.judgement_area_id, '') as judgement_area_id,
    from matches
    left join own_areas using (report_id, judgement_area_id)
    order by
        matches.report_id, matches.block_number, matches.role = 'section' desc,
        if(matches.role = 'list_part', own_areas.is_own_area, null) nulls last,
        section_kind nulls last, part nulls last, length(matches.pattern) desc, matches.pattern, matches.judgement_area_id

)

select * from final
