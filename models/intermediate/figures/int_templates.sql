-- A reading as the patterns see it: its words, with <1> for a number and {2} for a date or period, and before it what
-- introduces it: section » list's parent » the sentence before. The introduction's numbers have no place: <> and {}.

with readings as (

    select * from {{ documents_of(ref('int_readings')) }}

),

numbers as (

    select * from {{ documents_of(ref('int_numbers')) }}

),

filled as (

    select
        statement_id,
        string_agg(
            case kind
                when 'number' then '<' || position || '>'
                when 'period' then '{' || position || '}'
                else mention
            end || words_after, '' order by position
        ) as filled_words,
        count(*) filter (where kind = 'number') as number_count,
    from numbers
    group by statement_id

),

pieces as (

    select
        readings.*,
        readings.words_between[1] || coalesce(filled.filled_words, '') as piece,
        coalesce(filled.number_count, 0) as number_count,
    from readings
    left join filled using (statement_id)

),

-- Few are in pieces, and to put each together in order takes its time.
parted as (

    select distinct reading_id
    from pieces
    where statement_id != reading_id

),

templates as (

    select
        reading_id,
        report_id,
        block_number,
        sentence_number,
        section_block_number,
        parent_block_number,
        piece as template,
        number_count::integer as number_count,
    from pieces
    anti join parted using (reading_id)

    union all

    select
        reading_id,
        report_id,
        min(block_number) as block_number,
        min_by(sentence_number, (block_number, sentence_number)) as sentence_number,
        any_value(section_block_number) as section_block_number,
        min_by(parent_block_number, (block_number, sentence_number)) as parent_block_number,
        string_agg(piece, ' ' order by block_number, sentence_number) as template,
        sum(number_count)::integer as number_count,
    from pieces
    semi join parted using (reading_id)
    group by report_id, reading_id

),

-- A block introduces with all that is read in it, pieces that footnotes have parted joined again.
blocks as ( -- noqa: ST03

    select
        report_id,
        block_number,
        regexp_replace(string_agg(template, ' ' order by reading_order), '([<{])\d+', '\1', 'g')[:{{ var('longest_introduction') }}]
            as introduction,
    from (
        select distinct
            pieces.report_id,
            pieces.block_number,
            templates.template,
            (templates.block_number, templates.sentence_number) as reading_order,
        from pieces
        inner join templates using (reading_id)
    )
    group by report_id, block_number

),

final as (

    select
        templates.reading_id,
        templates.report_id,
        templates.block_number,
        templates.sentence_number,
        templates.section_block_number,
        templates.parent_block_number,
        templates.template,
        -- The sentence before, also where it ends the block before.
        case
            when
                lag(templates.section_block_number) over in_document is not distinct from templates.section_block_number
                then lag(templates.reading_id) over in_document
        end as previous_reading_id,
        coalesce(lag(templates.block_number) over in_document = templates.block_number, false) as follows_in_block,
        coalesce(sections.introduction || ' » ', '')
        || coalesce(parents.introduction || ' » ', '')
        || coalesce(regexp_replace(lag(templates.template) over in_block, '([<{])\d+', '\1', 'g') || ' » ', '')
            as introduction,
        templates.number_count,
    from templates
    left join blocks as sections
        on templates.report_id = sections.report_id and templates.section_block_number = sections.block_number
    left join blocks as parents
        on templates.report_id = parents.report_id and templates.parent_block_number = parents.block_number
    window in_block as (
        partition by templates.report_id, templates.block_number order by templates.sentence_number
    ),
    in_document as (partition by templates.report_id order by templates.block_number, templates.sentence_number)

)

select * from final
