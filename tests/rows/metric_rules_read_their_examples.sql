-- Each row of metric_rules that reads sentences reads its own example as the value that the row expects.

with rules as (

    select * from {{ ref('metric_rules') }}
    where not heads_only

),

verdicts as (

    select * from {{ ref('int_figure_verdicts') }}
    where verdict = 'taken'

),

numbers as (

    select * from {{ ref('int_numbers') }}

)

select
    rules.metric_id,
    rules.head,
    rules.example,
    rules.expected,
    list(numbers.value) as values_read,
from rules
left join verdicts
    on
        verdicts.report_id = 'example ' || md5(concat_ws(' ', rules.metric_id, rules.head, rules.needs))
        and rules.metric_id = verdicts.metric_id
left join numbers on verdicts.reading_id = numbers.reading_id and verdicts.position = numbers.position
group by all
having not coalesce(bool_or(numbers.value = rules.expected), false)
