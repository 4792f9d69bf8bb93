-- Real authorities and those of the example reports, in one shape.

with authorities as (

    select
        *,
        false as is_example,
    from {{ ref('authorities') }}

),

example_authorities as (

    select
        *,
        true as is_example,
    from {{ ref('example_authorities') }}

),

final as (

    select * from authorities
    union all by name
    select * from example_authorities

)

select * from final
