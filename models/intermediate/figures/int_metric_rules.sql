-- The rules by which concepts make a metric, with their lists as lists.

with rules as (

    select * from {{ ref('metric_rules') }}

),

final as (

    select
        row_number() over (order by metric_id, head, needs)::integer as rule_number,
        metric_id,
        counts,
        case counts
            when 'share' then 'percent'
            when 'rate' then 'per_10k'
            when 'weeks' then 'weeks'
            when 'days' then 'days'
            else 'count'
        end as figure_unit,
        head,
        [string_split(trim(need), '|') for need in string_split(needs, '+')] as needs,
        list_concat(
            string_split(coalesce(allows, ''), '|'), string_split(replace(coalesce(needs, ''), ' + ', '|'), '|'), [head, 'child', 'person'],
            -- "has improved each year": of a share or a length of time no number by the year.
            case when counts not in ('people', 'events') then ['each_year'] else [] end
        ) as explained,
        string_split(coalesce(never, ''), '|') as never,
        heads_only,
    from rules

)

select * from final
