-- The authority that a document is about, from its title, else from its first words, else (no letter, which stands beside
-- addresses) from the rest of its head. Never guessed: two names that do not lie within each other, or none, leave it unknown.

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
        place_order,
        printed_text,
        {{ comparable_name('printed_text') }} as place_text,
    from (
        select
            report_id,
            generate_subscripts(texts, 1) as place_order,
            unnest(texts) as printed_text,
        from (
            select
                report_id,
                [title_text, first_words, if(is_letter, partnership, front_text)] as texts,
            from front_texts
        )
    )

),

-- Held, so that only a place that holds a name is looked at more closely.
held_names as materialized (

    select
        places.*,
        names.authority_id,
        names.comparable_name,
        names.is_trust,
        names.in_existence_from,
        names.abolished_on,
    from places
    inner join names on contains(places.place_text, names.comparable_name)

),

mentions as (

    select *
    from held_names
    where
        -- South Ashmere is another place than Ashmere.
        contains(
            list_reduce(
                [place_text, 'north', 'south', 'east', 'west', 'mid', 'greater'],
                lambda words, side: replace(words, ' ' || side || comparable_name, ' ')
            ), comparable_name
        )
        -- In a sentence a name has a capital: reading is no place.
        and (
            place_order = 1
            or contains(printed_text, upper(comparable_name[2]) || regexp_extract(comparable_name, '^ .([^ ]*)', 1))
            or contains(printed_text, upper(regexp_extract(comparable_name, '[^ ]+')))
        )

),

-- Gloucestershire in South Gloucestershire is no mention of Gloucestershire.
own_mentions as (

    select
        mentions.*,
        bool_and(mentions.is_trust) over (partition by mentions.report_id, mentions.place_order) as names_trusts_only,
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
        own_mentions.report_id,
        own_mentions.place_order,
        -- Of namesakes, the one that existed when the document was made.
        list_distinct(list(own_mentions.authority_id) filter (
            where
            -- A trust's name says whose it is where no authority's stands beside it.
            (own_mentions.names_trusts_only or not own_mentions.is_trust)
            and coalesce(dates.document_date >= own_mentions.in_existence_from, true)
            and coalesce(dates.document_date < own_mentions.abolished_on, true)
        )) as authority_ids,
        string_agg(distinct trim(own_mentions.comparable_name), ', ' order by trim(own_mentions.comparable_name)) as names_found,
    from own_mentions
    left join dates using (report_id)
    group by own_mentions.report_id, own_mentions.place_order

),

first_place as (

    select *
    from by_place
    -- A title can name a trust, or an authority that is gone, where the first words say for whom it works now.
    qualify
        row_number() over (
            partition by report_id order by place_order > 2, coalesce(len(authority_ids), 0) = 0, place_order
        ) = 1

),

final as (

    select
        front_texts.report_id,
        case when len(first_place.authority_ids) = 1 then first_place.authority_ids[1] else 'unknown' end as authority_id,
        coalesce(len(first_place.authority_ids), 0) as authorities_named,
        first_place.names_found,
    from front_texts
    left join first_place using (report_id)

)

select * from final
