-- The same metric of the same authority at the same date, with two values: within a document, or between two.

-- "fell from 79 weeks to 41, and is now 21" disagrees with no page that says one of them.
with statement_values as (

    select
        report_id,
        authority_id,
        metric_id,
        quote,
        list(value) as values_of_statement,
    from {{ ref('fct_metric_observations') }}
    group by report_id, authority_id, metric_id, quote

),

observations as (

    select
        figures.*,
        reports.is_primary,
        reports.file_name,
        -- A count of twelve months is another thing than one of now; the day of the inspection is a day like any other.
        if(figures.period_kind = 'inspection', 'at', figures.period_kind) as span,
        statement_values.values_of_statement,
    from {{ ref('int_comparable_figures') }} as figures
    inner join {{ ref('int_reports') }} as reports using (report_id)
    inner join statement_values
        on
            figures.report_id = statement_values.report_id
            and figures.authority_id = statement_values.authority_id
            and figures.metric_id = statement_values.metric_id
            and figures.quote = statement_values.quote
    where figures.period_kind not in ('since_last_inspection', 'other')

),

-- Of each value the first place where the document states it.
stated_values as (

    select
        *,
        row_number() over (
            partition by report_id, authority_id, metric_id, period_end, span, period_start order by page_number, observation_id
        ) as value_order,
    from observations
    qualify row_number() over (
        partition by report_id, authority_id, metric_id, period_end, span, period_start, value
        order by page_number, observation_id
    ) = 1

),

-- The value that the document states first, against each other that it states later.
within_documents as (

    select
        'two_values_in_a_document' as kind,
        one.metric_name,
        one.value,
        another.value as other_value,
        greatest(one.rounding_error, another.rounding_error) as rounding_error,
        one.metric_id,
        one.authority_id,
        one.period_end,
        one.report_id,
        one.page_number,
        one.quote,
        another.report_id as other_report_id,
        another.page_number as other_page_number,
        another.quote as other_quote,
    from stated_values as one
    inner join stated_values as another
        on
            one.report_id = another.report_id
            and one.authority_id = another.authority_id
            and one.metric_id = another.metric_id
            and one.period_end = another.period_end
            and one.span = another.span
            and one.period_start is not distinct from another.period_start
    where
        one.value_order = 1
        and another.value_order > 1
        and not list_contains(one.values_of_statement, another.value)
        and not list_contains(another.values_of_statement, one.value)

),

-- Two documents disagree where no value of the one is a value of the other. England's figures come from many sources.
between_documents as (

    select
        'two_values_in_two_documents' as kind,
        one.metric_name,
        one.value,
        another.value as other_value,
        greatest(one.rounding_error, another.rounding_error) as rounding_error,
        one.metric_id,
        one.authority_id,
        one.period_end,
        one.report_id,
        one.page_number,
        one.quote,
        another.report_id as other_report_id,
        another.page_number as other_page_number,
        another.quote as other_quote,
    from stated_values as one
    inner join stated_values as another
        on
            one.authority_id = another.authority_id
            and one.metric_id = another.metric_id
            and one.period_end = another.period_end
            and one.file_name < another.file_name
            and one.report_id != another.report_id
    where
        one.is_primary
        and another.is_primary
        and one.authority_id not in ('unknown', 'E92000001')
        and one.period_kind in ('at', 'year')
        and another.period_kind in ('at', 'year')
    window pair_of_documents as (
        partition by one.report_id, another.report_id, one.authority_id, one.metric_id, one.period_end
    )
    qualify
        not bool_or(one.value = another.value) over pair_of_documents
        and row_number() over (
            pair_of_documents order by one.page_number, one.observation_id, another.page_number, another.observation_id
        ) = 1

),

final as (

    select
        kind,
        concat_ws('|', report_id, other_report_id, authority_id, metric_id, period_end, value, other_value) as place,
        metric_name || ' at ' || strftime(period_end, '%-d %B %Y') || ': '
        || {{ plain_number('value') }} || ' and ' || {{ plain_number('other_value') }} as what,
        abs(value - other_value) as size,
        false as is_explained_by_rounding,
        metric_id,
        authority_id,
        report_id,
        page_number,
        quote,
        other_report_id,
        other_page_number,
        other_quote,
    from (
        select * from within_documents
        union all
        select * from between_documents
    )
    -- 87 is 86.9, rounded.
    where abs(value - other_value) > rounding_error + 1e-9

)

select * from final
