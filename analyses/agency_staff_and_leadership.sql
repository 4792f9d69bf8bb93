/*
Question: do authorities with weaker leadership grades have more agency staff?

How to read it: a row for each report that both grades leadership and states the authority's share of agency staff: the newest
share that it states, and as of when. median_of_grade is the median over the reports with the same leadership grade: read it down
the column.

Caveats: reports mention agency staff where it is worth mentioning, so these are no sample of all authorities; some speak of social
workers only, others of all staff (the quote says which). Few reports a grade: look at how many rows stand behind a median. A share that
goes with a grade does not cause it.
*/
with shares as (

    select
        observations.report_id,
        observations.value as agency_staff_percent,
        observations.period_end as as_of,
        observations.page_number,
        observations.quote,
    from fct_metric_observations as observations
    inner join dim_report as reports
        on
            observations.report_id = reports.report_id
            and observations.authority_id = reports.authority_id
            and reports.is_primary
    where observations.metric_id = 'agency_staff_percent' and observations.period_end is not null
    qualify
        row_number() over (
            partition by observations.report_id
            order by observations.period_end desc, observations.page_number, observations.observation_id
        ) = 1

),

leadership as (

    select
        judgements.report_id,
        judgements.authority_id,
        judgements.grade,
    from fct_judgements as judgements
    inner join dim_judgement_area as areas using (framework_id, judgement_area_id)
    where areas.comparable_area = 'leadership'

)

select
    leadership.grade as leadership_grade,
    authorities.authority_name,
    shares.agency_staff_percent,
    shares.as_of,
    median(shares.agency_staff_percent) over (partition by leadership.grade) as median_of_grade,
    reports.file_name,
    shares.page_number,
    shares.quote,
from leadership
inner join shares using (report_id)
inner join dim_grade as grades on leadership.grade = grades.grade
inner join dim_authority as authorities on leadership.authority_id = authorities.authority_id
inner join dim_report as reports on leadership.report_id = reports.report_id
order by
    grades.grade_rank,
    leadership.grade desc,
    shares.agency_staff_percent,
    authorities.authority_name,
    shares.as_of,
    reports.file_name;
