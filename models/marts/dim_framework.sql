with frameworks as (

    select * from {{ ref('frameworks') }}

),

final as (

    select
        framework_id,
        framework_name,
        short_name,
        abbreviation,
        document_type,
        has_typed_facts,
        figures_are_read,
        grade_scale_id,
        in_use_from::date as in_use_from,
        in_use_to::date as in_use_to,
        note,
    from frameworks

)

select * from final
