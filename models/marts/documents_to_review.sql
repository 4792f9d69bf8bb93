-- What a person should look at: the warehouse says what it could not tell rather than guess.

with reports as (

    select * from {{ ref('int_reports') }}

),

frameworks as (

    select * from {{ ref('frameworks') }}

),

limits_reached as (

    select * from {{ ref('int_limits_reached') }}

),

doubts as (

    select
        report_id,
        unnest(
            list_filter(
                [
                    case when reports.framework_id = 'other' then 'its title is of no kind that the catalogue knows' end,
                    case
                        when authority_id = 'unknown' and names_found is null then 'no authority is named at its head'
                        when authority_id = 'unknown' then 'several authorities are named at its head: ' || names_found
                    end,
                    case
                        when reports.document_type in ('inspection report', 'letter') and inspection_start_date is null
                            then 'no inspection date could be read'
                    end,
                    case
                        when inspection_end_date < inspection_start_date then 'its inspection ends before it starts'
                    end,
                    case
                        when reports.inspection_start_date < frameworks.in_use_from - 100
                            or inspection_start_date > frameworks.in_use_to + 100
                            then 'its inspection is outside the years of its framework'
                    end,
                    case
                        when inspection_end_date - inspection_start_date > 120
                            then 'its inspection lasted ' || (inspection_end_date - inspection_start_date) || ' days'
                    end,
                    case
                        when published_date < inspection_end_date then 'it was published before its inspection ended'
                    end,
                ], lambda doubt: doubt is not null
            )
        ) as doubt,
    from reports
    left join frameworks using (framework_id)

    union all

    select
        report_id,
        limit_reached as doubt,
    from limits_reached

),

final as (

    select
        doubts.report_id,
        reports.file_name,
        reports.title,
        doubts.doubt,
    from doubts
    inner join reports using (report_id)

)

select * from final
