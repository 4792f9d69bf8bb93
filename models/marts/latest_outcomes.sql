with authorities as (

    select * from {{ ref('dim_authority') }}
    where is_current and authority_type != 'Country'

),

neighbours as (

    select * from {{ ref('dim_authority_neighbour') }}

),

grades as (

    select * from {{ ref('int_comparable_grades') }}

),

inspections as (

    select * from {{ ref('fct_inspections') }}
    where inspection_start_date is not null and authority_id != 'unknown'

),

newest_inspections as (

    select *
    from inspections
    qualify row_number() over (partition by authority_id order by inspection_start_date desc, report_id) = 1

),

-- An area can be left out of a framework, so each has its own newest grade. What has no date is nobody's newest.
newest_grades as (

    select *
    from grades
    where grade_rank is not null and inspection_start_date is not null and authority_id != 'unknown'
    qualify row_number() over (
        partition by authority_id, comparable_area order by inspection_start_date desc, report_id
    ) = 1

),

side_by_side as (

    select
        authority_id,
        {% for area in ['leadership', 'help_and_protection', 'children_in_care', 'care_leavers'] %}
            any_value(grade) filter (where comparable_area = '{{ area }}') as {{ area }}_grade,
            any_value(inspection_end_date) filter (where comparable_area = '{{ area }}') as {{ area }}_date,
            any_value(framework_id) filter (where comparable_area = '{{ area }}') as {{ area }}_framework_id,
        {% endfor %}
        any_value(grade) filter (where comparable_area = 'overall') as last_overall_grade,
        any_value(inspection_end_date) filter (where comparable_area = 'overall') as last_overall_date,
    from newest_grades
    group by authority_id

),

-- A grade that a later inspection without one has left behind stands no more.
overall_grades as (

    select
        side_by_side.authority_id,
        side_by_side.last_overall_grade as grade,
        coalesce(newest_inspections.overall_status != 'not given', true) as stands,
    from side_by_side
    left join newest_inspections using (authority_id)
    where side_by_side.last_overall_grade is not null

),

neighbour_grades as (

    select
        neighbours.authority_id,
        count(*) filter (where overall_grades.stands)::integer as neighbours_graded,
        {% for grade in ['outstanding', 'good', 'requires improvement', 'inadequate'] %}
            count(*) filter (where overall_grades.grade = '{{ grade }}' and overall_grades.stands)::integer
                as neighbours_{{ grade | replace(' ', '_') }},
        {% endfor %}
        string_agg(
            neighbour.authority_name || ': ' || overall_grades.grade || if(overall_grades.stands, '', ' (not given any more)'),
            '; ' order by neighbours.neighbour_rank
        ) as neighbours_overall_grades,
    from neighbours
    inner join authorities as neighbour on neighbours.neighbour_id = neighbour.authority_id
    inner join overall_grades on neighbours.neighbour_id = overall_grades.authority_id
    group by neighbours.authority_id

),

final as (

    select
        authorities.authority_id,
        authorities.authority_name,
        authorities.region_name,
        newest_inspections.report_id,
        newest_inspections.framework_id,
        newest_inspections.inspection_end_date,
        newest_inspections.overall_grade,
        newest_inspections.overall_status,
        newest_inspections.leadership_status,
        newest_inspections.help_and_protection_status,
        newest_inspections.children_in_care_status,
        newest_inspections.care_leavers_status,
        side_by_side.* exclude (authority_id),
        coalesce(neighbour_grades.neighbours_graded, 0)::integer as neighbours_graded,
        coalesce(neighbour_grades.neighbours_outstanding, 0)::integer as neighbours_outstanding,
        coalesce(neighbour_grades.neighbours_good, 0)::integer as neighbours_good,
        coalesce(neighbour_grades.neighbours_requires_improvement, 0)::integer as neighbours_requires_improvement,
        coalesce(neighbour_grades.neighbours_inadequate, 0)::integer as neighbours_inadequate,
        neighbour_grades.neighbours_overall_grades,
    from authorities
    left join newest_inspections using (authority_id)
    left join side_by_side using (authority_id)
    left join neighbour_grades using (authority_id)

)

select * from final
