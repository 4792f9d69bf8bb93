with contexts as (

    select * from {{ ref('int_number_contexts') }}

),

numbers as (

    select * from {{ ref('int_numbers') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

statements as (

    select * from {{ ref('stg_statements') }}

),

table_figures as (

    select * from {{ ref('int_table_figures') }}

),

table_heads as (

    select * from {{ ref('int_table_heads') }}

),

table_observations as (

    select
        table_figure_id,
        min(metric_id) as metric_id,
    from {{ ref('int_table_observations') }}
    group by table_figure_id

),

-- The rows of tables whose cells are read one by one.
read_rows as (

    select statement_id
    from statements
    semi join table_figures using (report_id, page_number)
    where block_kind = 'table'

),

observations as (

    select
        reading_id,
        position,
        min(metric_id) as metric_id,
    from {{ ref('int_metric_periods') }}
    group by reading_id, position

),

stated as (

    select
        reading_id,
        statement_id,
        report_id,
        position,
        mention,
        value,
        unit,
        qualifier,
        period_position,
    from contexts
    -- "one of them", "both", "no one": words more often than figures.
    where value is not null and not regexp_matches(mention, '^(one|no|none|both|all|neither|nil)\b')

),

-- "72 hours", "45 working days", "a 26-week limit": lengths of time that are part of a phrase.
spans as (

    select
        reading_id,
        statement_id,
        report_id,
        position,
        mention,
        regexp_extract(mention, '^\d+')::double as value,
        regexp_extract(mention, '(hour|day|week|month|year|mile)s?$', 1) || 's' as unit,
        'exact' as qualifier,
        null::integer as period_position,
    from numbers
    where kind = 'reference' and regexp_matches(mention, '^\d{1,3}[ -](working[ -])?(hour|day|week|month|year|mile)s?$')

),

in_sentences as (

    select
        md5(concat_ws('|', quantities.report_id, quantities.statement_id, quantities.position))[:16] as quantity_id,
        quantities.report_id,
        quantities.value,
        quantities.unit,
        quantities.qualifier,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        observations.metric_id,
        statements.statement,
        statements.quote,
        statements.section,
        statements.page_number,
    from (
        select * from stated
        union all by name
        select * from spans
    ) as quantities
    inner join statements using (statement_id)
    anti join read_rows on quantities.statement_id = read_rows.statement_id
    left join periods
        on quantities.reading_id = periods.reading_id and quantities.period_position = periods.position
    left join observations
        on quantities.reading_id = observations.reading_id and quantities.position = observations.position
    -- A number that is all of its statement is a list's or a page's.
    where regexp_matches(statements.statement, '(?s)[^\d\W].*[^\d\W]')

),

in_tables as (

    select
        md5(table_figures.table_figure_id)[:16] as quantity_id,
        table_figures.report_id,
        table_figures.value,
        coalesce(table_figures.printed_unit, table_heads.stated_unit, 'count') as unit,
        table_figures.qualifier,
        table_heads.period_kind,
        table_heads.period_start,
        table_heads.period_end,
        table_observations.metric_id,
        table_figures.quote as statement,
        table_figures.quote,
        null as section,
        table_figures.page_number,
    from table_figures
    inner join table_heads using (report_id, row_label, column_head, band, table_words)
    left join table_observations using (table_figure_id)
    -- A number without a row's or a column's words says nothing.
    where regexp_matches(table_figures.row_label || table_figures.column_head, '[[:alpha:]]')

),

final as (

    select * from in_sentences
    union all
    select * from in_tables

)

select * from final
