-- What of a document is beyond the limits (dbt_project.yml) and was cut for reading. Its words can be searched.

with unread_text as (

    select * from {{ ref('stg_unread_text') }}

),

statements as (

    select * from {{ ref('stg_statements') }}

),

readings as (

    select * from {{ ref('int_readings') }}

),

tables as (

    select * from {{ ref('stg_tables') }}

),

board_pages as (

    select * from {{ ref('int_board_pages') }}

),

unread as (

    select
        report_id,
        'its text goes on behind the limits, and was read as far as page ' || min(page_number) as limit_reached,
    from unread_text
    group by report_id

),

long_statements as (

    select
        report_id,
        'sentences too long to be one, which were not read for figures: ' || count(distinct block_number) as limit_reached,
    from statements
    where not is_whole
    group by report_id

),

unread_readings as (

    select
        statements.report_id,
        'sentences with more than {{ var('most_numbers') }} numbers, which were not read for figures: ' || count(*) as limit_reached,
    from statements
    left join readings using (report_id, statement_id)
    where statements.is_whole and readings.statement_id is null
    group by statements.report_id

),

unread_tables as (

    select
        tables.report_id,
        'tables beyond the limits, which were not read: ' || count(*) as limit_reached,
    from tables
    left join board_pages using (report_id, page_number)
    where not tables.is_read or not board_pages.is_read
    group by tables.report_id

),

final as (

    select * from unread
    union all
    select * from long_statements
    union all
    select * from unread_readings
    union all
    select * from unread_tables

)

select * from final
