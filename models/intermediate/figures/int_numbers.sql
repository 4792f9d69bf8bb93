-- Every mention of a number, date or period in a statement, with the words before and after it.

with readings as (

    select * from {{ documents_of(ref('int_readings')) }}

),

number_words as (

    select * from {{ ref('number_words') }}

),

mentions as (

    select
        reading_id,
        statement_id,
        report_id,
        mentions_before + generate_subscripts(mentions, 1)::integer as position,
        unnest(mentions) as mention,
        unnest(words_between[:-2]) as words_before,
        unnest(words_between[2:]) as words_after,
    from readings
    where len(mentions) > 0

),

-- What a mention is, decided once for each different one.
distinct_mentions as (

    select
        mention,
        case
            when regexp_full_match(mention, '{{ period_words() }}') then 'period'
            when regexp_full_match(mention, '(19|20)\d\d') then 'year'
            when regexp_full_match(mention, '{{ plain_numbers() }}') and not regexp_full_match(mention, '{{ reference_words() }}') then 'number'
            else 'reference'
        end as kind,
        try_cast(
            replace(replace(regexp_extract(mention, '^£? ?(\d[\d, ]*(?:\.\d+)?)', 1), ',', ''), ' ', '') as double
        )
        * case
            when regexp_matches(mention, 'million$|mn?$') then 1e6
            when regexp_matches(mention, 'billion$|bn$') then 1e9
            when regexp_matches(mention, 'thousand$|k$') then 1e3
            else 1
        end as digit_value,
        regexp_extract_all(regexp_replace(mention, ' of (whom|which|these|them)$| (but|bar) one.*$', ''), '[a-z]+') as words,
    from (select distinct mention from mentions)

),

-- "one hundred and eighty-three": what stands before "hundred" is multiplied, the rest is added.
word_values as (

    select
        mention,
        sum(
            case
                when number_words.multiplies then 0
                when next_words.multiplies then number_words.value * next_words.value
                else number_words.value
            end
        ) as word_value,
    from (
        select
            mention,
            unnest(words) as word,
            unnest(list_append(words[2:], null)) as next_word,
        from distinct_mentions
        where kind = 'number' and digit_value is null
    )
    inner join number_words using (word)
    left join number_words as next_words on next_word = next_words.word
    group by mention

),

valued as (

    select
        mentions.*,
        case
            -- A small number stuck to a sign or a full stop is a footnote's mark.
            when
                distinct_mentions.kind = 'number'
                and regexp_matches(mentions.words_before, '[%.)]$')
                and regexp_matches(mentions.mention, '^\d{1,2}$')
                then 'reference'
            when distinct_mentions.kind = 'year'
                then
                    case
                        when regexp_matches(mentions.words_after, '^ (children|young people|contacts|referrals|pupils|assessments|incidents|cases)') then 'number'
                        when regexp_matches(mentions.words_before, '(\b(in|during|for|from|by|to|and|of|until|between|than|year|late|early|with|at)|[(,/-]) ?$') then 'period'
                        else 'reference'
                    end
            else distinct_mentions.kind
        end as kind,
        coalesce(distinct_mentions.digit_value, word_values.word_value) as value,
    from mentions
    inner join distinct_mentions using (mention)
    left join word_values using (mention)

),

final as (

    select
        * replace (case when kind = 'number' then value end as value),
        case
            when kind != 'number' then null
            when starts_with(mention, '£') then 'gbp'
            when starts_with(words_after, '%') then 'percent'
            else 'count'
        end as printed_unit,
    from valued

)

select * from final
