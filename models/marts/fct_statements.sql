-- Every statement that facts are read from, so that the whole text can be searched and quoted.

with statements as (

    select * from {{ ref('stg_statements') }}

),

unread_text as (

    select * from {{ ref('stg_unread_text') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

-- What stands behind a document's limits comes last.
all_statements as (

    select
        statement_id,
        report_id,
        page_number,
        block_number,
        sentence_number,
        block_kind = 'heading' as is_heading,
        is_bulleted,
        paragraph_number,
        section,
        parent_text,
        statement,
        quote,
        true as is_read,
    from statements

    union all by name

    select
        md5(concat_ws('|', report_id, 'unread', page_number, piece_number))[:16] as statement_id,
        report_id,
        page_number,
        piece_number as sentence_number,
        false as is_heading,
        false as is_bulleted,
        piece as statement,
        piece as quote,
        false as is_read,
    from unread_text

),

final as (

    select
        statements.statement_id,
        statements.report_id,
        reports.authority_id,
        statements.page_number,
        row_number() over (
            partition by statements.report_id
            order by statements.block_number nulls last, statements.page_number, statements.sentence_number
        )::integer as statement_number,
        statements.is_heading,
        statements.is_bulleted,
        statements.paragraph_number,
        statements.section,
        statements.parent_text,
        statements.statement,
        statements.quote,
        statements.is_read,
    from all_statements as statements
    inner join reports using (report_id)

)

select * from final
order by report_id, statement_number
