-- The words of which the name of a report's authority is made, and "ashmeres" for what is its own. The seeds' own sentences are
-- of the authorities of the example reports.

with authorities as (

    select * from {{ ref('int_report_authorities') }}

),

authority_names as (

    select * from {{ ref('int_authority_names') }}

),

readings as (

    select * from {{ ref('int_readings') }}
    where starts_with(report_id, 'example ')

),

example_authorities as (

    select * from {{ ref('example_authorities') }}

),

names as (

    select
        authorities.report_id,
        trim(authority_names.comparable_name) as name,
    from authorities
    inner join authority_names using (authority_id)

    union

    select
        readings.report_id,
        lower(example_authorities.authority_name) as name,
    from readings
    cross join example_authorities

),

words as (

    select distinct
        report_id,
        unnest(string_split(name, ' ')) as word,
    from names

),

final as (

    select
        report_id,
        word,
    from words

    union

    select
        report_id,
        word || 's' as word,
    from words

)

select * from final
