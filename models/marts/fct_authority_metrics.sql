-- The one value of a metric for an authority and a financial year. Only primary copies speak of authorities.

with observations as (

    select * from {{ ref('fct_metric_observations') }}

),

reports as (

    select
        report_id,
        document_date,
    from {{ ref('int_reports') }}
    where is_primary

),

metrics as (

    select * from {{ ref('metrics') }}

),

years as (

    select * from {{ ref('dim_year') }}

),

observed as (

    select
        observations.*,
        metrics.is_flow,
        reports.document_date,
        years.ends_on as year_ends_on,
        {{ decimal_places('observations.value') }} as decimals,
    from observations
    inner join reports using (report_id)
    inner join metrics using (metric_id)
    inner join years using (year_id)
    where
        observations.authority_id != 'unknown'
        and case
            -- A flow is of a whole year; a part of one, or a year that had not ended, stays an observation.
            when metrics.is_flow then observations.period_kind in ('year', 'last_12_months') and coalesce(observations.period_end <= reports.document_date, true)
            -- Of a calendar year that had not ended it is not said which 31 March is meant.
            when observations.period_kind = 'year' and month(observations.period_end) = 12 then coalesce(observations.period_end <= reports.document_date, true)
            else observations.period_kind != 'since_last_inspection'
        end

),

-- 18 and 18.4 do not disagree, nor do 3 and "fewer than 5".
rounded as (

    select
        *,
        case
            when qualifier in ('exact', 'approximate')
                then round(
                    value,
                    (min(decimals) over (partition by authority_id, metric_id, period_kind, period_end))::integer
                )
        end as rounded_value,
    from observed

),

ranked as (

    select
        *,
        min(rounded_value) over same_figure != max(rounded_value) over same_figure as disagrees,
        row_number() over (
            partition by authority_id, metric_id, year_id
            order by
                -- Of flows a whole financial year first, of all else what lies nearest to 31 March.
                is_flow and not (period_kind = 'year' and period_end = year_ends_on),
                -- A figure with a date before one of running text without, which only the document dates.
                period_kind = 'inspection' and not is_in_figures,
                case when not is_flow then abs(datediff('day', period_end, year_ends_on)) end,
                document_date desc,
                qualifier != 'exact',
                not is_in_figures,
                page_number,
                observation_id
        ) as choice,
    from rounded
    window same_figure as (partition by authority_id, metric_id, period_kind, period_end)

),

final as (

    select
        authority_id,
        metric_id,
        year_id,
        max(value) filter (where choice = 1) as value,
        max(qualifier) filter (where choice = 1) as qualifier,
        max(period_kind) filter (where choice = 1) as period_kind,
        max(period_end) filter (where choice = 1) as period_end,
        max(observation_id) filter (where choice = 1) as observation_id,
        count(*)::integer as observation_count,
        count(distinct value)::integer as distinct_value_count,
        coalesce(bool_or(disagrees) filter (where choice = 1), false) as is_disputed,
    from ranked
    group by authority_id, metric_id, year_id

)

select * from final
