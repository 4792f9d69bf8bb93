{#- A word of a list of names, with what parts it from the next. -#}
{%- set name_word = "(\\(?[\\p{Lu}][\\p{L}’''.-]*[,;.)]*|and|&|de|van|der|von)" -%}
-- Who is named in which role, as printed: after a label at the start of a line, or in the first sentences of a letter.

with statements as (

    select * from {{ ref('stg_statements') }}

),

roles as (

    select * from {{ ref('inspector_roles') }}

),

suffixes as (

    select '(?i)\b(' || string_agg(suffix, '|' order by length(suffix) desc, suffix) || ')\b' as suffix_pattern
    from {{ ref('inspector_suffixes') }}

),

page_lines as (

    select
        *,
        lag(clean_text) over page_order as text_above,
        (top - lag(top) over page_order) / font_size as pitch,
    from {{ ref('stg_lines') }}
    where line_kind in ('text', 'heading')
    window page_order as (partition by report_id, page_number order by line_number)

),

labelled_lines as (

    select
        page_lines.report_id,
        page_lines.page_number,
        page_lines.line_number,
        roles.role,
        roles.leads,
        trim(page_lines.clean_text[length(roles.printed_label) + 1:]) as after_label,
    from page_lines
    inner join roles on starts_with(lower(page_lines.clean_text), roles.printed_label)
    -- "Lead inspector" begins "Lead inspectors", too.
    qualify row_number() over (
        partition by page_lines.report_id, page_lines.page_number, page_lines.line_number
        order by length(roles.printed_label) desc
    ) = 1

),

-- Names run on to the next lines: behind a comma, or from a full line to one that is nothing but names.
continued as (

    select
        page_lines.report_id,
        page_lines.page_number,
        page_lines.line_number,
        page_lines.clean_text,
        labelled_lines.role,
        max(case when labelled_lines.role is not null then page_lines.line_number end) over up_to_this as label_line_number,
        labelled_lines.role is not null
        or (
            regexp_full_match(page_lines.clean_text, '{{ name_word }}( {{ name_word }})*')
            and coalesce(page_lines.pitch, 1) between 0 and 1.7
            and (
                regexp_matches(page_lines.text_above, '(,|;|:|\band|&)$')
                or (length(page_lines.text_above) >= 55 and page_lines.line_kind = 'text')
            )
        ) as goes_on,
    from page_lines
    left join labelled_lines using (report_id, page_number, line_number)
    window up_to_this as (
        partition by page_lines.report_id, page_lines.page_number order by page_lines.line_number rows unbounded preceding
    )

),

names_below as (

    select
        report_id,
        page_number,
        label_line_number as line_number,
        string_agg(clean_text, ' ' order by line_number) as names_text,
    from (
        select *
        from continued
        where label_line_number is not null
        qualify bool_and(goes_on) over (
            partition by report_id, page_number, label_line_number order by line_number rows unbounded preceding
        )
    )
    where role is null
    group by report_id, page_number, label_line_number

),

labelled as (

    select
        labelled_lines.report_id,
        labelled_lines.page_number,
        labelled_lines.role,
        labelled_lines.leads,
        -- A lead inspector's line is followed by the report's own headings.
        regexp_replace(labelled_lines.after_label, '^(\([^)]*\))?\s*[:–-]?\s*', '')
        || case
            when
                not labelled_lines.leads
                or regexp_matches(labelled_lines.after_label, '(^|,|;|:|\band|&)$')
                then ' ' || coalesce(names_below.names_text, '')
            else ''
        end as names_text,
        page_lines.clean_text as quote,
    from labelled_lines
    inner join page_lines using (report_id, page_number, line_number)
    left join names_below using (report_id, page_number, line_number)

),

in_letters as (

    select
        report_id,
        page_number,
        'inspector' as role,
        false as leads,
        regexp_extract(
            statement,
            '(?i)(?:(?:the inspectors?|inspectors? (?:for|on) this (?:visit|inspection)) (?:was|were)'
            || '|visit was (?:carried out|conducted|undertaken|led) by|your inspectors? (?:was|were)) (.{5,200})',
            1
        ) as names_text,
        quote,
    from statements
    where
        block_number <= 20
        and (contains(lower(statement), 'inspector') or contains(lower(statement), 'visit was'))

),

separated as (

    select
        report_id,
        page_number,
        role,
        leads,
        quote,
        unnest(
            string_split_regex(
                regexp_replace(regexp_replace(
                    -- A second label on the line begins another role.
                    regexp_replace(regexp_replace(names_text, '(\pL)- (\pL)', '\1-\2', 'g'), '(?i)[.,;]?\s*\w+ (inspectors?|analysts?|managers?)\s*:.*$', ''),
                    suffixes.suffix_pattern, ';', 'g'
                -- A point behind a whole name parts it from the next; one behind an initial does not.
                ), '([\p{L}’]{2,})\. ', '\1; ', 'g'),
                '\s*(?:[,;&/()]|\band\b)\s*'
            )
        ) as person_name,
    from (
        select * from labelled
        union all by name
        select * from in_letters
    )
    cross join suffixes

),

final as (

    select distinct on (report_id, role, person_name)
        report_id,
        trim(person_name, ' .:–-') as person_name,
        role,
        leads,
        page_number,
        quote,
    from separated
    -- A name is two or three words that begin with a capital: four are two names whose comma was lost.
    where
        regexp_full_match(
            trim(person_name, ' .:–-'),
            '\p{Lu}[\p{L}’''-]*\.?( \p{Lu}[\p{L}’''-]*\.?)?( de| la| van| der| von){0,2} \p{Lu}[\p{L}’''-]+'
        )
    order by report_id, role, person_name, page_number

)

select * from final
