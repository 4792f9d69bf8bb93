-- Who is responsible for an area, from the table that has a column for each: its head, the body's name, who leads it. Where a
-- cell names several bodies, who leads which is not told.

with cells as (

    select
        cells.report_id,
        cells.page_number,
        cells.table_number,
        cells.row_number,
        cells.column_number,
        cells.printed_page,
        trim(regexp_replace(replace(cells.cell_text, '''', '’'), '(?i)^names? of [^:]{1,60}: ?', '')) as words,
        lower(words) as small_words,
    from {{ documents_of(ref('stg_whole_table_cells')) }} as cells
    inner join {{ documents_of(ref('int_report_frameworks')) }} as reports using (report_id)
    where reports.has_typed_facts and cells.is_read and cells.cell_text != ''

),

partner_headings as (

    select * from {{ ref('partner_headings') }}

),

no_names as (

    select list(word) as words
    from {{ ref('no_name_words') }}
    where kind != 'place'

),

-- A table whose first row is nothing but such heads.
heads as (

    select
        cells.report_id,
        cells.page_number,
        cells.table_number,
        cells.column_number,
        partner_headings.partner_type,
    from cells
    left join partner_headings on cells.small_words = partner_headings.printed_heading
    where cells.row_number = 1
    window whole_table as (partition by cells.report_id, cells.page_number, cells.table_number)
    qualify count(*) over whole_table > 1 and count(partner_headings.partner_type) over whole_table = count(*) over whole_table

),

columns as (

    select
        heads.*,
        names.printed_page,
        names.words as printed_names,
        leads.words as printed_lead,
    from heads
    inner join cells as names
        on
            heads.report_id = names.report_id
            and heads.page_number = names.page_number
            and heads.table_number = names.table_number
            and heads.column_number = names.column_number
            and names.row_number = 2
    left join cells as leads
        on
            heads.report_id = leads.report_id
            and heads.page_number = leads.page_number
            and heads.table_number = leads.table_number
            and heads.column_number = leads.column_number
            and leads.row_number = 3

),

-- "Upper Vale ICB and Lower Vale ICB" are two bodies, "Upper and Lower Vale Integrated Care Board" is one.
bodies as (

    select
        *,
        generate_subscripts(names, 1) as place,
        len(names) as name_count,
        trim(unnest(names), ' .,') as partner_name,
    from (
        select
            *,
            string_split_regex(
                regexp_replace(printed_names, '(?i)\b(ICB|board|council|group|trust|authority),? (?:and|&) (\pL.*\b(?:ICB|board|council|group|trust|authority))\b', '\1;\2'),
                '\s*;\s*'
            ) as names,
        from columns
    )

),

-- A name ends at a comma, a dash or the first word that is of a post.
leads as (

    select
        bodies.*,
        regexp_replace(bodies.printed_lead, '^{{ person_title() }} ', '') as untitled_lead,
        array_to_string(
            list_transform(
                string_split(regexp_replace(untitled_lead, '\s*[,(]\s*|\s+[–-]\s+', ' | ', 'g'), ' '),
                lambda word: if(
                    list_contains(no_names.words, lower(rtrim(word, '.'))) or regexp_full_match(word, '\p{Lu}{2,}'), '|', word
                )
            ), ' '
        ) as marked_lead,
        trim(regexp_extract(marked_lead, '^[^|]*')) as name_found,
    from bodies
    cross join no_names

),

final as (

    select
        report_id,
        partner_name,
        partner_type,
        case when name_count = 1 and regexp_full_match(name_found, '{{ person_name() }}') then name_found end as lead_person,
        case
            when lead_person is not null
                then nullif(ltrim(regexp_replace(untitled_lead[length(name_found) + 1:], '^\W*(?:(?:[OMCKD]BE|QPM)\b)?', ''), ' ,()–-'), '')
        end as lead_post,
        printed_page as page_number,
        concat_ws(' ', printed_names, if(name_count = 1, printed_lead, null)) as quote,
    from leads
    where partner_name != ''
    qualify row_number() over (partition by report_id, partner_name order by page_number, table_number, column_number, place) = 1

)

select * from final
