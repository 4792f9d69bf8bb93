-- A row an authority, with the column names of the sector's own overview of inspections.

with authorities as (

    select authorities.*
    from {{ ref('int_summary_authorities') }} as authorities
    semi join {{ ref('dim_authority') }} using (authority_id)
    where authorities.is_current

),

neighbours as (

    select * from {{ ref('dim_authority_neighbour') }}

),

inspections as (

    select
        history.*,
        reports.authority_id,
    from {{ ref('ilacs_history') }} as history
    inner join {{ ref('int_reports') }} as reports using (report_id)

),

newest as (

    select *
    from inspections
    qualify row_number() over (
        partition by authority_id order by inspection_start_date desc nulls last, report_id
    ) = 1

),

inspectors as (

    select
        lower(newest.inspector_name) as inspector,
        count(*)::integer as inspectors_inspections_count,
    from newest
    inner join authorities using (authority_id)
    where newest.inspector_name is not null
    group by inspector

),

neighbour_grades as (

    select
        neighbours.authority_id,
        string_agg(
            neighbour.la_code || ': ' || coalesce(newest.overall_effectiveness_grade, 'not at hand'), ', '
            order by neighbours.neighbour_rank
        ) as stat_neighbour_judgement,
    from neighbours
    inner join {{ ref('int_summary_authorities') }} as neighbour on neighbours.neighbour_id = neighbour.authority_id
    left join newest on neighbours.neighbour_id = newest.authority_id
    group by neighbours.authority_id

),

final as (

    select
        authorities.urn,
        authorities.la_code,
        authorities.region_code,
        authorities.ltla23cd,
        authorities.stat_neighbours,
        neighbour_grades.stat_neighbour_judgement,
        authorities.local_authority,
        newest.inspection_link,
        newest.overall_effectiveness_grade,
        newest.inspection_framework,
        newest.inspector_name,
        newest.inspection_start_date,
        newest.inspection_end_date,
        newest.publication_date,
        case when newest.report_id is not null then authorities.local_link_to_all_inspections end
            as local_link_to_all_inspections,
        newest.impact_of_leaders_grade,
        newest.help_and_protection_grade,
        newest.in_care_grade,
        newest.care_leavers_grade,
        inspectors.inspectors_inspections_count,
        newest.report_id,
    from authorities
    left join newest using (authority_id)
    left join neighbour_grades using (authority_id)
    left join inspectors on lower(newest.inspector_name) = inspectors.inspector

)

select * from final
