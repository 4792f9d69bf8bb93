-- How each comparable area moved since the previous inspection. Children in care and care leavers were two areas in sif, one
-- in ilacs to 2022 and two again since: where two stand against one, the worse of the two is compared.

with grades as (

    select * from {{ ref('int_comparable_grades') }}

),

inspections as (

    select * from {{ ref('fct_inspections') }}

),

worse_of_two as (

    select
        report_id,
        arg_max(grade, grade_rank) as grade,
        max(grade_rank) as grade_rank,
    from grades
    where comparable_area in ('children_in_care', 'care_leavers')
    group by report_id

),

pairs as (

    select
        inspections.report_id,
        inspections.authority_id,
        inspections.previous_report_id,
        now_graded.comparable_area,
        now_graded.grade,
        now_graded.grade_rank,
        before.grade as previous_grade,
        before.grade_rank as previous_grade_rank,
        now_graded.judgement_area_id = 'children_in_care_and_care_leavers'
        and before.judgement_area_id != 'children_in_care_and_care_leavers' as two_became_one,
        now_graded.judgement_area_id != 'children_in_care_and_care_leavers'
        and before.judgement_area_id = 'children_in_care_and_care_leavers' as one_became_two,
    from inspections
    inner join grades as now_graded using (report_id)
    inner join grades as before
        on
            inspections.previous_report_id = before.report_id
            and now_graded.comparable_area = before.comparable_area

),

compared as (

    select
        pairs.report_id,
        pairs.authority_id,
        pairs.previous_report_id,
        pairs.comparable_area,
        case when pairs.one_became_two then worse_now.grade else pairs.grade end as grade,
        case when pairs.one_became_two then worse_now.grade_rank else pairs.grade_rank end as grade_rank,
        case when pairs.two_became_one then worse_before.grade else pairs.previous_grade end as previous_grade,
        case when pairs.two_became_one then worse_before.grade_rank else pairs.previous_grade_rank end as previous_grade_rank,
        case
            when pairs.two_became_one
                then 'Two areas became one: compared with the worse of children looked after and care leavers before'
            when pairs.one_became_two
                then 'One area became two: the worse of children in care and care leavers now is compared'
        end as comparison_note,
    from pairs
    left join worse_of_two as worse_now using (report_id)
    left join worse_of_two as worse_before on pairs.previous_report_id = worse_before.report_id

),

final as (

    select
        report_id,
        comparable_area,
        authority_id,
        previous_report_id,
        grade,
        previous_grade,
        {{ grade_change('grade_rank', 'previous_grade_rank') }} as change,
        comparison_note,
    from compared
    -- Where two areas stand against one, both of them can be not judged: there is nothing to compare.
    where grade is not null and previous_grade is not null

)

select * from final
