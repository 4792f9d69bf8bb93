-- Of the places that give an area a grade, the one that stands.

with mentions as (

    select * from {{ documents_of(ref('int_judgement_mentions')) }}

),

-- Two tables of a page that disagree, the last inspection's and this one's, do not say which is which.
agreeing as (

    select *
    from mentions
    qualify
        place = 'headline'
        or count(distinct case when source = 'table' then grade end) over (partition by report_id, judgement_area_id, page_number) <= 1

),

-- The table of grades stands before a headline, the earlier page before the later.
chosen as (

    select *
    from agreeing
    qualify row_number() over (
        partition by report_id, judgement_area_id
        order by
            place = 'headline', source = 'table' desc, page_number, priority, mention_number, quote
    ) = 1

),

final as (

    select
        md5(concat_ws('|', report_id, judgement_area_id))[:16] as judgement_id,
        report_id,
        judgement_area_id,
        grade,
        grade_as_printed,
        page_number,
        quote,
    from chosen

)

select * from final
