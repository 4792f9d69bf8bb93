-- Figures of one document and date that do not follow from each other, by the metric_relations seed: a rate or percentage
-- from its count, a part from its whole, parts together from their whole.

with relations as (

    select * from {{ ref('metric_relations') }}

),

observations as (

    select * from {{ ref('int_comparable_figures') }}
    where authority_id != 'E92000001'

),

-- What a document says once and for all of a metric and date: a value that it contradicts itself is no ground to stand on.
settled as (

    select *
    from observations
    window same_figure as (partition by report_id, authority_id, metric_id, period_end)
    qualify
        min(value) over same_figure = max(value) over same_figure
        and row_number() over (same_figure order by page_number, observation_id) = 1

),

-- The population is an estimate of some year: it stands for all dates of the document.
denominators as (

    select
        report_id,
        metric_id,
        case when not is_of_all_dates then period_end end as period_end,
        value,
        rounding_error,
        metric_name,
        page_number,
        quote,
    from settled
    qualify
        not is_of_all_dates
        or row_number() over (partition by report_id, metric_id order by page_number, observation_id) = 1

),

shares as (

    select
        'share_does_not_follow' as kind,
        result.metric_id,
        result.authority_id,
        result.report_id,
        result.period_end,
        result.metric_name || ' at ' || strftime(result.period_end, '%-d %B %Y') || ' is given as '
        || {{ plain_number('result.value') }} || ', but ' || {{ plain_number('numerator.value') }} || ' of '
        || {{ plain_number('denominator.value') }} || ' gives '
        || {{ plain_number('round(relations.factor * numerator.value / denominator.value, 1)') }} as what,
        abs(result.value - relations.factor * numerator.value / denominator.value) as size,
        -- How far rounding of the three figures can carry the result; a rate rests on some year's population, which moves by less
        -- than a tenth.
        result.rounding_error
        + relations.factor * (numerator.value + numerator.rounding_error) / (denominator.value - denominator.rounding_error)
        - relations.factor * numerator.value / denominator.value
        + case when relations.relation_kind = 'rate' then 0.1 * result.value else 0 end as allowed,
        -- 33.9 is printed as 33, too: cut off, not rounded.
        floor(relations.factor * numerator.value / denominator.value / (2 * result.rounding_error)) * 2 * result.rounding_error as cut_off,
        result.value,
        result.page_number,
        result.quote,
        numerator.page_number as other_page_number,
        numerator.quote as other_quote,
    from relations
    inner join settled as result on relations.result_metric_id = result.metric_id
    inner join settled as numerator
        on
            relations.numerator_metric_id = numerator.metric_id
            and result.report_id = numerator.report_id
            and result.period_end = numerator.period_end
    inner join denominators as denominator
        on
            relations.denominator_metric_id = denominator.metric_id
            and result.report_id = denominator.report_id
            and result.period_end = coalesce(denominator.period_end, result.period_end)
    where relations.relation_kind in ('rate', 'percent') and denominator.value > 2 * denominator.rounding_error

),

parts as (

    select
        'part_exceeds_whole' as kind,
        part.metric_id,
        part.authority_id,
        part.report_id,
        part.period_end,
        part.metric_name || ' at ' || strftime(part.period_end, '%-d %B %Y') || ' (' || {{ plain_number('part.value') }}
        || ') exceeds ' || whole.metric_name || ' (' || {{ plain_number('whole.value') }} || ')' as what,
        part.value - whole.value as size,
        part.rounding_error + whole.rounding_error as allowed,
        part.page_number,
        part.quote,
        whole.page_number as other_page_number,
        whole.quote as other_quote,
    from relations
    inner join settled as part on relations.numerator_metric_id = part.metric_id
    inner join denominators as whole
        on
            relations.denominator_metric_id = whole.metric_id
            and part.report_id = whole.report_id
            and part.period_end = whole.period_end
    where relations.relation_kind = 'part' and part.value > whole.value

),

parts_together as (

    select
        'parts_exceed_whole' as kind,
        relations.denominator_metric_id as metric_id,
        part.authority_id,
        part.report_id,
        part.period_end,
        string_agg(part.metric_name || ' ' || {{ plain_number('part.value') }}, ', ' order by part.metric_id)
        || ' come to ' || {{ plain_number('sum(part.value)') }} || ', more than ' || any_value(whole.metric_name) || ' ('
        || {{ plain_number('any_value(whole.value)') }} || ') at ' || strftime(part.period_end, '%-d %B %Y') as what,
        sum(part.value) - any_value(whole.value) as size,
        sum(part.rounding_error) + any_value(whole.rounding_error) as allowed,
        min_by(part.page_number, part.metric_id) as page_number,
        min_by(part.quote, part.metric_id) as quote,
        any_value(whole.page_number) as other_page_number,
        any_value(whole.quote) as other_quote,
    from relations
    inner join settled as part on relations.numerator_metric_id = part.metric_id
    inner join denominators as whole
        on
            relations.denominator_metric_id = whole.metric_id
            and part.report_id = whole.report_id
            and part.period_end = whole.period_end
    where relations.relation_kind = 'parts'
    group by relations.denominator_metric_id, part.authority_id, part.report_id, part.period_end
    having sum(part.value) > any_value(whole.value)

),

final as (

    select
        kind,
        concat_ws('|', report_id, metric_id, period_end, size::varchar) as place,
        what,
        round(size, 2) as size,
        size <= allowed as is_explained_by_rounding,
        metric_id,
        authority_id,
        report_id,
        page_number,
        quote,
        report_id as other_report_id,
        other_page_number,
        other_quote,
    from (
        -- A share within its rounding follows from its figures: that is no contradiction.
        select * exclude (cut_off, value)
        from shares
        where size > allowed and coalesce(abs(value - cut_off) > 1e-9, true)
        union all
        select * from parts
        union all
        select * from parts_together
    )

)

select * from final
