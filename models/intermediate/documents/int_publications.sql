-- Of whom a publication is, by its provider's number or else its name, and which one took its place.

with publications as (

    select * from {{ ref('stg_publications') }}

),

authorities as (

    select * from {{ ref('int_authorities') }}

),

authority_names as (

    select * from {{ ref('int_authority_names') }}
    where not is_trust

),

reports as (

    select * from {{ ref('int_reports') }}

),

by_number as (

    select
        ofsted_urn::varchar as urn,
        max_by(authority_id, (abolished_on is null, authority_id)) as authority_id,
    from authorities
    where ofsted_urn is not null
    group by ofsted_urn

),

-- A provider whose number is not known yet, as after a reorganisation: the longest name in its own, if it is one authority's.
by_name as (

    select
        publication_id,
        max_by(authority_ids, name_length) as longest,
        if(len(longest) = 1, longest[1], null) as authority_id,
    from (
        select
            publications.publication_id,
            length(authority_names.comparable_name) as name_length,
            list(distinct authority_names.authority_id) as authority_ids,
        from publications
        inner join authority_names
            on contains({{ comparable_name('publications.provider_name') }}, authority_names.comparable_name)
        group by publications.publication_id, name_length
    )
    group by publication_id

),

-- What is no longer listed and is of the same inspection as what is.
replaced as (

    select
        old.publication_id,
        max_by(new.publication_id, (new.first_seen_on, new.publication_id)) as replaced_by_id,
    from publications as old
    inner join publications as new
        on
            old.urn = new.urn
            and old.kind_id = new.kind_id
            and not old.is_listed
            and new.is_listed
            and old.report_id != new.report_id
    inner join reports as old_reports on old.report_id = old_reports.report_id
    inner join reports as new_reports
        on
            new.report_id = new_reports.report_id
            and old_reports.framework_id = new_reports.framework_id
            and old_reports.authority_id = new_reports.authority_id
            and old_reports.inspection_start_date = new_reports.inspection_start_date
            and old_reports.inspection_end_date = new_reports.inspection_end_date
    group by old.publication_id

),

final as (

    select
        publications.*,
        coalesce(by_number.authority_id, by_name.authority_id, 'unknown') as authority_id,
        replaced.replaced_by_id,
    from publications
    left join by_number using (urn)
    left join by_name using (publication_id)
    left join replaced using (publication_id)

)

select * from final
