-- What a corpus gives, for the test that compares the examples with expected_counts.
{%- set facts = [
    'fct_judgements', 'fct_metric_observations', 'fct_quantities', 'fct_recommendations', 'fct_findings',
    'fct_inspection_team', 'fct_board_attendance', 'fct_board_income', 'fct_board_spending',
] %}

with reports as (

    select * from {{ ref('dim_report') }}

),

rejected_files as (

    select * from {{ ref('stg_rejected_files') }}

),

-- The contents of the folder, read or not.
corpus as (

    select md5(string_agg(distinct sha256, '|' order by sha256)) as corpus
    from (
        select sha256 from reports
        union all
        select sha256 from rejected_files
    ) as contents

),

counted_rows as (

    select
        'dim_report' as relation,
        report_id,
    from reports
    {%- for fact in facts %}
    union all
    select
        '{{ fact }}' as relation,
        report_id,
    from {{ ref(fact) }}
    {%- endfor %}

),

final as (

    select
        corpus.corpus,
        counted_rows.relation,
        reports.framework_id,
        coalesce(
            year(coalesce(reports.inspection_start_date, reports.reporting_year_end, reports.published_date))::varchar,
            'unknown'
        ) as year,
        count(*) as row_count,
    from counted_rows
    inner join reports using (report_id)
    cross join corpus
    group by all

)

select * from final
