{%- set part = name_part() -%}
{%- set name = person_name() -%}
{%- set title = '(?:' ~ person_title() ~ ' )*' -%}
-- Who is named where a name shows by its place: behind a title, before honours or a post, in a letter's head and salutation,
-- above its signature, behind a label; looked for where names are left out. What dim_report and fct_inspection_team hold is named there, and not here.

with page_lines as (

    select * from {{ documents_of(ref('stg_lines')) }}

),

statements as (

    select * from {{ documents_of(ref('stg_statements')) }}

),

table_cells as (

    select * from {{ documents_of(ref('stg_table_cells')) }}

),

front_lines as (

    select * from {{ documents_of(ref('int_front_lines')) }}

),

authority_names as (

    select distinct comparable_name from {{ ref('int_authority_names') }}

),

no_names as (

    select
        list(word) filter (where kind != 'place') as words,
        list(word) as words_of_heads,
    from {{ ref('no_name_words') }}

),

salutations as (

    select
        report_id,
        min(front_line_number) as salutation_line,
        string_split(min_by(regexp_replace(lower(clean_text), '[,:.]', '', 'g'), front_line_number), ' ') as addressed,
    from front_lines
    where regexp_matches(clean_text, '^Dear ')
    group by report_id

),

-- What is above a letter's salutation.
heads as (

    select
        front_lines.report_id,
        front_lines.page_number,
        front_lines.line_number,
        salutations.addressed,
    from front_lines
    inner join salutations using (report_id)
    where front_lines.front_line_number < salutations.salutation_line

),

-- A line with its neighbours; a cell has one on its right.
texts as (

    select
        report_id,
        page_number,
        line_number,
        clean_text as words,
        lag(clean_text) over page_order as words_before,
        lead(clean_text) over page_order as words_after,
    from page_lines
    where clean_text != ''
    window page_order as (partition by report_id, page_number order by line_number)

    union all

    select
        report_id,
        page_number,
        null as line_number,
        cell_text as words,
        null as words_before,
        lead(cell_text) over row_order as words_after,
    from table_cells
    where cell_text != ''
    window row_order as (partition by report_id, page_number, table_number, row_number order by column_number)

),

-- "The inspectors were …, … and …", "…, … and …, Her Majesty's Inspectors": the words that list the names.
lists as (

    select
        report_id,
        page_number,
        null as line_number,
        statement as words,
        null as words_before,
        null as words_after,
        unnest(
            regexp_extract_all(
                statement,
                '(?i:inspectors?(?: (?:for|on) this (?:visit|inspection))?(?: (?:was|were))?|(?:out|conducted|undertaken|led) by)'
                || '(?: (?i:the )?(?i:inspectors?|(?:her|his) majesty.s inspectors?))?:? ({{ name }}[,; ].{5,300})', 1
            )
            || regexp_extract_all(statement, '({{ name }}(?:,? (?:and )?{{ name }})+),? (?i:(?:her|his) majesty)', 1)
        ) as listed,
    from statements
    where regexp_matches(statement, '(?i)inspector')

),

