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

kinds as (

    select * from {{ ref('discrepancy_kinds') }}

),

-- A second copy of a report disagrees with itself as the first does.
reports as (

    select * from {{ ref('int_reports') }}
    where is_primary

),

final as (

    select
        md5(concat_ws('|', discrepancies.kind, discrepancies.place))[:16] as discrepancy_id,
        discrepancies.kind,
        kinds.kind_description,
        discrepancies.what,
        discrepancies.size,
        discrepancies.is_explained_by_rounding,
        discrepancies.authority_id,
        discrepancies.metric_id,
        discrepancies.report_id,
        discrepancies.page_number,
        discrepancies.quote,
        discrepancies.other_report_id,
        discrepancies.other_page_number,
        discrepancies.other_quote,
    from discrepancies
    inner join reports using (report_id)
    left join kinds using (kind)

)

select * from final
