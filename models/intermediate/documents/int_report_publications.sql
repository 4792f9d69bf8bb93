-- Where each document came from and when it was published: the printed day stands before the listed one.

with reports as (

    select * from {{ ref('int_reports') }}

),

publications as (

    select * from {{ ref('int_publications') }}
    where report_id is not null

),

-- The same content can be published twice: what is listed stands, then what was published first.
chosen as (

    select
        report_id,
        publication_id,
        source_url,
        is_listed,
        replaced_by_id,
        min(published_on) over (partition by report_id) as listed_on,
    from publications
    qualify
        row_number() over (partition by report_id order by is_listed desc, published_on nulls last, publication_id) = 1

),

dated as (

    select
        reports.report_id,
        reports.inspection_end_date,
        reports.published_date as printed_on,
        chosen.* exclude (report_id),
        coalesce(chosen.listed_on < coalesce(reports.inspection_end_date, reports.reporting_year_end), false)
            as is_listed_too_early,
        if(is_listed_too_early, null, chosen.listed_on) as believed_on,
    from reports
    left join chosen using (report_id)

),

final as (

    select
        report_id,
        publication_id,
        source_url,
        listed_on,
        is_listed_too_early,
        coalesce(printed_on, believed_on) as published_date,
        case
            when printed_on is not null then 'document'
            when believed_on is not null then 'listing'
        end as published_date_source,
        case
            when is_listed then 'listed'
            when replaced_by_id is not null then 'amended'
            when publication_id is not null then 'taken down'
        end as source_state,
        replaced_by_id,
        (published_date - inspection_end_date)::integer as days_to_publication,
    from dated

)

select * from final
