-- A document's authority is named where it says what it is about: in its title or subject, or in its first words.
{{ config(severity='warn') }}

with reports as (

    select * from {{ ref('dim_report') }}

),

front_texts as (

    select * from {{ ref('int_front_texts') }}

),

names as (

    select * from {{ ref('int_authority_names') }}

),

named as (

    select distinct
        reports.report_id,
    from reports
    inner join front_texts using (report_id)
    inner join names
        on
            reports.authority_id = names.authority_id
            and contains(
                {{ comparable_name("concat_ws(' | ', front_texts.title_text, front_texts.first_words, front_texts.partnership)") }},
                names.comparable_name
            )

)

select
    reports.report_id,
    reports.file_name,
    reports.authority_id,
    front_texts.title_text,
    front_texts.first_words,
from reports
inner join front_texts using (report_id)
anti join named using (report_id)
where reports.authority_id != 'unknown'
