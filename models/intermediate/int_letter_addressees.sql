-- To whom a letter is written: the name and post in the lines above the salutation.

with front_lines as (

    select * from {{ ref('int_front_lines') }}

),

salutations as (

    select
        report_id,
        min(front_line_number) as salutation_line,
        min_by(clean_text, front_line_number) as salutation,
    from front_lines
    where regexp_matches(lower(clean_text), '^dear ')
    group by report_id

),

above as (

    select
        front_lines.report_id,
        front_lines.front_line_number,
        front_lines.clean_text,
        salutations.salutation,
        lead(front_lines.clean_text) over (
            partition by front_lines.report_id order by front_lines.front_line_number
        ) as next_text,
    from front_lines
    inner join salutations using (report_id)
    where front_lines.front_line_number < salutations.salutation_line

),

final as (

    -- The line of the name ends with the surname that the salutation repeats.
    select
        report_id,
        min_by(regexp_replace(clean_text, ',.*$', ''), front_line_number) as addressee,
        min_by(
            case when contains(clean_text, ',') then trim(regexp_replace(clean_text, '^[^,]*,', '')) else next_text end,
            front_line_number
        ) as addressee_post,
    from above
    where
        regexp_matches(clean_text, '^[A-Z][A-Za-z''’-]+ .*[A-Za-z]')
        and contains(
            {{ comparable_name("regexp_replace(clean_text, ',.*$', '')") }},
            {{ comparable_name("regexp_extract(salutation, '(\S+?)[,.]?$', 1)") }}
        )
    group by report_id

)

select * from final
