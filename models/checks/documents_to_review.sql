-- What a person should look at: the warehouse says what it could not tell rather than guess.

with reports as (

    select * from {{ ref('int_reports') }}

),

report_publications as (

    select * from {{ ref('int_report_publications') }}

),

publications as (

    select * from {{ ref('int_publications') }}

),

authorities as (

    select * from {{ ref('int_authorities') }}

),

frameworks as (

    select * from {{ ref('frameworks') }}

),

observations as (

    select * from {{ ref('fct_metric_observations') }}

),

limits_reached as (

    select * from {{ ref('int_limits_reached') }}

),

-- Under whom the inspectorate lists it; an authority and those that took over from it are one.
witnesses as (

    select
        reports.report_id,
        any_value(reports.authority_id) as authority_id,
        any_value(own.authority_name) as authority_name,
        string_agg(distinct listed.authority_name, ', ' order by listed.authority_name) as listed_under,
        bool_or(
            listed.authority_id = reports.authority_id
            or coalesce(contains(' ' || listed.successor_authority_ids || ' ', ' ' || reports.authority_id || ' '), false)
            or coalesce(contains(' ' || own.successor_authority_ids || ' ', ' ' || listed.authority_id || ' '), false)
        ) as agrees,
    from reports
    inner join publications using (report_id)
    inner join authorities as listed on publications.authority_id = listed.authority_id
    left join authorities as own on reports.authority_id = own.authority_id
    group by reports.report_id

),

pages_in_doubt as (

    select
        report_id,
        'text in columns that cannot be told from a table, so that its order may be another: page '
        || string_agg(page_number, ', ' order by page_number) as doubt,
    from {{ ref('stg_pages') }}
    where is_order_in_doubt
    group by report_id

),

-- A table's row that names a metric, or two, and is not read.
table_heads as (

    select
        heads.*,
        table_metrics.metric_id,
        table_metrics.verdict,
        figures.page_number,
    from {{ ref('int_table_heads') }} as heads
    inner join {{ ref('int_table_metrics') }} as table_metrics using (head_id)
    inner join {{ ref('int_table_figures') }} as figures using (report_id, row_label, column_head, band, table_words)
    inner join reports on heads.report_id = reports.report_id and reports.figures_are_read
    where heads.geography = 'authority'

),

doubts as (

    select
        report_id,
        unnest(
            list_filter(
                [
                    case when not is_recognised then 'its title is of no kind that the catalogue knows' end,
                    case
                        when authority_id != 'unknown' or not is_recognised then null
                        when names_found is null then 'no authority is named where it says what it is about'
                        when authorities_named = 0 then 'no authority of this name existed at its date: ' || names_found
                        else 'several authorities are named where it says what it is about: ' || names_found
                    end,
                    inspection_doubt,
                    case
                        when document_type in ('inspection report', 'letter') and inspection_start_date is null and inspection_doubt is null
                            then 'no day of its inspection or visit could be read'
                    end,
                    published_doubt,
                    year_doubt,
                    case
                        when document_type = 'annual report' and reporting_year_end is null and year_doubt is null
                            then 'the year that it is about could not be read'
                    end,
                    case
                        when document_type = 'letter' and has_typed_facts and lead_inspector is null
                            then 'who signed it could not be read'
                    end,
                ], lambda doubt: doubt is not null
            )
        ) as doubt,
    from reports

    union all

    select
        reports.report_id,
        'the section with the figures of its area could not be found, or has none' as doubt,
    from reports
    inner join frameworks using (framework_id)
    where
        frameworks.has_area_section
        and not exists (
            select 1
            from observations
            where observations.report_id = reports.report_id and observations.is_in_figures
        )

    union all

    select
        report_id,
        limit_reached as doubt,
    from limits_reached

    union all

    select distinct
        report_id,
        'a table on page ' || page_number || ' has figures of a time that is not said: ' || row_label as doubt,
    from table_heads
    where verdict = 'taken' and period_kind is null

    union all

    select distinct
        report_id,
        'a table on page ' || page_number || ' has a row that can be two metrics: ' || row_label as doubt,
    from table_heads
    where verdict = 'two metrics say as much'

    union all

    select
        report_id,
        doubt,
    from pages_in_doubt

    union all

    select
        report_id,
        case
            when authority_id = 'unknown' then 'the inspectorate lists it under ' || listed_under
            else 'it is about ' || authority_name || ', and the inspectorate lists it under ' || listed_under
        end as doubt,
    from witnesses
    where not agrees

    union all

    select
        report_publications.report_id,
        unnest(
            list_filter(
                [
                    case
                        when report_publications.is_listed_too_early
                            then
                                'the inspectorate lists it as published on ' || report_publications.listed_on
                                || ', before the end of its inspection, visit or year'
                    end,
                    case
                        when report_publications.source_state = 'amended'
                            then
                                'the inspectorate lists another version in its place: '
                                || coalesce(new_reports.file_name, report_publications.replaced_by_id)
                        when report_publications.source_state = 'taken down' then 'the inspectorate no longer lists it'
                    end,
                ], lambda doubt: doubt is not null
            )
        ) as doubt,
    from report_publications
    left join publications as new on report_publications.replaced_by_id = new.publication_id
    left join reports as new_reports on new.report_id = new_reports.report_id

),

final as (

    select
        doubts.report_id,
        reports.file_name,
        reports.title,
        doubts.doubt,
    from doubts
    inner join reports using (report_id)

)

select * from final
