/*
Question: which inspections and visits has a given inspector led?

How to read it: a row for each inspector who led, with how many inspections or visits, of which authorities, and when. For one person add
where team.person_name = '…'.

Caveats: this is personal data, public but about people at work: use it to find your way to a report or a contact, not to rate
or compare inspectors; the grades are the inspectorate's. A name that is printed in two forms is two rows, and two people with one name are
one. Where the warehouse is published without names (PUBLISH_NAMES=false) there is nothing here.
*/
select
    team.person_name,
    count(distinct team.report_id) as led,
    string_agg(distinct reports.framework_id, ', ' order by reports.framework_id) as kinds,
    string_agg(distinct authorities.authority_name, ', ' order by authorities.authority_name) as authorities,
    min(reports.inspection_end_date) as first_led,
    max(reports.inspection_end_date) as last_led,
from fct_inspection_team as team
inner join dim_report as reports on team.report_id = reports.report_id and reports.is_primary
inner join dim_authority as authorities on reports.authority_id = authorities.authority_id
where team.is_lead and team.person_name is not null
group by team.person_name
order by led desc, team.person_name;
