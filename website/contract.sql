-- What the site reads of the published file. A relation or column that the file does not have stays empty here.

create table build_info (
    build_id varchar, version varchar, commit varchar, built_at timestamp, duckdb_version varchar,
    document_count bigint, rejected_count bigint, names_published boolean, content varchar
);
create table dim_authority (
    authority_id varchar, authority_name varchar, authority_type varchar, region_name varchar, abolished_on date,
    is_current boolean, is_example boolean, tile_label varchar, tile_column integer, tile_row integer
);
create table dim_authority_name (authority_id varchar, name_as_compared varchar);
create table dim_authority_neighbour (authority_id varchar, neighbour_id varchar, neighbour_rank integer);
create table dim_authority_successor (authority_id varchar, successor_id varchar, succeeded_on date);
create table dim_framework (
    framework_id varchar, framework_name varchar, short_name varchar, abbreviation varchar, document_type varchar,
    grade_scale_id varchar, in_use_from date, in_use_to date
);
create table dim_grade (
    grade varchar, grade_scale_id varchar, grade_rank integer, is_graded boolean, grade_order integer, short_name varchar
);
create table dim_judgement_area (
    framework_id varchar, judgement_area_id varchar, judgement_area_name varchar, reported_from date,
    reported_to date, comparable_area varchar, comparable_area_name varchar, comparable_area_order integer
);
create table dim_metric (
    metric_id varchar, metric_name varchar, unit varchar, unit_name varchar, topic varchar, definition varchar
);
create table dim_report (
    report_id varchar, source_url varchar, file_name varchar, media_type varchar, framework_id varchar, document_type varchar,
    title varchar, authority_id varchar, inspection_start_date date, inspection_end_date date, published_date date,
    reporting_year_end date, page_count integer, is_primary boolean, primary_report_id varchar
);
create table facts_set_aside (
    relation varchar, rule varchar, reason varchar, report_id varchar, file_name varchar, page_number integer, words varchar
);
create table dim_topic (topic_id varchar, topic_name varchar, definition varchar);
create table dim_year (year_id varchar, starts_on date, ends_on date);
create table fct_judgements (
    judgement_id varchar, report_id varchar, authority_id varchar, framework_id varchar, judgement_area_id varchar,
    grade varchar, grade_as_printed varchar, page_number integer, quote varchar
);
create table fct_inspections (
    report_id varchar, authority_id varchar, framework_id varchar, inspection_end_date date, previous_report_id varchar,
    overall_grade varchar, previous_overall_grade varchar, overall_change varchar, overall_status varchar,
    leadership_status varchar, help_and_protection_status varchar, children_in_care_status varchar,
    care_leavers_status varchar
);
create table fct_visits (
    report_id varchar, authority_id varchar, framework_id varchar, visit_number integer, focus_or_theme varchar,
    start_date date, end_date date, days_since_previous integer, overall_grade varchar, outcome varchar,
    standing_report_id varchar, standing_overall_grade varchar, recommendation_count integer,
    priority_action_count integer, next_inspection_from date, next_inspection_by date, next_inspection_source varchar,
    monitoring_inspection_by date
);
create table fct_visit_subjects (report_id varchar, subject_id varchar);
create table dim_visit_subject (
    subject_id varchar, subject_kind varchar, subject_name varchar, subject_order integer
);
create table fct_metric_observations (
    observation_id varchar, report_id varchar, authority_id varchar, metric_id varchar, value double,
    qualifier varchar, period_kind varchar, period_start date, period_end date, year_id varchar,
    page_number integer, quote varchar
);
create table fct_authority_metrics (
    authority_id varchar, metric_id varchar, year_id varchar, value double, qualifier varchar, period_kind varchar,
    period_end date, observation_id varchar, observation_count integer, distinct_value_count integer,
    is_disputed boolean
);
create table metric_comparisons (
    authority_id varchar, metric_id varchar, year_id varchar, england_value double, neighbour_median double,
    neighbour_count integer, england_observation_id varchar
);
create table fct_recommendations (
    recommendation_id varchar, report_id varchar, authority_id varchar, code varchar, paragraph_number integer,
    recommendation_type varchar, addressed_to varchar, text varchar, page_number integer
);
create table fct_findings (
    finding_id varchar, report_id varchar, authority_id varchar, paragraph_number integer, section varchar,
    judgement_area_id varchar, text varchar, page_number integer
);
create table fct_finding_topics (finding_id varchar, topic_id varchar);
create table fct_recommendation_topics (recommendation_id varchar, topic_id varchar);
create table fct_board_attendance (
    attendance_id varchar, report_id varchar, authority_id varchar, agency varchar, meeting_date date,
    attended boolean, page_number integer, quote varchar
);
create table fct_board_income (
    income_id varchar, report_id varchar, authority_id varchar, contributor varchar, amount double, year_id varchar,
    page_number integer, quote varchar
);
create table fct_board_spending (
    spending_id varchar, report_id varchar, authority_id varchar, item varchar, amount double, year_id varchar,
    page_number integer, quote varchar
);
create table fct_discrepancies (
    discrepancy_id varchar, kind varchar, kind_description varchar, what varchar, size double, is_explained_by_rounding boolean,
    authority_id varchar, report_id varchar, page_number integer, quote varchar, other_report_id varchar,
    other_page_number integer, other_quote varchar
);
create table latest_outcomes (
    authority_id varchar, report_id varchar, framework_id varchar, inspection_end_date date, overall_grade varchar,
    overall_status varchar, last_overall_grade varchar, last_overall_date date,
    leadership_grade varchar, leadership_status varchar, leadership_date date,
    help_and_protection_grade varchar, help_and_protection_status varchar, help_and_protection_date date,
    children_in_care_grade varchar, children_in_care_status varchar, children_in_care_date date,
    care_leavers_grade varchar, care_leavers_status varchar, care_leavers_date date
);
create table rejected_documents (file_name varchar, reason varchar);
create table documents_to_review (report_id varchar, doubt varchar);

