-- Values that a careful reader would look up: whatever the document says, hardly any authority can have them.
{{ config(severity='warn') }}

with observations as (

    select * from {{ ref('fct_metric_observations') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

reports as (

    select * from {{ ref('dim_report') }}

),

units as (

    select * from {{ ref('units') }}

),

final as (

    select
        reports.file_name,
        observations.page_number,
        observations.quote,
        observations.metric_id,
        observations.value,
        metrics.unit,
        case
            when
                observations.value not between units.lowest and units.highest
                and not (metrics.may_exceed_100 and observations.value > 100)
                then 'outside ' || units.lowest || ' to ' || units.highest
            when units.is_whole and not metrics.may_have_fraction and observations.value != floor(observations.value)
                then 'a count that is not whole'
            -- Rates of children looked after, or on a plan, are below 300 everywhere.
            when metrics.unit = 'per_10k' and observations.value > 300 and metrics.topic != 'children_in_need'
                then 'a rate that no authority has'
            when metrics.is_of_all_dates and observations.value < 200 then 'too few for an area'
            when observations.period_start > observations.period_end then 'its period ends before it starts'
            -- A year that is not over is stated, too; what is older than twelve years is no figure of this document.
            when
                observations.period_end
                > coalesce(reports.published_date, reports.inspection_end_date, reports.reporting_year_end)
                + interval 1 year
                then 'later than the document'
            when
                observations.period_end
                < coalesce(reports.inspection_start_date, reports.reporting_year_end, reports.published_date)
                - interval 12 year
                then 'long before the document'
        end as doubt,
    from observations
    inner join metrics using (metric_id)
    inner join reports using (report_id)
    inner join units using (unit)

)

select * from final
where doubt is not null
