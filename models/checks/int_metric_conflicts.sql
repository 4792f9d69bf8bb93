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
        -- What happened over twelve months is another thing than what happened over a year; an annual report is of its year. What there
        -- is at the end of a year is there that day, and on the day of the inspection as on any other.
        case
            when not figures.is_flow then if(figures.period_kind = 'last_12_months', 'last_12_months', 'at')
            when figures.period_kind = 'inspection' and reports.reporting_year_end is not null then 'year'
            else figures.period_kind
        end as span,
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
            partition by report_id, authority_id, metric_id, period_end, span order by page_number, observation_id
        ) as value_order,
    from observations
    qualify row_number() over (
        partition by report_id, authority_id, metric_id, period_end, span, value
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
    where
        one.value_order = 1
        and another.value_order > 1
        and not list_contains(one.values_of_statement, another.value)
        and not list_contains(another.values_of_statement, one.value)

),

-- England's figures come from many sources.
comparable as (

    select
        *,
        first_value(report_id) over same_figure as first_report_id,
        row_number() over (same_figure rows between unbounded preceding and current row) as value_order,
    from (select * exclude (value_order) from stated_values)
    where is_primary and authority_id not in ('unknown', 'E92000001') and period_kind in ('at', 'year')
    window same_figure as (
        partition by authority_id, metric_id, period_end order by file_name, report_id, page_number, observation_id
    )

),

first_documents as (

    select * from comparable
    where report_id = first_report_id

),

-- A document disagrees with the first that gives the figure where no value of the one is a value of the other.
disagreeing as (

    select comparable.*
    from comparable
    left join first_documents using (authority_id, metric_id, period_end, value)
    where comparable.report_id != comparable.first_report_id
    window same_document as (partition by comparable.report_id, authority_id, metric_id, period_end)
    qualify
        not bool_or(first_documents.report_id is not null) over same_document
        and row_number() over (same_document order by comparable.value_order) = 1

),

-- Of each value the first document that disagrees by it: there are as many disagreements as values, and not as pairs.
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
    from first_documents as one
    inner join disagreeing as another
        on
            one.authority_id = another.authority_id
            and one.metric_id = another.metric_id
            and one.period_end = another.period_end
    where one.value_order = 1
    qualify row_number() over (
        partition by one.authority_id, one.metric_id, one.period_end, another.value order by another.value_order
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
