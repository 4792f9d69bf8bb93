-- Ids and grades in marts that their dimension does not hold; those that a seed or a choice decides are tested beside their marts.
{% set points_at = {
    'authority_id': ('dim_authority', 'authority_id', [
        'authority_metrics_wide', 'dim_authority_code', 'dim_authority_name', 'dim_authority_neighbour',
        'dim_authority_successor', 'fct_authority_metrics', 'fct_board_attendance', 'fct_board_income',
        'fct_board_spending', 'fct_discrepancies', 'fct_findings', 'fct_inspection_team', 'fct_inspections', 'fct_judgement_changes',
        'fct_judgements', 'fct_recommendations', 'fct_statements', 'inspector_topics', 'latest_outcomes',
        'fct_next_steps', 'fct_report_partners', 'fct_visit_subjects', 'fct_visits', 'metric_comparisons', 'neighbour_outcomes',
        'publications',
    ]),
    'neighbour_id': ('dim_authority', 'authority_id', ['neighbour_outcomes']),
    'successor_id': ('dim_authority', 'authority_id', ['dim_authority_successor']),
    'framework_id': ('dim_framework', 'framework_id', ['fct_inspections', 'fct_visits', 'inspector_topics', 'latest_outcomes']),
    'leadership_framework_id': ('dim_framework', 'framework_id', ['latest_outcomes']),
    'help_and_protection_framework_id': ('dim_framework', 'framework_id', ['latest_outcomes']),
    'children_in_care_framework_id': ('dim_framework', 'framework_id', ['latest_outcomes']),
    'care_leavers_framework_id': ('dim_framework', 'framework_id', ['latest_outcomes']),
    'judgement_area_id': ('dim_judgement_area', 'judgement_area_id', [
        'fct_findings', 'fct_recommendations', 'inspector_topics',
    ]),
    'metric_id': ('dim_metric', 'metric_id', [
        'fct_authority_metrics', 'fct_discrepancies', 'fct_quantities', 'metric_comparisons',
    ]),
    'observation_id': ('fct_metric_observations', 'observation_id', ['metric_comparisons']),
    'england_observation_id': ('fct_metric_observations', 'observation_id', ['metric_comparisons']),
    'report_id': ('dim_report', 'report_id', [
        'build_documents', 'facts_set_aside', 'fct_judgement_changes', 'inspector_topics', 'latest_outcomes',
    ]),
    'previous_report_id': ('dim_report', 'report_id', ['fct_inspections', 'fct_judgement_changes', 'fct_visits']),
    'other_report_id': ('dim_report', 'report_id', ['fct_discrepancies']),
    'topic_id': ('dim_topic', 'topic_id', ['inspector_topics']),
    'year_id': ('dim_year', 'year_id', [
        'authority_metrics_wide', 'fct_authority_metrics', 'fct_board_income', 'fct_board_spending',
        'fct_metric_observations', 'metric_comparisons',
    ]),
    'grade': ('dim_grade', 'grade', ['fct_judgement_changes']),
    'previous_grade': ('dim_grade', 'grade', ['fct_judgement_changes']),
    'outcome': ('dim_grade', 'grade', ['fct_visits']),
    'standing_overall_grade': ('dim_grade', 'grade', ['fct_visits']),
    'overall_grade': ('dim_grade', 'grade', ['fct_inspections', 'fct_visits', 'inspector_topics', 'latest_outcomes']),
    'previous_overall_grade': ('dim_grade', 'grade', ['fct_inspections']),
    'last_overall_grade': ('dim_grade', 'grade', ['latest_outcomes']),
    'area_grade': ('dim_grade', 'grade', ['inspector_topics']),
} %}

{% for column, (dimension, key, marts) in points_at.items() %}
    {% set last_column = loop.last %}
    {% for mart in marts %}
select
    '{{ mart }}' as relation,
    '{{ column }}' as column_name,
    {{ column }} as points_at_nothing,
    count(*) as row_count,
from {{ ref(mart) }}
where {{ column }} not in (select {{ key }} from {{ ref(dimension) }})
group by all
        {{ 'union all' if not (last_column and loop.last) }}
    {% endfor %}
{% endfor %}
