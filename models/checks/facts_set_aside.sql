-- What the rules refused when the tables were made (macros/set_aside.sql), for people. It comes after every table:
-- depends_on: {{ ref('authority_metrics_wide') }}
-- depends_on: {{ ref('area_send_overview') }}
-- depends_on: {{ ref('build_documents') }}
-- depends_on: {{ ref('dim_authority_code') }}
-- depends_on: {{ ref('dim_authority_name') }}
-- depends_on: {{ ref('dim_authority_successor') }}
-- depends_on: {{ ref('dim_framework') }}
-- depends_on: {{ ref('dim_grade') }}
-- depends_on: {{ ref('documents_to_review') }}
-- depends_on: {{ ref('fct_discrepancies') }}
-- depends_on: {{ ref('fct_finding_topics') }}
-- depends_on: {{ ref('fct_judgement_changes') }}
-- depends_on: {{ ref('fct_recommendation_topics') }}
-- depends_on: {{ ref('fct_statements') }}
-- depends_on: {{ ref('figure_readings') }}
-- depends_on: {{ ref('fct_report_partners') }}
-- depends_on: {{ ref('fct_visits') }}
-- depends_on: {{ ref('ilacs_overview') }}
-- depends_on: {{ ref('inspector_topics') }}
-- depends_on: {{ ref('int_row_counts') }}
-- depends_on: {{ ref('jtai_overview') }}
-- depends_on: {{ ref('metric_comparisons') }}
-- depends_on: {{ ref('neighbour_outcomes') }}
-- depends_on: {{ ref('publications') }}
-- depends_on: {{ ref('rejected_documents') }}

with set_aside as (

    select * from {{ rows_set_aside() }}

),

documents as (

    select * from {{ ref('stg_documents') }}

),

final as (

    select
        set_aside.relation,
        set_aside.rule,
        set_aside.reason,
        set_aside.report_id,
        documents.file_name,
        set_aside.page_number,
        set_aside.words,
        set_aside.what_was_read,
    from set_aside
    left join documents using (report_id)

)

select * from final
