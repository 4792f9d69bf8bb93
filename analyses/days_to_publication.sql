/*
Question: how fast are reports published after the inspection?

How to read it: a row for each kind of document and year, with the shortest, the median and the longest number of days from the
last day of the inspection to the day of publication, and the document that took longest.

Caveats: ilacs reports mostly do not print their day of publication; in a folder that was fetched, the day is the one that the inspectorate's
site lists. without_date counts the documents of which neither says it. Documents whose dates are in the wrong order are left out here and
listed in documents_to_review.
*/
with delays as (

    select
        framework_id,
        year(inspection_end_date) as inspection_year,
        file_name,
        published_date - inspection_end_date as days,
    from dim_report
    where is_primary and inspection_end_date is not null and coalesce(published_date >= inspection_end_date, true)

)

select
    framework_id,
    inspection_year,
    count(days) as with_date,
    count(*) - count(days) as without_date,
    min(days) as shortest,
    median(days) as median_days,
    max(days) as longest,
    arg_max(file_name, (days, file_name)) filter (where days is not null) as longest_file,
from delays
group by framework_id, inspection_year
order by framework_id, inspection_year;
