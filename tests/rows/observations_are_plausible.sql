-- Values that a careful reader would look up: whatever the document says, hardly any authority can have them.
{{ config(severity='warn') }}

with observations as (

    select * from {{ ref('fct_metric_observations') }}

),

metrics as (

    select * from {{ ref('dim_metric') }}

),

reports as (

    select * from {{ ref('dim_report') }}

),

ranges (unit, lowest, highest, is_whole) as (

    values
    ('percent', 0, 100, false),
    ('children', 0, 400000, true), -- Kent has about 350,000 children
    ('count', 0, 200000, true),
    ('per_10k', 0, 1500, false),
    ('days', 0, 1500, false),
    ('weeks', 0, 150, false),
    ('gbp', 0, 5000000, false)

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
            when ranges.unit is null then 'a unit without a range: add it to this test'
            when observations.value not between ranges.lowest and ranges.highest
                then 'outside ' || ranges.lowest || ' to ' || ranges.highest
            when ranges.is_whole and observations.value != floor(observations.value) then 'a count that is not whole'
            -- Rates of children looked after, or on a plan, are below 300 everywhere.
            when metrics.unit = 'per_10k' and observations.value > 300 and metrics.topic != 'children_in_need'
                then 'a rate that no authority has'
            when observations.metric_id = 'population_under_18' and observations.value < 200 then 'too few for an area'
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
    left join ranges on metrics.unit = ranges.unit

)

select * from final
where doubt is not null
