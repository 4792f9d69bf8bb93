with mentions as (

    select * from {{ ref('int_inspection_team_mentions') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

final as (

    select
        md5(concat_ws('|', mentions.report_id, mentions.role, mentions.person_name))[:16] as team_member_id,
        mentions.report_id,
        reports.authority_id,
        mentions.person_name,
        mentions.role,
        mentions.leads as is_lead,
        mentions.page_number,
        mentions.quote,
    from mentions
    inner join reports using (report_id)
    -- Who led signs the letter or is listed with the team, too: the leading role stands.
    qualify not (
        mentions.role in ('inspector', 'team inspector')
        and count(*) over (partition by mentions.report_id, mentions.person_name) > 1
    )

)

select * from final
