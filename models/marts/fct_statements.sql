-- Every statement that facts are read from, so that the whole text can be searched and quoted.

with statements as (

    select * from {{ ref('stg_statements') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        statements.statement_id,
        statements.report_id,
        reports.authority_id,
        statements.page_number,
        row_number() over (
            partition by statements.report_id order by statements.block_number, statements.sentence_number
        )::integer as statement_number,
        statements.block_kind = 'heading' as is_heading,
        statements.is_bulleted,
        statements.paragraph_number,
        statements.section,
        statements.parent_text,
        statements.statement,
        statements.quote,
    from statements
    inner join reports using (report_id)

)

select * from final
order by report_id, statement_number
