{{ config(severity='warn') }}
-- A rule that refuses rows of most documents that are watched: rather a misreading than what all of them say.

with set_aside as (

    select * from {{ ref('facts_set_aside') }}

),

watched as (

    select * from {{ rows_watched() }}

),

refused as (

    select
        relation,
        rule,
        count(*) as row_count,
        count(distinct report_id) as document_count,
        min(what_was_read) as for_example,
    from set_aside
    group by relation, rule

)

select
    refused.*,
    watched.row_count as rows_watched,
    watched.document_count as documents_watched,
from refused
inner join watched using (relation)
where refused.document_count >= 20 and refused.document_count > 0.5 * watched.document_count
