-- The authority that a document is about, from its title, else from the words at its head. Never guessed: two names that
-- do not lie within each other, or none, leave it unknown.

with front_texts as (

    select * from {{ ref('int_front_texts') }}

),

dates as (

    select * from {{ ref('int_report_dates') }}

),

names as (

    select * from {{ ref('int_authority_names') }}

),

places as (

    select
        report_id,
        1 as place_order,
        {{ comparable_name('title_text') }} as place_text,
    from front_texts

    union all

    select
        report_id,
        2 as place_order,
        {{ comparable_name('front_text') }} as place_text,
    from front_texts

),

mentions as (

    select
        places.report_id,
        places.place_order,
        places.place_text,
        names.authority_id,
        names.comparable_name,
    from places
    inner join names on contains(places.place_text, names.comparable_name)
    left join dates using (report_id)
    -- Of namesakes, the one that existed when the document was made.
    where
        coalesce(dates.document_date >= names.in_existence_from, true)
        and coalesce(dates.document_date < names.abolished_on, true)

),

-- Gloucestershire in South Gloucestershire is no mention of Gloucestershire.
own_mentions as (

    select mentions.*
    from mentions
    left join mentions as longer
        on
            mentions.report_id = longer.report_id
            and mentions.place_order = longer.place_order
            and length(longer.comparable_name) > length(mentions.comparable_name)
            and contains(longer.comparable_name, mentions.comparable_name)
            and not contains(
                replace(mentions.place_text, longer.comparable_name, ' | '), mentions.comparable_name
            )
    where longer.authority_id is null

),

by_place as (

    select
        report_id,
        place_order,
        count(distinct authority_id) as authorities_named,
        min(authority_id) as authority_id,
        string_agg(distinct trim(comparable_name), ', ' order by trim(comparable_name)) as names_found,
    from own_mentions
    group by report_id, place_order

),

first_place as (

    select *
    from by_place
    qualify row_number() over (partition by report_id order by place_order) = 1

),

final as (

    select
        front_texts.report_id,
        case when first_place.authorities_named = 1 then first_place.authority_id else 'unknown' end as authority_id,
        coalesce(first_place.authorities_named, 0) as authorities_named,
        first_place.names_found,
    from front_texts
    left join first_place using (report_id)

)

select * from final
