-- An authority's history: every inspection and visit of any kind in order, with the graded inspection that stood when it came.

with reports as (

    select
        reports.*,
        frameworks.grades_are_compared,
        frameworks.grade_scale_id,
    from {{ ref('int_reports') }} as reports
    inner join {{ ref('frameworks') }} as frameworks using (framework_id)
    where
        reports.is_primary
        and reports.has_typed_facts
        and frameworks.dated_by = 'inspection'
        and reports.authority_id != 'unknown'
        and reports.inspection_start_date is not null

),

publications as (

    select * from {{ ref('int_report_publications') }}

),

inspections as (

    select * from {{ ref('fct_inspections') }}
    where inspection_end_date is not null

),

-- Of a kind that gives one judgement, on a scale of its own.
outcomes as (

    select
        judgements.report_id,
        any_value(judgements.grade) as outcome,
    from {{ ref('fct_judgements') }} as judgements
    inner join reports using (report_id)
    where not reports.grades_are_compared
    group by judgements.report_id
    having count(*) = 1

),

visit_subjects as (

    select
        report_id,
        string_agg(subjects.subject_name, '; ' order by subjects.subject_order) as focus_or_theme,
    from {{ ref('fct_visit_subjects') }}
    inner join {{ ref('dim_visit_subject') }} as subjects using (subject_id)
    group by report_id

),

recommendations as (

    select
        report_id,
        count(*) as recommendation_count,
        count(*) filter (where recommendation_type = 'priority and immediate action') as priority_action_count,
    from {{ ref('fct_recommendations') }}
    group by report_id

),

next_inspections as (

    select * from {{ ref('int_next_inspections') }}

),

intervals as (

    select * from {{ ref('inspection_intervals') }}

),

-- An inspection that ended before the visit began, the last of them.
standing as (

    select
        reports.report_id,
        inspections.report_id as standing_report_id,
        inspections.overall_grade as standing_overall_grade,
    from reports
    inner join inspections
        on
            reports.authority_id = inspections.authority_id
            and reports.report_id != inspections.report_id
            and reports.inspection_start_date > inspections.inspection_end_date
    qualify
        row_number() over (
            partition by reports.report_id order by inspections.inspection_end_date desc, inspections.report_id
        ) = 1

),

final as (

    select
        reports.report_id,
        reports.authority_id,
        reports.framework_id,
        row_number() over history::integer as visit_number,
        visit_subjects.focus_or_theme,
        reports.inspection_start_date as start_date,
        reports.inspection_end_date as end_date,
        publications.published_date,
        publications.days_to_publication,
        lag(reports.report_id) over history as previous_report_id,
        (reports.inspection_start_date - lag(reports.inspection_end_date) over history)::integer as days_since_previous,
        own_inspections.overall_grade,
        outcomes.outcome,
        standing.standing_report_id,
        standing.standing_overall_grade,
        coalesce(recommendations.recommendation_count, 0)::integer as recommendation_count,
        coalesce(recommendations.priority_action_count, 0)::integer as priority_action_count,
        (reports.inspection_end_date + to_months(intervals.months_from::integer))::date as next_inspection_from,
        coalesce(next_inspections.due_date, reports.inspection_end_date + to_months(intervals.months_to::integer))::date
            as next_inspection_by,
        case
            when next_inspections.due_date is not null then 'document'
            when intervals.months_to is not null then 'framework'
        end as next_inspection_source,
        next_inspections.monitoring_due_date as monitoring_inspection_by,
    from reports
    left join publications using (report_id)
    left join visit_subjects using (report_id)
    left join inspections as own_inspections using (report_id)
    left join outcomes using (report_id)
    left join standing using (report_id)
    left join recommendations using (report_id)
    left join next_inspections using (report_id)
    left join intervals
        on reports.framework_id = intervals.framework_id and own_inspections.overall_grade = intervals.grade
    window history as (partition by reports.authority_id order by reports.inspection_start_date, reports.report_id)

)

select * from final