-- Where a name begins but not where it ends, it ends before the first word that is none; where it ends, it begins behind
-- the last; a whole text is a name or is not.
mentions as (

    -- A title that ends a line, or stands before its last word, goes on in the next.
    select
        *,
        'title' as named_by,
        'begins' as known,
        unnest(
            regexp_extract_all(
                words || coalesce(
                    ' ' || regexp_extract(
                        case when regexp_matches(words, '\b{{ person_title() }}( {{ part }})?$') then words_after end, '^{{ part }}'
                    ), ''
                ),
                '\b{{ person_title() }} ({{ title }}(?:\p{Lu}\. ?|\p{Lu} ){0,3}{{ part }}(?: (?:{{ part }}|\p{Lu}\.?|de|la|van|der|von|bin|al))*)', 1
            )
        ) as named,
    from texts

    union all

    select
        *,
        'honours' as named_by,
        'ends' as known,
        unnest(regexp_extract_all(words, '({{ name }}){{ person_honours() }}(?:$|[ ,.;)])', 1)) as named,
    from texts

    union all

    select
        *,
        'post' as named_by,
        'ends' as known,
        unnest(
            regexp_extract_all(
                -- Two people in a line, as two columns give: the first one's post parts them.
                regexp_replace(
                    words, '\b(?i:(inspector|hmi|officer|manager|analyst|director|executive|chair)),? ({{ part }} \p{Lu})', '\1; \2', 'g'
                ),
                '(?:^|[,;.)”"] |\b(?:to|by|with|from|and|is|was|including) ){{ title }}({{ name }})(?:{{ person_honours() }})? ?[,(–-] ?{{ post_words() }}\b', 1
            )
        ) as named,
    from texts

    union all

    select
        *,
        'post' as named_by,
        'whole' as known,
        regexp_extract(words, '^{{ title }}({{ name }})(?:{{ person_honours() }})?,?$', 1) as named,
    from texts
    where regexp_matches(words_after, '^{{ post_words() }}\b')

    union all

    select
        *,
        'label' as named_by,
        'begins' as known,
        regexp_extract(
            words, '(?:^|[.;] )(?:{{ post_words() }}|(?i:authors?|contact|signed))s? ?[:–-] {{ title }}({{ name }})', 1
        ) as named,
    from texts

    union all

    select
        *,
        'label' as named_by,
        'begins' as known,
        regexp_extract(
            words, '\b(?i:foreword|introduction|written|prepared|compiled|authored|chaired|signed) by {{ title }}({{ name }})', 1
        ) as named,
    from texts

    union all

    select
        * exclude (listed),
        'list' as named_by,
        'whole' as known,
        regexp_extract(
            unnest(string_split_regex(listed, '\s*(?:[,;&/()]|\band\b)\s*')),
            '^{{ title }}({{ name }})(?:{{ person_honours() }})?\.?$', 1
        ) as named,
    from lists

    union all

    select
        *,
        'signature' as named_by,
        'whole' as known,
        regexp_extract(words, '^{{ title }}({{ name }})(?:{{ person_honours() }})?,?$', 1) as named,
    from texts
    where regexp_matches(words_before, '(?i)^yours? (sincerely|faithfully|truly),?$')

    union all

    select
        *,
        'salutation' as named_by,
        'whole' as known,
        unnest(
            string_split_regex(
                regexp_extract(words, '^Dear ((?:(?:{{ part }}|[A-Z]\.?|and|&),? ?)+)[:.]?$', 1), ',? (and|&) |, '
            )
        ) as named,
    from texts

    union all

    -- Addressees, line by line: each with a post or a place, or the one that the salutation repeats.
    select
        texts.*,
        'addressee' as named_by,
        'head' as known,
        regexp_extract(
            texts.words, '^{{ title }}({{ name }})(?:{{ person_honours() }})?(?: ?,| {{ post_words() }}\b|$)', 1
        ) as named,
    from texts
    inner join heads using (report_id, page_number, line_number)
    where
        regexp_matches(texts.words, '^{{ title }}{{ name }}(?:{{ person_honours() }})?(?: ?, ?[^\d ]| {{ post_words() }}\b)')
        or list_contains(heads.addressed, lower(regexp_extract(texts.words, '({{ part }}),?$', 1)))
        or list_contains(heads.addressed, lower(regexp_extract(texts.words, '^{{ part }}')))

),

-- Each word that is no name as a bar.
marked_mentions as (

    select
        mentions.*,
        array_to_string(
            list_transform(
                -- Degrees and orders are no part of a name; a name can be all in capitals.
                list_filter(
                    string_split(regexp_replace(named, '^{{ title }}', ''), ' '),
                    lambda word: upper(named) = named or not regexp_full_match(word, '\p{Lu}{2,}|[BM]Sc|MEd|ChB|PhD')
                ),
                lambda word: case
                    when length(rtrim(word, '.')) > 1 and list_contains(
                        case when known = 'head' then no_names.words_of_heads else no_names.words end,
                        regexp_replace(replace(lower(word), '’', ''''), '[.,]', '', 'g')
                    ) then '|'
                    else word
                end
            ), ' '
        ) as marked,
    from mentions
    cross join no_names
    where named != ''

),

people as (

    select
        * exclude (marked),
        regexp_replace(
            trim(case
                when known = 'begins' then regexp_extract(marked, '^[^|]*')
                -- Behind the words that are no names, and before those that follow: "Council Jo Ray Manager".
                when known in ('ends', 'head') then regexp_extract(marked, '([^|]*)[| ]*$', 1)
                when not contains(marked, '|') then marked
            end), '(’s|''s)?[ .,’'']*$', ''
        ) as person_name,
    from marked_mentions

),

final as (

    select distinct on (people.report_id, people.person_name, name_kind)
        people.report_id,
        people.person_name,
        case
            when contains(people.person_name, ' ') then 'full'
            when people.named_by = 'title' or regexp_matches(people.named, '^{{ person_title() }} ') then 'surname'
            else 'given'
        end as name_kind,
        people.named_by,
        people.page_number,
        people.words as quote,
    from people
    left join authority_names on {{ comparable_name('people.person_name') }} = authority_names.comparable_name
    where
        {{ leaves_names_out() }}
        and regexp_matches(people.person_name, '^(?:{{ part }}|\p{Lu}[. ])')
        and (contains(people.person_name, ' ') or people.named_by in ('title', 'salutation'))
        and authority_names.comparable_name is null
    order by people.report_id, people.person_name, name_kind, people.page_number, people.named_by, people.words

)

select * from final
