with mentions as (

    select * from {{ ref('int_metric_periods') }}

),

table_observations as (

    select * from {{ ref('int_table_observations') }}

),

statements as (

    select * from {{ ref('stg_statements') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

years as (

    select * from {{ ref('dim_year') }}

),

metrics as (

    select * from {{ ref('dim_metric') }}

),

sections as (

    select
        statements.report_id,
        statements.section_block_number,
        count(distinct mentions.statement_id) / count(distinct statements.statement_id) as share_with_metrics,
    from statements
    left join mentions using (statement_id)
    where statements.block_kind = 'text'
    group by statements.report_id, statements.section_block_number

),

in_sentences as (

    select
        md5(concat_ws('|', mentions.report_id, mentions.statement_id, mentions.position, mentions.metric_id))[:16] as observation_id,
        mentions.report_id,
        mentions.geography,
        mentions.metric_id,
        mentions.value::double as value,
        mentions.qualifier,
        mentions.period_kind,
        mentions.period_start,
        mentions.period_end,
        statements.page_number,
        statements.quote,
        -- Where every third sentence states a metric, figures are what the section is for.
        coalesce(sections.share_with_metrics >= 0.33, false) as is_in_figures,
    from mentions
    inner join statements using (statement_id)
    left join sections
        on statements.report_id = sections.report_id
        and statements.section_block_number is not distinct from sections.section_block_number

),

-- What a sentence of the page states as well is stated once.
in_tables as (

    select
        md5(concat_ws('|', table_figure_id, metric_id))[:16] as observation_id,
        report_id,
        geography,
        metric_id,
        value,
        qualifier,
        period_kind,
        period_start,
        period_end,
        page_number,
        quote,
        true as is_in_figures,
    from table_observations
    anti join in_sentences using (report_id, page_number, geography, metric_id, value, period_end)

),

stated as (

    select
        observations.observation_id,
        observations.report_id,
        case observations.geography when 'england' then 'E92000001' else reports.authority_id end as authority_id,
        observations.* exclude (observation_id, report_id, geography),
        years.year_id,
    from (
        select * from in_sentences
        union all
        select * from in_tables
    ) as observations
    inner join reports using (report_id)
    left join years on observations.period_end between years.starts_on and years.ends_on

),

-- What the document's own list of figures says of a metric.
listed_figures as (

    select
        stated.report_id,
        stated.authority_id,
        stated.metric_id,
        stated.period_end,
        min(stated.value) as value,
    from stated
    inner join metrics using (metric_id)
    where stated.is_in_figures and metrics.unit in ('children', 'count') and stated.value >= 20
    group by stated.report_id, stated.authority_id, stated.metric_id, stated.period_end

),

-- Less than half of it, of about the same time and in running text, is a part of the authority's children, not all.
sub_groups as (

    select distinct stated.observation_id
    from stated
    inner join listed_figures using (report_id, authority_id, metric_id)
    where
        not stated.is_in_figures
        and stated.value < 0.5 * listed_figures.value
        and abs(stated.period_end - listed_figures.period_end) <= 400

),

final as (

    select
        stated.observation_id,
        stated.report_id,
        stated.authority_id,
        stated.metric_id,
        stated.value,
        stated.qualifier,
        stated.period_kind,
        stated.period_start,
        stated.period_end,
        stated.year_id,
        stated.page_number,
        stated.quote,
        stated.is_in_figures,
    from stated
    left join sub_groups using (observation_id)
    where sub_groups.observation_id is null

)

select * from final
