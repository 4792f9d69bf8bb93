select * from rejected_documents
order by file_name, reason
