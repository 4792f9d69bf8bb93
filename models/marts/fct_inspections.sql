with reports as (

    select *
    from {{ ref('int_reports') }}
    semi join (from {{ ref('frameworks') }} where grades_are_compared) as compared using (framework_id)
    where is_primary

),

overall_grades as (

    select * from {{ ref('int_comparable_grades') }}
    where comparable_area = 'overall'

),

inspections as (

    select
        reports.report_id,
        reports.authority_id,
        reports.framework_id,
        reports.inspection_start_date,
        reports.inspection_end_date,
        overall_grades.grade as overall_grade,
        overall_grades.grade_rank as overall_rank,
        lag(reports.report_id) over earlier as previous_report_id,
        reports.inspection_start_date - lag(reports.inspection_end_date) over earlier as days_since_previous,
        lag(overall_grades.grade) over earlier as previous_overall_grade,
        lag(overall_grades.grade_rank) over earlier as previous_overall_rank,
    from reports
    left join overall_grades using (report_id)
    -- Inspections that could not be placed follow none.
    window earlier as (
        partition by
            reports.authority_id,
            case
                when reports.authority_id = 'unknown' or reports.inspection_start_date is null then reports.report_id
            end
        order by reports.inspection_start_date, reports.report_id
    )

),

final as (

    select
        report_id,
        authority_id,
        framework_id,
        inspection_start_date,
        inspection_end_date,
        previous_report_id,
        days_since_previous::integer as days_since_previous,
        overall_grade,
        previous_overall_grade,
        {{ grade_change('overall_rank', 'previous_overall_rank') }} as overall_change,
    from inspections

)

select * from final
