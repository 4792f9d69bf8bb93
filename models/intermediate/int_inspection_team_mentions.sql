-- Who is named in which role, as printed: after a label at the start of a line, or in the first sentences of a letter.

with statements as (

    select * from {{ ref('stg_statements') }}

),

roles as (

    select * from {{ ref('inspector_roles') }}

),

page_lines as (

    select * from {{ ref('stg_lines') }}
    where line_kind in ('text', 'heading')

),

labelled_lines as (

    select
        page_lines.*,
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

labelled as (

    select
        labelled_lines.report_id,
        labelled_lines.page_number,
        labelled_lines.role,
        labelled_lines.leads,
        regexp_replace(labelled_lines.after_label, '^(\([^)]*\))?\s*:?\s*', '')
        -- Names run on to the next line, and to that after it, while it names no role of its own.
        || case
            when
                regexp_matches(labelled_lines.after_label, '(,|;|\band|:)$')
                or (labelled_lines.role = 'team inspector' and regexp_matches(next_line.clean_text, '^[A-Z][a-z]+ [A-Z].*(,|HMI)'))
                then ' ' || coalesce(next_line.clean_text, '')
            else ''
        end
        || case
            when labelled_lines.role = 'team inspector' and regexp_matches(next_line.clean_text, '(,|;|\band)$')
                then ' ' || coalesce(line_after.clean_text, '')
            else ''
        end as names_text,
        labelled_lines.clean_text as quote,
    from labelled_lines
    left join page_lines as next_line
        on
            labelled_lines.report_id = next_line.report_id
            and labelled_lines.page_number = next_line.page_number
            and labelled_lines.line_number + 1 = next_line.line_number
            and not contains(next_line.clean_text, ':')
    left join page_lines as line_after
        on
            labelled_lines.report_id = line_after.report_id
            and labelled_lines.page_number = line_after.page_number
            and labelled_lines.line_number + 2 = line_after.line_number
            and not contains(line_after.clean_text, ':')

),

in_letters as (

    select
        report_id,
        page_number,
        'inspector' as role,
        false as leads,
        regexp_extract(
            statement,
            '(?i)(?:the inspectors? (?:for this visit )?(?:was|were)|visit was (?:carried out|conducted|undertaken) by|your inspectors? (?:was|were)) (.{5,200})', 1
        ) as names_text,
        quote,
    from statements
    where block_number <= 20

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
                -- What follows a name to say what its bearer is.
                regexp_replace(
                    names_text,
                    '(?i)\b(senior )?(her|his) majesty[’'']s inspectors?\b|\bsenior hmi\b|\bhmis?\b|\bofsted( inspector)?\b|\bsocial care regulatory inspectors?\b|\b(regional|acting) director\b',
                    ';', 'g'
                ),
                '\s*(?:[,;]|\band\b|\()\s*'
            )
        ) as person_name,
    from (
        select * from labelled
        union all by name
        select * from in_letters
    )

),

final as (

    select distinct on (report_id, role, person_name)
        report_id,
        trim(person_name, ' .:)') as person_name,
        role,
        leads,
        page_number,
        quote,
    from separated
    -- A name is two to four words that begin with a capital.
    where regexp_matches(trim(person_name, ' .:)'), '^[A-Z][A-Za-z''’-]*\.?( [A-Z][A-Za-z''’.-]*){1,3}$')
    order by report_id, role, person_name, page_number

)

select * from final
