select * from build_info
order by build_id
