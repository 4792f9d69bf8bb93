-- Financial years, April to March. What lies outside them is no year that a report can speak of.

with years as (

    select unnest(range(1990, 2051)) as first_year

),

final as (

    select
        printf('%d-%02d', first_year, (first_year + 1) % 100) as year_id,
        make_date(first_year, 4, 1) as starts_on,
        make_date(first_year + 1, 3, 31) as ends_on,
        printf('%d%02d', first_year, (first_year + 1) % 100) as time_period,
    from years

)

select * from final
