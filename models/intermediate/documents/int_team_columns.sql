{%- set name = person_name() -%}
-- The team of an inspection by several inspectorates, as it stands under its heading in a column for each: a name, then for whom
-- and as what. A printed line holds a name of each column.

with page_lines as (

    select lines.*
    from {{ documents_of(ref('stg_lines')) }} as lines
    inner join {{ documents_of(ref('int_report_frameworks')) }} as reports using (report_id)
    where reports.has_typed_facts and lines.line_kind in ('text', 'heading') and lines.clean_text != ''

),

suffixes as (

    select * from {{ ref('inspector_suffixes') }}

),

suffix_patterns as (

    select {{ any_suffix() }} as suffix_pattern
    from suffixes

),

words_of_no_name as (

    select list(word) as words
    from {{ ref('words_of_no_name') }}

),

inspectorates as (

    select
        inspectorate,
        {{ any_suffix() }} as inspectorate_pattern,
    from suffixes
    where inspectorate != ''
    group by inspectorate

),

-- The lines under the heading, to the first that names nobody; at the foot of a page the next goes on.
team_lines as (

    select
        report_id,
        page_number,
        line_number,
        clean_text,
        row_number() over (partition by report_id order by page_number, line_number) as place,
    from (
        select
            *,
            max(case when regexp_full_match(lower(clean_text), '(the )?inspection team\W*') then page_number * 100000 + line_number end)
                over (partition by report_id order by page_number, line_number rows between unbounded preceding and 1 preceding)
                as heading_place,
        from page_lines
    )
    where heading_place is not null

),

-- What stands behind a name between bars, so that the name ends before it. A line can break behind "Lead".
marked as (

    select
        team_lines.*,
        {% call(suffix) by_pattern('suffix_patterns.suffix_pattern', held_patterns('inspector_suffixes', any_suffix())) %}
            regexp_replace(regexp_replace(team_lines.clean_text, '\b{{ person_title() }} ', '', 'g'), {{ suffix }}, '|\0|', 'g')
        {% endcall %} as marked_text,
        regexp_extract_all(marked_text, '({{ name }}),? ?(?:- )?((?:\|[^|]+\|[ ,–-]*)+(?:(?i:lead)\b)?)', 1) as names,
        regexp_extract_all(marked_text, '({{ name }}),? ?(?:- )?((?:\|[^|]+\|[ ,–-]*)+(?:(?i:lead)\b)?)', 2) as titles,
    from team_lines
    cross join suffix_patterns
    where team_lines.place <= 20

),

-- The head of the columns names no one, and nor does what comes behind the team.
members as (

    select
        report_id,
        page_number,
        line_number,
        clean_text as quote,
        unnest(names) as person_name,
        unnest(titles) as title,
        generate_subscripts(names, 1) as column_number,
    from marked
    where place <= coalesce(
        (
            select min(ends.place)
            from marked as ends
            where ends.report_id = marked.report_id and ends.place > 1 and len(ends.names) = 0
        ), 20
    )

),

named as (

    select
        members.report_id,
        members.person_name,
        regexp_matches(members.title, '(?i)\blead\b') as leads,
        if(leads, 'lead inspector', 'inspector') as role,
        inspectorates.inspectorate,
        members.column_number,
        members.page_number,
        members.line_number,
        members.quote,
    from members
    cross join words_of_no_name
    left join inspectorates on regexp_matches(members.title, inspectorates.inspectorate_pattern)
    where not list_has_any({{ name_words('members.person_name') }}, words_of_no_name.words)
    -- "Ofsted HMI" is one inspectorate's.
    qualify
        row_number() over (
            partition by members.report_id, members.person_name
            order by members.page_number, members.line_number, inspectorates.inspectorate
        ) = 1

),

-- The team of one inspectorate is a list, which stands behind labels.
final as (

    select *
    from named
    qualify count(distinct inspectorate) over (partition by report_id) > 1

)

select * from final
