with reports as (

    select *
    from {{ ref('int_reports') }}
    semi join (from {{ ref('frameworks') }} where grades_are_compared) as compared using (framework_id)
    where is_primary

),

grades as (

    select * from {{ ref('int_comparable_grades') }}

),

overall_grades as (

    select * from grades
    where comparable_area = 'overall'

),

judgement_areas as (

    select * replace (reported_from::date as reported_from, reported_to::date as reported_to)
    from {{ ref('judgement_areas') }}
    where comparable_area is not null

),

comparable_areas as (

    select * from {{ ref('comparable_areas') }}

),

-- Whether the framework grades an area at that time: an inspection without a date could be of any.
graded_areas as (

    select distinct
        reports.report_id,
        judgement_areas.comparable_area,
    from reports
    inner join judgement_areas
        on
            reports.framework_id = judgement_areas.framework_id
            and coalesce(reports.inspection_start_date >= judgement_areas.reported_from, true)
            and coalesce(reports.inspection_start_date <= judgement_areas.reported_to, true)

),

area_statuses as (

    select
        reports.report_id,
        comparable_areas.comparable_area,
        case
            when grades.grade_rank is not null then 'given'
            when grades.grade is not null then 'not judged'
            when graded_areas.report_id is not null then 'not found'
            else 'not given'
        end as area_status,
    from reports
    cross join comparable_areas
    left join grades
        on reports.report_id = grades.report_id and comparable_areas.comparable_area = grades.comparable_area
    left join graded_areas
        on reports.report_id = graded_areas.report_id and comparable_areas.comparable_area = graded_areas.comparable_area

),

statuses as (

    select
        report_id,
        {% for area in ['overall', 'leadership', 'help_and_protection', 'children_in_care', 'care_leavers'] %}
            any_value(area_status) filter (where comparable_area = '{{ area }}') as {{ area }}_status,
        {% endfor %}
    from area_statuses
    group by report_id

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
        statuses.* exclude (report_id),
    from inspections
    left join statuses using (report_id)

)

select * from final
