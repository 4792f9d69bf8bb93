-- Every figure of a table that states a metric, with its time and for whom; a figure without a time, or of others, is none.

with figures as (

    select * from {{ ref('int_table_figures') }}

),

heads as (

    select * from {{ ref('int_table_heads') }}

),

table_metrics as (

    select * from {{ ref('int_table_metrics') }}
    where verdict = 'taken'

),

metrics as (

    select * from {{ ref('metrics') }}

),

reports as (

    select report_id
    from {{ ref('int_report_frameworks') }}
    where figures_are_read

),

final as (

    select
        figures.table_figure_id,
        figures.report_id,
        figures.page_number,
        metrics.metric_id,
        heads.geography,
        figures.value,
        figures.qualifier,
        heads.period_kind,
        heads.period_start,
        heads.period_end,
        figures.quote,
    from figures
    inner join reports using (report_id)
    inner join heads using (report_id, row_label, column_head, band, table_words)
    inner join table_metrics
        on
            heads.head_id = table_metrics.head_id
            and coalesce(figures.printed_unit, heads.stated_unit, 'count') = table_metrics.unit
    inner join metrics using (metric_id)
    where
        heads.geography in ('authority', 'england')
        and heads.period_kind is not null
        and (metrics.unit != 'percent' or figures.value <= 100 or metrics.may_exceed_100)
        and (metrics.unit not in ('children', 'count') or figures.value = floor(figures.value) or metrics.may_have_fraction)

)

select * from final
