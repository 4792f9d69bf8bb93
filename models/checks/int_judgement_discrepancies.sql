-- Where the grades of a document are not whole, or do not agree with each other.

with reports as (

    select * from {{ ref('int_reports') }}

),

judgements as (

    select * from {{ ref('fct_judgements') }}

),

mentions as (

    select * from {{ ref('int_judgement_mentions') }}

),

judgement_areas as (

    select * from {{ ref('dim_judgement_area') }}

),

grades as (

    select * from {{ ref('dim_grade') }}
    where brings_priority_action is not null

),

recommendations as (

    select * from {{ ref('fct_recommendations') }}
    where recommendation_type = 'priority and immediate action'

),

missing as (

    select
        'missing_judgement' as kind,
        reports.report_id || '|' || judgement_areas.judgement_area_id as place,
        'No grade was found for ' || judgement_areas.judgement_area_name || ', which the framework requires' as what,
        reports.report_id,
        reports.authority_id,
    from reports
    inner join judgement_areas using (framework_id)
    left join judgements using (report_id, judgement_area_id)
    -- Which areas a framework grades goes by the inspection's first day.
    where
        judgement_areas.is_required
        and judgements.judgement_id is null
        and coalesce(reports.inspection_start_date >= judgement_areas.reported_from, true)
        and coalesce(reports.inspection_start_date <= judgement_areas.reported_to, true)

),

contradicting as (

    select distinct on (mentions.report_id, mentions.judgement_area_id, mentions.grade)
        'contradicting_judgements' as kind,
        mentions.report_id || '|' || mentions.judgement_area_id || '|' || mentions.grade as place,
        'Two grades are given to ' || judgement_areas.judgement_area_name || ': '
        || judgements.grade || ' and ' || mentions.grade as what,
        mentions.report_id,
        judgements.authority_id,
        judgements.page_number,
        judgements.quote,
        mentions.report_id as other_report_id,
        mentions.page_number as other_page_number,
        mentions.quote as other_quote,
    from mentions
    inner join judgements using (report_id, judgement_area_id)
    inner join judgement_areas
        on
            judgements.framework_id = judgement_areas.framework_id
            and judgements.judgement_area_id = judgement_areas.judgement_area_id
    where mentions.grade != judgements.grade
    order by mentions.report_id, mentions.judgement_area_id, mentions.grade, mentions.page_number, mentions.quote

),

priority_actions as (

    select
        report_id,
        count(*) as action_count,
        min_by(page_number, page_number) as page_number,
        min_by(text, page_number) as quote,
    from recommendations
    group by report_id

),

-- An outcome that brings areas for priority action, without them; or another with them.
without_their_asks as (

    select
        'outcome_and_priority_action' as kind,
        judgements.report_id || '|' || judgements.judgement_area_id as place,
        if(
            grades.brings_priority_action,
            'The outcome ‘' || judgements.grade || '’ brings areas for priority action, and none was found',
            'Areas for priority action were found (' || priority_actions.action_count || '), which the outcome ‘'
            || judgements.grade || '’ does not bring'
        ) as what,
        judgements.report_id,
        judgements.authority_id,
        judgements.page_number,
        judgements.quote,
        if(priority_actions.report_id is null, null, judgements.report_id) as other_report_id,
        priority_actions.page_number as other_page_number,
        priority_actions.quote as other_quote,
    from judgements
    inner join grades using (grade)
    left join priority_actions using (report_id)
    where grades.brings_priority_action != (priority_actions.report_id is not null)

),

final as (

    select * from missing
    union all by name
    select * from without_their_asks
    union all by name
    select * from contradicting

)

select * from final
