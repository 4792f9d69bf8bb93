-- Every cell of a board's table that reads like a sign of attendance, before it is known whether the table is one of attendance.

with cells as (

    select * from {{ ref('int_board_cells') }}

),

signs as (

    select
        case
            when starts_with(mark, 'U+') then chr(('0x' || mark[3:])::integer)
            else mark
        end as mark,
        meaning,
        is_settled,
    from {{ ref('board_attendance_marks') }}

),

meanings as (

    select string_agg(pattern, '|') as any_meaning
    from {{ ref('board_attendance_meanings') }}

),

spelled as (

    select
        *,
        trim(regexp_replace(lower(cell_text), '[{{ note_signs() }}.]+$', '')) as words,
    from cells

),

read as (

    select
        *,
        case
            -- A tick with a letter in brackets: the deputy came.
            when regexp_matches(words, '^(✓|✔|√|1|y|yes|p|ü)\s*[-–(/]+\s*(d|dep|deputy|s|sub|substitute)\)?$') then 'deputy'
            else regexp_replace(words, '(^[(\[]|[)\]]$|\s+)', '', 'g')
        end as sign,
    from spelled

),

final as (

    select
        read.board_table_id,
        read.is_turned,
        read.row_number,
        read.column_number,
        read.cell_text,
        coalesce(by_words.mark, by_sign.mark, read.words) as mark,
        coalesce(by_words.meaning, by_sign.meaning) as usual_meaning,
        coalesce(by_words.is_settled, by_sign.is_settled, false) as is_settled,
        coalesce(by_words.mark, by_sign.mark) is not null as is_sign,
        -- "Apologies received": a few words that say whether somebody came.
        coalesce(by_words.mark, by_sign.mark) is null
        and length(read.words) <= 40
        and regexp_matches(read.words, meanings.any_meaning) as is_phrase,
    from read
    cross join meanings
    left join signs as by_words on read.words = by_words.mark
    left join signs as by_sign on read.sign = by_sign.mark
    where read.cell_text != ''

)

select * from final
