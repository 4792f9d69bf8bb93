-- Which recommendation a finding names by its number, or is named by: "(recommendations 5 and 6)", "(Paras 29, 140)".

with findings as (

    select * from {{ documents_of(ref('int_findings')) }}

),

recommendations as (

    select * from {{ documents_of(ref('int_recommendations')) }}

),

named_by_findings as (

    select
        report_id,
        block_number,
        unnest(string_split_regex(recommendation_mark, '[^0-9]+')) as named_number,
    from findings
    where recommendation_mark is not null

),

named_by_recommendations as (

    select
        report_id,
        block_number as recommendation_block_number,
        unnest(string_split_regex(
            regexp_extract(lower(paragraph_text), '\((?:see )?para(?:graph)?s?\b\.?([^()a-z]*(?:and[^()a-z]*)*)\)', 1), '[^0-9]+'
        )) as named_number,
    from recommendations
    where contains(lower(paragraph_text), '(para') or contains(lower(paragraph_text), '(see para')

),

-- A number that stands twice is the first one's.
numbered_recommendations as (

    select
        report_id,
        paragraph_number::varchar as named_number,
        min(block_number) as block_number,
    from recommendations
    where paragraph_number is not null
    group by report_id, paragraph_number

),

numbered_findings as (

    select
        report_id,
        paragraph_number::varchar as named_number,
        min(block_number) as block_number,
    from findings
    where paragraph_number is not null
    group by report_id, paragraph_number

),

final as (

    select
        named_by_findings.report_id,
        named_by_findings.block_number,
        recommendations.block_number as recommendation_block_number,
    from named_by_findings
    inner join numbered_recommendations as recommendations using (report_id, named_number)

    union

    select
        named_by_recommendations.report_id,
        findings.block_number,
        named_by_recommendations.recommendation_block_number,
    from named_by_recommendations
    inner join numbered_findings as findings using (report_id, named_number)

)

select * from final
