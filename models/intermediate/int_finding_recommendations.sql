-- Which recommendation a finding names by its number, or is named by: "(recommendations 5 and 6)", "(Paras 29, 140)".

with findings as (

    select * from {{ ref('int_findings') }}

),

recommendations as (

    select * from {{ ref('int_recommendations') }}

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

final as (

    select
        named_by_findings.report_id,
        named_by_findings.block_number,
        recommendations.block_number as recommendation_block_number,
    from named_by_findings
    inner join recommendations
        on
            named_by_findings.report_id = recommendations.report_id
            and named_by_findings.named_number = recommendations.paragraph_number::varchar

    union

    select
        named_by_recommendations.report_id,
        findings.block_number,
        named_by_recommendations.recommendation_block_number,
    from named_by_recommendations
    inner join findings
        on
            named_by_recommendations.report_id = findings.report_id
            and named_by_recommendations.named_number = findings.paragraph_number::varchar

)

select * from final
