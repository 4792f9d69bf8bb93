-- For spreadsheets: a row for each authority and year, a column for each headline metric.

{%- set headline_metrics = [
    'population_under_18', 'children_in_poverty_percent', 'children_in_need', 'child_protection_plans',
    'child_protection_plans_rate', 'private_fostering', 'serious_case_reviews', 'children_looked_after',
    'children_looked_after_rate', 'cla_out_of_area', 'cla_out_of_area_percent', 'cla_childrens_homes', 'cla_foster_care',
    'cla_unaccompanied_asylum_seeking', 'adoptions', 'special_guardianship_orders', 'cla_ceased', 'referrals',
    're_referrals_percent', 'section_47_enquiries', 'elective_home_education', 'children_missing_education',
    'care_proceedings_weeks', 'placements_three_or_more_percent', 'placements_stable_two_years_percent',
    'care_leavers_suitable_accommodation_percent', 'care_leavers_in_contact_percent', 'care_leavers_not_in_eet_percent',
    'agency_staff_percent', 'social_worker_turnover_percent',
] %}

with authority_metrics as (

    select * from {{ ref('fct_authority_metrics') }}

),

authorities as (

    select * from {{ ref('dim_authority') }}

),

final as (

    select
        authority_metrics.authority_id,
        any_value(authorities.authority_name) as authority_name,
        authority_metrics.year_id,
        {%- for metric_id in headline_metrics %}
        max(authority_metrics.value) filter (where authority_metrics.metric_id = '{{ metric_id }}') as {{ metric_id }},
        {%- endfor %}
        bool_or(authority_metrics.is_disputed) as is_any_disputed,
    from authority_metrics
    inner join authorities using (authority_id)
    group by authority_metrics.authority_id, authority_metrics.year_id

)

select * from final
