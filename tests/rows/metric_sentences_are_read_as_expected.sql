-- Each row of metric_sentences is read as the figures that the row expects, and as no others.

with sentences as (

    select * from {{ ref('metric_sentences') }}

),

readings as (

    select
        periods.*,
        statements.block_number,
        statements.sentence_number,
    from {{ ref('int_metric_periods') }} as periods
    inner join {{ ref('int_readings') }} as statements using (report_id, statement_id)

),

read_sentences as (

    select
        report_id,
        string_agg(
            concat_ws(' ', metric_id, printf('%g', value), period_kind, period_end, nullif(geography, 'authority')), '; '
            order by block_number, sentence_number, position, metric_id
        ) as readings,
    from readings
    where starts_with(report_id, 'example ')
    group by report_id

)

select
    sentences.sentence,
    sentences.readings as expected,
    read_sentences.readings,
from sentences
left join read_sentences on 'example ' || md5(sentences.sentence) = read_sentences.report_id
where sentences.readings is distinct from read_sentences.readings
