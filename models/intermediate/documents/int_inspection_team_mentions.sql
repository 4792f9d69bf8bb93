{%- set suffix_patterns = held_patterns('inspector_suffixes', any_suffix()) -%}
{#- A word of a list of names, with what parts it from the next. -#}
{%- set name = "\\p{Lu}[\\p{L}’''-]*\\.?(?: \\p{Lu}[\\p{L}’''-]*\\.?)?(?: (?:de|la|van|der|von)){0,2} \\p{Lu}[\\p{L}’''-]+" -%}
{%- set name_word = "(\\(?[\\p{Lu}][\\p{L}’''.-]*[,;.)]*|and|&|de|van|der|von)" -%}
-- Who is named in which role, as printed: after a label at the start of a line, in the first sentences of a letter, or under it;
-- or in the columns of several inspectorates.

with reports as (

    select
        report_id,
        document_type,
        coalesce(lead_signs, true) as lead_signs,
    from {{ documents_of(ref('int_report_frameworks')) }}
    where has_typed_facts

),

team_columns as (

    select * from {{ documents_of(ref('int_team_columns')) }}

),

statements as (

    select statements.*
    from {{ documents_of(ref('stg_statements')) }} as statements
    inner join reports using (report_id)

),

words_of_no_name as (

    select list(word) as words
    from {{ ref('words_of_no_name') }}

),

roles as (

    select * from {{ ref('inspector_roles') }}

),

suffixes as (

    select {{ any_suffix() }} as suffix_pattern
    from {{ ref('inspector_suffixes') }}

),

page_lines as (

    select
        lines.*,
        reports.document_type,
        lag(lines.clean_text) over page_order as text_above,
        (lines.top - lag(lines.top) over page_order) / lines.font_size as pitch,
    from {{ documents_of(ref('stg_lines')) }} as lines
    inner join reports using (report_id)
    where lines.line_kind in ('text', 'heading')
    window page_order as (partition by lines.report_id, lines.page_number order by lines.line_number)

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
    inner join roles
        on
            -- The first letter alone, too: by it the lines are joined, and not each tried with each label.
            lower(page_lines.clean_text[1]) = roles.printed_label[1]
            and starts_with(lower(page_lines.clean_text), roles.printed_label)
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
    inner join (select distinct report_id, page_number from labelled_lines) as labelled_pages using (report_id, page_number)
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

-- "The inspectors were …", "The visit was carried out by …", "I was accompanied by …"; "…, HMI, carried out this visit".
letter_sentences as (

    select
        statements.report_id,
        statements.page_number,
        statements.quote,
        -- Who assures quality, or looks on, is not of the team.
        regexp_replace(statements.statement, '(?i),? ?\b(and )?(the )?(quality assurance|shadowed by).*$', '') as sentence,
        coalesce(
            nullif(regexp_extract(
                sentence,
                '(?i)(?:inspectors?|hmis?|inspection team|team of inspectors)(?: \(?designate\)?)?(?: (?:for|on|who|carrying|conducting|undertaking)\b[^.]{0,40}\b(?:visit|inspection))?,?'
                || '(?: (?:was|were|comprised|consisted of|included)\b|\s*:)(.+)', 1
            ), ''),
            nullif(regexp_extract(
                sentence,
                '(?i)(?:(?:\b(?:visit|inspection)\b.*?|^it was )\b(?:carried out|conducted|undertaken|led|completed|made)|\b(?:was|were) (?:accompanied|joined|supported|assisted)) by\b(.+)', 1
            ), '')
        ) as names_behind,
        case
            when names_behind is null
                then regexp_extract(
                    sentence,
                    '(?i)^(.+?)\b(?:(?:carried out|conducted|undertook|visited|made|led)\b|were the inspectors)', 1
                )
        end as names_before,
    from statements
    inner join reports using (report_id)
    where
        reports.document_type = 'letter'
        and statements.page_number <= 2
        and statements.block_number <= 40
        and regexp_matches(lower(statements.statement), 'inspector|\bhmi|visit was|was carried out|accompanied by|joined by')

),

in_letters as (

    select
        report_id,
        page_number,
        'inspector' as role,
        false as leads,
        coalesce(names_behind, names_before) as names_text,
        quote,
        true as is_sentence,
    from letter_sentences
    where
        names_behind is not null
        -- Before the verb only who has a title is an inspector.
        or regexp_matches(lower(names_before), 'inspector|\bhmi')

),

letter_lines as (

    select
        report_id,
        page_number,
        clean_text,
        row_number() over document_order as place,
        count(*) over (partition by report_id) as last_place,
        lead(clean_text) over document_order as text_below,
        regexp_replace(
            clean_text, '(?i)^(?:(?:yours? )?(?:sincerely|faithfully|truly)\W*)?(?:p\.?p\.? )?(?:(?:mr|mrs|ms|miss|dr)\.? )?', ''
        ) as words,
        regexp_matches(lower(clean_text), '^((yours? )?(sincerely|faithfully|truly)|(with )?(kind|best) regards)\b') as closes,
    from page_lines
    where document_type = 'letter'
    window document_order as (partition by report_id order by page_number, line_number)

),

-- The lines behind a letter's close that begin with a name, with what stands before a title, on the line or alone above it.
-- Materialized, so that the titles, whose pattern comes from rows, are looked for in these lines and not in all.
lines_with_names as materialized (

    select
        letter_lines.*,
        {% call(suffix) by_pattern('suffixes.suffix_pattern', suffix_patterns) %}
            regexp_replace(letter_lines.words, '[\s,(–-]*(?:(?:Lead|Senior) )?' || {{ suffix }} || '.*$', '')
        {% endcall %} as name_before_title,
        letter_lines.words != name_before_title
        or coalesce(
            {% call(suffix) by_pattern('suffixes.suffix_pattern', suffix_patterns) %}
                regexp_matches(letter_lines.text_below, '^(?:(?:Lead|Senior) )?' || {{ suffix }})
            {% endcall %}, false
        ) as has_title,
    from (
        select
            *,
            max(case when closes then place end) over (partition by report_id) as close_place,
        from letter_lines
    ) as letter_lines
    cross join suffixes
    where
        coalesce(letter_lines.place >= letter_lines.close_place, letter_lines.place >= 0.5 * letter_lines.last_place)
        and regexp_matches(letter_lines.words, '^{{ name }}')

),

-- Who signs a letter leads its visit: the name between its close and a title, where either can be missing.
signatures as (

    select
        report_id,
        page_number,
        if(reports.lead_signs, 'lead inspector', 'signatory') as role,
        true as leads,
        name_before_title as names_text,
        clean_text as quote,
        true as is_sentence,
    from lines_with_names
    inner join reports using (report_id)
    cross join words_of_no_name
    where
        regexp_full_match(name_before_title, '{{ name }},?')
        and not list_has_any({{ name_words('name_before_title') }}, words_of_no_name.words)
        and (has_title or place - close_place between 0 and 3)
    qualify
        row_number() over (
            partition by report_id
            -- The first name behind the close, else the last of all.
            order by case when close_place is null then -place else place end
        ) = 1

),

separated as (

    select
        report_id,
        page_number,
        role,
        leads,
        quote,
        is_sentence,
        unnest(
            string_split_regex(
                {% call(suffix) by_pattern('suffixes.suffix_pattern', suffix_patterns) %}
                    regexp_replace(regexp_replace(
                        -- A second label on the line begins another role.
                        regexp_replace(regexp_replace(names_text, '(\pL)- (\pL)', '\1-\2', 'g'), '(?i)[.,;]?\s*\w+ (inspectors?|analysts?|managers?)\s*:.*$', ''),
                        {{ suffix }}, ';', 'g'
                    -- A point behind a whole name parts it from the next; one behind an initial does not.
                    ), '([\p{L}’]{2,})\. ', '\1; ', 'g')
                {% endcall %},
                '\s*(?:[,;:&/()]|\b(?:(?:accompanied|joined|supported|assisted) by|and|with|was|were)\b)\s*'
            )
        ) as part,
    from (
        select
            *,
            false as is_sentence,
        from labelled
        union all by name
        select * from in_letters
        union all by name
        select * from signatures
    )
    cross join suffixes

),

named as (

    select
        * exclude (part),
        case
            -- In a sentence more words can stand behind a name: "… Lou Quill between them".
            when is_sentence
                then regexp_extract(
                    regexp_replace(trim(part, ' .:–-'), '(?i)^(?:(?:mr|mrs|ms|miss|dr)\.? |(?:by|senior|lead|team|the|two of) )*', ''),
                    '^({{ name }})(?: [^\p{Lu}].*)?$', 1
                )
            else regexp_extract(trim(part, ' .:–-'), '^{{ name }}$')
        end as person_name,
    from separated

),

-- A name that lost its hyphen at a line's end has it elsewhere in the document.
hyphened as (

    select distinct
        named.report_id,
        named.person_name,
        named.hyphened_name,
    from (
        select
            report_id,
            person_name,
            regexp_replace(person_name, '(\p{Ll})(\p{Lu})', '\1-\2') as hyphened_name,
        from named
        where regexp_matches(person_name, '\p{Ll}\p{Lu}')
    ) as named
    inner join statements
        on
            named.report_id = statements.report_id
            and contains(statements.statement, regexp_extract(named.hyphened_name, '[^ ]+$'))

),

mended as (

    select
        named.* replace (coalesce(hyphened.hyphened_name, named.person_name) as person_name),
    from named
    left join hyphened using (report_id, person_name)

),

final as (

    select distinct on (report_id, role, person_name)
        report_id,
        person_name,
        role,
        leads,
        inspectorate,
        column_number,
        line_number,
        page_number,
        quote,
    from (
        select mended.*
        from mended
        cross join words_of_no_name
        where person_name != '' and not list_has_any({{ name_words('person_name') }}, words_of_no_name.words)
        union all by name
        select * from team_columns
    )
    order by report_id, role, person_name, page_number

)

select * from final
