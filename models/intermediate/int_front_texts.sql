with front_lines as (

    select * from {{ ref('int_front_lines') }}

),

texts as (

    select
        report_id,
        string_agg(clean_text, ' ' order by front_line_number) as front_text,
        -- A letter's subject stands between its salutation and its first sentence.
        string_agg(clean_text, ' ' order by front_line_number) filter (
            where not is_past_title and line_kind != 'furniture'
        ) as title_text,
        string_agg(clean_text, ' ' order by front_line_number) filter (
            where is_past_salutation
        ) as text_after_salutation,
    from front_lines
    group by report_id

),

final as (

    select
        report_id,
        front_text,
        trim(
            coalesce(
                nullif(regexp_extract(text_after_salutation, '^(.{5,200}?)\s+(This letter|The visit|I am writing|Following)', 1), ''),
                title_text
            )
        ) as title_text,
    from texts

)

select * from final
