-- Documents and rows by framework and year, where the examples are what was landed; elsewhere nothing is compared.

with expected as (

    select * from {{ ref('expected_counts') }}

),

found as (

    select * from {{ ref('int_row_counts') }}

),

final as (

    select
        relation,
        framework_id,
        year,
        expected.row_count as expected_rows,
        found.row_count as found_rows,
    from expected
    full outer join found using (corpus, relation, framework_id, year)
    where
        expected.row_count is distinct from found.row_count
        and (select min(corpus) from expected) = (select min(corpus) from found)

)

select * from final
