{#- A person's name with title and honours, as an address prints it. -#}
{%- set title = "(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Prof|Professor|Cllr|Councillor)\\.? " -%}
{%- set honours = "(?: (?:OBE|MBE|CBE|DBE|KBE|QPM|DL|QC|KC|JP))*" -%}
{%- set person = "(?:" ~ title ~ ")?\\p{Lu}[\\p{L}’''-]*\\.?(?: \\p{Lu}[\\p{L}’''-]*\\.?){0,2}(?: (?:de|la|van|der|von|le)){0,2} \\p{Lu}[\\p{L}’''-]+" ~ honours -%}
{%- set post = "(?:(?:Interim|Acting|Executive|Strategic|Corporate|Group|Deputy|Joint|Assistant|Service|Statutory|Managing|The) )*(?:Director|Chief|Head|Leader|Commissioner|Officer|Manager|Lead|DCS)s?\\b" -%}
-- To whom a letter is written: the name and post in the lines above the salutation, of each person whom it greets.

with front_lines as (

    select * from {{ ref('int_front_lines') }}

),

words_of_no_name as (

    select list(word) as words
    from {{ ref('words_of_no_name') }}

),

salutations as (

    select
        report_id,
        min(front_line_number) as salutation_line,
        string_split_regex(
            regexp_replace(min_by(clean_text, front_line_number), '(?i)^dear\s+', ''), '(?i)\s*(?:,|&|/|\band\b)\s*'
        ) as greeted,
    from front_lines
    where {{ is_salutation('clean_text') }}
    group by report_id

),

greetings as (

    select
        report_id,
        salutation_line,
        place,
        {{ name_words("regexp_replace(greeting, '^" ~ title ~ "', '')") }} as greeted_words,
    from (
        select
            report_id,
            salutation_line,
            generate_subscripts(greeted, 1) as place,
            unnest(greeted) as greeting,
        from salutations
    )
    where greeting != ''

),

address_lines as (

    select
        front_lines.report_id,
        front_lines.front_line_number,
        front_lines.clean_text,
        lead(front_lines.clean_text) over address as next_text,
        lead(front_lines.clean_text, 2) over address as text_after,
        -- "Ann Lee, Director …", "Ann Lee Director …"; "Ann Lee and Bo Ray".
        regexp_extract(front_lines.clean_text, '^({{ person }})(?:,? (?:and|&) ({{ person }}))?\s*[ ,–-]\s*({{ post }}.*)$', ['name', 'other', 'post'])
            as with_post,
        regexp_extract(front_lines.clean_text, '^({{ person }})(?:,? (?:and|&) ({{ person }}))?\s*(?:,.*)?$', ['name', 'other'])
            as without_post,
    from front_lines
    inner join salutations using (report_id)
    where front_lines.front_line_number < salutations.salutation_line
    window address as (partition by front_lines.report_id order by front_lines.front_line_number)

),

people as (

    select
        * exclude (words),
        {{ name_words('person_name') }} as name_words,
    from (
        select
            report_id,
            front_line_number,
            unnest([
                coalesce(nullif(with_post.name, ''), without_post.name),
                if(with_post.name != '', with_post.other, without_post.other)
            ]) as person_name,
            coalesce(
                nullif(with_post.post, ''),
                nullif(regexp_extract(clean_text, ',\s*(.*\b{{ post }}.*)$', 1), ''),
                case
                    when regexp_matches(next_text, '(?i)\b(directors?|executives?|head of|chief|commissioner|leader|manager|lead|dcs)\b')
                        -- A post can go on in the next line.
                        then
                            next_text
                            || case
                                when
                                    regexp_matches(next_text, '(?i)(,|&|\b(and|of|for))$')
                                    or regexp_matches(text_after, '^(and|of|for|&) ')
                                    then ' ' || text_after
                                else ''
                            end
                end
            ) as post,
        from address_lines
    )
    cross join words_of_no_name
    where
        person_name != ''
        and not regexp_matches(person_name, '{{ post }}')
        and not list_has_any({{ name_words('person_name') }}, words_of_no_name.words)

),

-- The line that holds most of the greeted name, and the first of such.
greeted_people as (

    select
        greetings.report_id,
        greetings.place,
        people.person_name,
        people.post,
    from greetings
    inner join people
        on
            greetings.report_id = people.report_id
            and list_has_any(greetings.greeted_words, people.name_words)
    qualify
        row_number() over (
            partition by greetings.report_id, greetings.place
            order by len(list_intersect(greetings.greeted_words, people.name_words)) desc, people.front_line_number
        ) = 1

),

-- "Dear Sal": who else stands first with a post.
first_people as (

    select
        people.report_id,
        1 as place,
        people.person_name,
        people.post,
    from people
    where
        people.post is not null
        and people.report_id not in (select report_id from greeted_people)
        and people.report_id not in (
            select report_id from greetings where list_has_any(greeted_words, ['partnership', 'partners', 'board', 'colleagues', 'all'])
        )
    qualify row_number() over (partition by people.report_id order by people.front_line_number) = 1

),

final as (

    select
        report_id,
        string_agg(person_name, '; ' order by place) as addressee,
        string_agg(post, '; ' order by place) as addressee_post,
    from (
        select
            report_id,
            person_name,
            min(place) as place,
            min_by(post, place) as post,
        from (
            from greeted_people
            union all
            from first_people
        )
        group by report_id, person_name
    )
    group by report_id

)

select * from final