-- What several queries stand on.

create view metrics as
select
    * replace (
        replace(metric_name, ' 10000 ', ' 10,000 ') as metric_name, replace(definition, ' 10000 ', ' 10,000 ') as definition
    ),
from dim_metric;

create view documents as
select
    dim_report.*,
    coalesce(inspection_end_date, published_date, reporting_year_end) as document_date,
    coalesce(framework_name, dim_report.framework_id) as framework_name,
    coalesce(authority_name, 'Unknown authority') as authority_name,
    -- What it is, in a few words: "Focused visit, the front door".
    concat_ws(
        ', ',
        coalesce(short_name, dim_report.framework_id),
        array_to_string(
            list_transform(
                string_split(focus_or_theme, '; '),
                lambda subject: if(subject[2] = lower(subject[2]), lower(subject[1]) || subject[2:], subject)
            ),
            ' and '
        )
    ) as what,
    -- Of a framework that is not in use any more.
    in_use_to is not null as is_of_the_past,
from dim_report
left join dim_framework using (framework_id)
left join dim_authority using (authority_id)
left join (select report_id, focus_or_theme from fct_visits) as visits using (report_id);

-- The scale whose grades are compared between inspections; outcomes on another are never counted or drawn with them.
create view compared_scales as
select distinct grade_scale_id
from dim_framework
inner join dim_judgement_area using (framework_id)
where comparable_area is not null;

create view grades as
select
    fct_judgements.*,
    coalesce(dim_grade.grade_scale_id in (from compared_scales), true) as is_of_compared_scale,
    -- A closing remark in brackets is for analysts.
    regexp_replace(coalesce(judgement_area_name, fct_judgements.judgement_area_id), ' \(.*\)$', '') as judgement_area_name,
    comparable_area,
    documents.document_date,
    documents.is_primary,
from fct_judgements
inner join documents using (report_id)
left join dim_grade using (grade)
left join dim_judgement_area
    on
        fct_judgements.framework_id = dim_judgement_area.framework_id
        and fct_judgements.judgement_area_id = dim_judgement_area.judgement_area_id;

create view overall_grades as
select
    report_id,
    any_value(grade order by judgement_id) as overall_grade,
from grades
where comparable_area = 'overall'
group by report_id;
