-- Who, what and when of every document, and which copy of the same report stands for it.

with documents as (

    select * from {{ ref('stg_documents') }}

),

report_frameworks as (

    select * from {{ ref('int_report_frameworks') }}

),

report_authorities as (

    select * from {{ ref('int_report_authorities') }}

),

report_dates as (

    select * from {{ ref('int_report_dates') }}

),

front_texts as (

    select * from {{ ref('int_front_texts') }}

),

addressees as (

    select * from {{ ref('int_letter_addressees') }}

),

lead_inspectors as (

    select
        report_id,
        min_by(person_name, (page_number, coalesce(column_number, 0), coalesce(line_number, 0), person_name)) as lead_inspector,
    from {{ ref('int_inspection_team_mentions') }}
    where leads
    group by report_id

),

identified as (

    select
        documents.*,
        report_frameworks.framework_id,
        report_frameworks.document_type,
        report_frameworks.has_typed_facts,
        report_frameworks.figures_are_read,
        report_frameworks.is_recognised,
        nullif(front_texts.title_text, '') as title,
        coalesce(report_authorities.authority_id, 'unknown') as authority_id,
        report_authorities.authorities_named,
        report_authorities.names_found,
        report_dates.inspection_start_date,
        report_dates.inspection_end_date,
        report_dates.published_date,
        report_dates.reporting_year_end,
        report_dates.document_date,
        report_dates.inspection_doubt,
        report_dates.published_doubt,
        report_dates.year_doubt,
        lead_inspectors.lead_inspector,
        addressees.addressee,
        addressees.addressee_post,
        -- Without its dates and authority no document is known to be a copy of another.
        case
            when report_dates.inspection_start_date is null or report_authorities.authority_id = 'unknown'
                then documents.report_id
            else concat_ws(
                '|', report_frameworks.framework_id, report_authorities.authority_id,
                report_dates.inspection_start_date, report_dates.inspection_end_date,
                -- Two letters of one visit, and reports of two homes, differ in what they are about.
                case
                    when report_frameworks.document_type = 'letter' or not report_frameworks.has_typed_facts
                        then {{ comparable_name('front_texts.title_text') }}
                end
            )
        end as report_key,
    from documents
    inner join report_frameworks using (report_id)
    left join report_authorities using (report_id)
    left join report_dates using (report_id)
    left join front_texts using (report_id)
    left join addressees using (report_id)
    left join lead_inspectors using (report_id)

),

ranked as (

    select
        *,
        first_value(report_id) over (
            partition by report_key
            order by media_type = 'application/pdf' desc, page_count desc, sha256
        ) as primary_report_id,
    from identified

),

final as (

    select
        * exclude (report_key),
        report_id = primary_report_id as is_primary,
    from ranked

)

select * from final
