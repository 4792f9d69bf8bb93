-- Documents of a kind that holds no typed facts give none, and those of a kind whose figures are not read no observation: their
-- words are searched, and any number is a quantity.
{%- set facts = [
    'fct_judgements', 'fct_metric_observations', 'fct_recommendations', 'fct_findings', 'fct_inspection_team',
    'fct_board_attendance', 'fct_board_income', 'fct_board_spending',
] %}

with reports as (

    select
        report_id,
        file_name,
        framework_id,
        has_typed_facts,
    from {{ ref('dim_report') }}
    inner join {{ ref('dim_framework') }} using (framework_id)
    where not has_typed_facts or not figures_are_read

),

rows_of_facts as (
    {% for fact in facts %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ fact }}' as relation,
        report_id,
        page_number,
    from {{ ref(fact) }}
    {%- endfor %}

)

select
    rows_of_facts.*,
    reports.file_name,
    reports.framework_id,
from rows_of_facts
inner join reports using (report_id)
where not reports.has_typed_facts or rows_of_facts.relation = 'fct_metric_observations'
