-- A page's running text in one line, as a pattern reads it and as a quote shows it.

with page_lines as (

    select *
    from {{ documents_of(ref('stg_lines')) }}
    where line_kind in ('text', 'heading') and marked_text != ''

),

joined as (

    select
        report_id,
        page_number,
        string_agg(marked_text, ' ' order by line_number) as marked_flow,
    from page_lines
    group by report_id, page_number

),

final as (

    select
        report_id,
        page_number,
        {{ one_line(without_marks('marked_flow')) }} as flow,
    from joined

)

select * from final
