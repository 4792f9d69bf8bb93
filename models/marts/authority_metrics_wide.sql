-- For spreadsheets: a row for each authority and year, a column for each headline metric.

{#- Those of the seed; the contract names the same. -#}
{%- set metrics = ref('metrics') -%}
{%- set metrics = load_relation(metrics) if execute -%}
{%- set headlines = 'select metric_id from ' ~ metrics ~ ' where is_headline order by metric_id' -%}
{%- set headline_metrics = run_query(headlines).columns[0].values() if metrics else [] %}

with authority_metrics as (

    select * from {{ ref('fct_authority_metrics') }}

),

authorities as (

    select * from {{ ref('dim_authority') }}

),

final as (

    select
        authority_metrics.authority_id,
        any_value(authorities.authority_name) as authority_name,
        authority_metrics.year_id,
        {%- for metric_id in headline_metrics %}
        max(authority_metrics.value) filter (where authority_metrics.metric_id = '{{ metric_id }}') as {{ metric_id }},
        {%- endfor %}
        bool_or(authority_metrics.is_disputed) as is_any_disputed,
    from authority_metrics
    inner join authorities using (authority_id)
    group by authority_metrics.authority_id, authority_metrics.year_id

)

select * from final
