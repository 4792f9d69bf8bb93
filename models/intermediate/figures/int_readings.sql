-- What a metric is read from: a statement (or the pieces of one that a footnote or a page's turn has parted), as a
-- template. In the template a number is <1>, a date or period {2}, counted through the reading; all else is words.
-- What introduces the reading (section » list's parent » sentence before) stands before it, its numbers without a place.

-- What is longer than a page of a book, or holds dozens of numbers, is no sentence, but a list or table whose lines have lost
-- their ends; its numbers have no words of their own, and to look at each beside each other would take time without bound.
with statements as (

    select * from {{ documents_of(ref('stg_statements')) }}
    where is_whole

),

-- The seeds' own sentences are read as any statement is, so that tests can ask what was read: » parts blocks, | sentences of one.
example_sentences as (

    select
        metric_id || pattern as key,
        example as sentence,
    from {{ ref('metric_patterns') }}
    union all
    select
        concat_ws(' ', metric_id, head, needs) as key,
        example as sentence,
    from {{ ref('metric_rules') }}
    union all
    select
        sentence as key,
        sentence,
    from {{ ref('metric_sentences') }}

),

examples as (

    select
        report_id,
        block_number,
        generate_subscripts(string_split(block_text, ' | '), 1)::integer as sentence_number,
        unnest(string_split(block_text, ' | ')) as statement,
    from (
        select
            'example ' || md5(key) as report_id,
            generate_subscripts(string_split(sentence, ' » '), 1)::integer as block_number,
            unnest(string_split(sentence, ' » ')) as block_text,
        from example_sentences
    )

),

all_statements as (

    select
        statement_id,
        report_id,
        block_number,
        sentence_number,
        statement,
        section_block_number,
        parent_block_number,
        -- What opens small after an unended line, and is no item of a list, goes on with that line's sentence.
        not is_bulleted
        and paragraph_number is null
        and block_kind = 'text'
        and regexp_matches(statement, '^[a-z,(:]')
        and lag(block_kind) over document_order = 'text'
        and not regexp_matches(lag(statement) over document_order, '[.:;!?][’”"'')]*$')
            as continues,
    from statements
    window document_order as (partition by report_id order by block_number, sentence_number)

    union all

    select
        md5(concat_ws('|', report_id, block_number, sentence_number))[:16] as statement_id,
        report_id,
        block_number,
        sentence_number,
        statement,
        null as section_block_number,
        case when block_number > 1 then block_number - 1 end as parent_block_number,
        false as continues,
    from examples

),

-- Lines in small letters can go on for ever: what is longer than a page of a book is no one sentence.
parted as (

    select
        * exclude (continues),
        coalesce(sum(length(statement)) over (
            partition by report_id, sentence_run order by block_number, sentence_number
            rows between unbounded preceding and 1 preceding
        ), 0) // {{ var('longest_reading') }} as part,
    from (
        select
            *,
            sum((not coalesce(continues, false))::integer) over (
                partition by report_id order by block_number, sentence_number
            ) as sentence_run,
        from all_statements
    )

),

worded as (

    select
        *,
        {{ plain_wording('statement') }} as wording,
        first_value(statement_id) over (
            partition by report_id, sentence_run, part order by block_number, sentence_number
        ) as reading_id,
    from parted

),

split_wordings as (

    select
        * exclude (wording),
        regexp_extract_all(wording, '{{ number_mentions() }}') as mentions,
        string_split_regex(wording, '{{ number_mentions() }}') as words_between,
    from worded

),

final as (

    select
        reading_id,
        statement_id,
        report_id,
        block_number,
        sentence_number,
        section_block_number,
        parent_block_number,
        mentions,
        words_between,
        -- Mentions in the earlier pieces of the same reading.
        coalesce(sum(len(mentions)) over (
            partition by report_id, reading_id order by block_number, sentence_number
            rows between unbounded preceding and 1 preceding
        ), 0)::integer as mentions_before,
    from split_wordings
    qualify sum(len(mentions)) over (partition by report_id, reading_id) <= {{ var('most_numbers') }}

)

select * from final
