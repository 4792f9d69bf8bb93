-- For people, never a failed build: every place where documents disagree with themselves, each other or their framework.

with discrepancies as (

    select * from {{ ref('int_judgement_discrepancies') }}
    union all by name
    select * from {{ ref('int_metric_conflicts') }}
    union all by name
    select * from {{ ref('int_metric_contradictions') }}
    union all by name
    select * from {{ ref('int_board_discrepancies') }}
    union all by name
    select * from {{ ref('int_paragraph_discrepancies') }}

),

final as (

    select
        md5(concat_ws('|', kind, place))[:16] as discrepancy_id,
        kind,
        what,
        size,
        is_explained_by_rounding,
        authority_id,
        metric_id,
        report_id,
        page_number,
        quote,
        other_report_id,
        other_page_number,
        other_quote,
    from discrepancies

)

select * from final
