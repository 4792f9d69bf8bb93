-- The words of each sentence that states a figure, and of what introduces it: a number is "#", a date "@", a sign a word
-- of its own. Hyphens part words, apostrophes do not.

with templates as (

    select * from {{ documents_of(ref('int_templates')) }}

),

with_figures as (

    select * from templates
    where number_count > 0

),

introductions as (

    select previous_reading_id as reading_id
    from with_figures

    union

    select templates.reading_id
    from templates
    semi join (
        select
            report_id,
            unnest([parent_block_number, section_block_number]) as block_number,
        from with_figures
    ) as introducing using (report_id, block_number)

    union

    select reading_id
    from with_figures

),

final as (

    select
        templates.report_id,
        templates.reading_id,
        string_split(
            trim(regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(regexp_replace(regexp_replace(replace(template, '&', 'and'), '[''"]', '', 'g'), '([a-z]{4})\d\b', '\1', 'g'), '(\d) ?-+ ?(?:to )?(\d)', '\1 to \2', 'g'),
                        '(\w)[-/](\w)|(\w)- ', '\1\3 \2', 'g'
                    ),
                    '([,;:.()!?%*•·-]|<\d+>|\{\d+\})', ' \1 ', 'g'
                ),
                '  +', ' ', 'g'
            )),
            ' '
        ) as words,
    from templates
    inner join introductions using (reading_id)

)

select * from final
