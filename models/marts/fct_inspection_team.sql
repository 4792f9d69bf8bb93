with mentions as (

    select * from {{ ref('int_inspection_team_mentions') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

-- Who signs a letter with another form of the first name than its sentence has is one person: the team's form stands.
other_forms as (

    select
        leads.report_id,
        leads.person_name,
        min(members.person_name) as team_name,
    from mentions as leads
    inner join mentions as members
        on
            leads.report_id = members.report_id
            and members.role = 'inspector'
            and leads.person_name[1] = members.person_name[1]
            and regexp_extract(leads.person_name, '[^ ]+$') = regexp_extract(members.person_name, '[^ ]+$')
    where leads.leads
    group by leads.report_id, leads.person_name
    having count(distinct members.person_name) = 1

),

people as (

    select mentions.* replace (coalesce(other_forms.team_name, mentions.person_name) as person_name)
    from mentions
    left join other_forms using (report_id, person_name)

),

final as (

    select
        md5(concat_ws('|', people.report_id, people.role, people.person_name))[:16] as team_member_id,
        people.report_id,
        reports.authority_id,
        people.person_name,
        people.role,
        people.leads and people.role != 'signatory' as is_lead,
        people.inspectorate,
        people.page_number,
        people.quote,
    from people
    inner join reports using (report_id)
    -- Who led is listed with the team, too: the role that leads stands, else the one that says most.
    qualify row_number() over (
        partition by people.report_id, people.person_name
        order by people.leads desc, people.role in ('inspector', 'team inspector'), people.page_number, people.role
    ) = 1

)

select * from final
