{#
    What would come out the same is not made again.

    raw.build_fingerprints keeps, for each table, seed and test, what it was made from: its own code and description, and
    the fingerprints of what it reads. Where nothing of that has changed, a table stays as it is, and a test tells again
    what it found. The fingerprint of the landed documents is of the documents themselves. `--full-refresh`, and another
    version of DuckDB or dbt, make everything again.

    A model whose rows come each from one document (meta `by_document`, the expression that tells which) is made again
    only for the documents that are new, changed or gone.
#}

{#- Of what a node is made from, its parents' fingerprints among it; none where one of these has none. -#}
{% macro fingerprint(made_from, parents) -%}
    {%- set names = parents | sort -%}
    {%- set kept = {} -%}
    {%- if names -%}
        {%- set list = "'" ~ names | join("', '") ~ "'" -%}
        {%- for row in run_query('select node, fingerprint from ' ~ fingerprints() ~ ' where node in (' ~ list ~ ')').rows -%}
            {%- do kept.update({row[0]: row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(local_md5(tojson([made_from, kept], sort_keys=true)) if kept | length == names | length) -%}
{%- endmacro %}


{#- For a model in Python, which dbt lets no materialization of ours make: by these of its columns. -#}
{% macro keep_fingerprint_of_rows(columns) -%}
    {%- if execute -%}
        {%- set rows = 'select row(' ~ columns | join(', ') ~ ')::varchar as row_text from ' ~ this -%}
        {%- set digest = 'select md5(string_agg(row_text order by row_text)) from (' ~ rows ~ ')' -%}
        {%- do forget_fingerprint() -%}
        {%- do keep_fingerprint(run_query(digest).rows[0][0]) -%}
        {%- do keep_fingerprint('as the loaders read it', ' rule') -%}
    {%- endif -%}
{%- endmacro %}


{% macro is_unchanged(made_from) -%}
    {%- do return(
        made_from and not flags.FULL_REFRESH and load_cached_relation(this) is not none and made_from == kept_fingerprint()
    ) -%}
{%- endmacro %}


{% macro kept_fingerprint(of='') -%}
    {%- set rows = run_query('select fingerprint from ' ~ fingerprints() ~ " where node = '" ~ model.unique_id ~ of ~ "'").rows -%}
    {%- do return(rows[0][0] if rows) -%}
{%- endmacro %}


{#- Before a table is made: were the build killed, it would be made again. -#}
{% macro forget_fingerprint() -%}
    {%- do run_query('delete from ' ~ fingerprints() ~ " where node in ('" ~ model.unique_id ~ "', '" ~ model.unique_id ~ " rule')") -%}
{%- endmacro %}


{% macro keep_fingerprint(made_from, of='') -%}
    {%- if made_from -%}
        {%- call statement('fingerprint') -%}
            insert into {{ fingerprints() }} values ('{{ model.unique_id }}{{ of }}', '{{ made_from }}')
        {%- endcall -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
{%- endmacro %}


{#- What tells the document of a model's row; none where a row comes from several. -#}
{% macro column_of_document(unique_id) -%}
    {%- do return(graph.nodes.get(unique_id, {}).get('config', {}).get('meta', {}).get('by_document')) -%}
{%- endmacro %}


{#- The documents whose rows are to be made again; none where all are: another rule, or most documents are others. -#}
{% macro changed_documents(rule) -%}
    {%- if not rule or flags.FULL_REFRESH or load_cached_relation(this) is none or rule != kept_fingerprint(' rule') -%}
        {%- do return(none) -%}
    {%- endif -%}
    {%- set query -%}
        select report_id, held.fingerprint is distinct from landed.fingerprint as is_other
        from (from {{ document_fingerprints() }} where node = '{{ model.unique_id }}') as held
        full join ({{ landed_fingerprints() }}) as landed using (report_id)
        order by report_id
    {%- endset -%}
    {%- set documents = run_query(query).rows -%}
    {%- set others = documents | selectattr('is_other') | map(attribute='report_id') | list -%}
    {%- do return(others if others | length * 2 < documents | length) -%}
{%- endmacro %}


{#- The model's own SQL, reading no other documents than these. -#}
{% macro make_for_documents(by_document, changed) -%}
    {%- set documents = "('" ~ changed | join("', '") ~ "')" -%}
    {%- set restricted = namespace(sql=sql) -%}
    {%- for parent in model.depends_on.nodes if column_of_document(parent) -%}
        {%- set relation = graph.nodes[parent].relation_name -%}
        {%- set rows = '(from ' ~ relation ~ ' where ' ~ column_of_document(parent) ~ ' in ' ~ documents ~ ')' -%}
        {%- set restricted.sql = restricted.sql | replace(relation, rows) -%}
    {%- endfor -%}
    delete from {{ this }} where {{ by_document }} in {{ documents }};
    insert into {{ this }} select * from ({{ restricted.sql }}) where {{ by_document }} in {{ documents }};
{%- endmacro %}


{% macro keep_documents(rule) -%}
    {%- call statement('documents') -%}
        delete from {{ document_fingerprints() }} where node = '{{ model.unique_id }}';
        insert into {{ document_fingerprints() }} select '{{ model.unique_id }}', * from ({{ landed_fingerprints() }});
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {%- do keep_fingerprint(rule, ' rule') -%}
{%- endmacro %}


{% macro landed_fingerprints() -%}
    select
        sha256[:16] as report_id,
        md5(row(file_name, other_file_names, sha256, media_type, loader_version, landed_at)::varchar) as fingerprint
    from {{ target.database }}.raw.landed_documents
    where rejected_reason is null
{%- endmacro %}


{% macro fingerprints() -%}
    {{ target.database }}.raw.build_fingerprints
{%- endmacro %}


{% macro document_fingerprints() -%}
    {{ target.database }}.raw.build_document_fingerprints
{%- endmacro %}


{% macro start_fingerprints() -%}
    {%- set versions = "'duckdb ' || version() || ', dbt " ~ dbt_version ~ "'" -%}
    create table if not exists {{ fingerprints() }} (node varchar, fingerprint varchar);
    create table if not exists {{ document_fingerprints() }} (node varchar, report_id varchar, fingerprint varchar);
    delete from {{ fingerprints() }}
    where {{ versions }} not in (select fingerprint from {{ fingerprints() }} where node = 'versions');
    insert into {{ fingerprints() }}
    select 'versions', {{ versions }} where not exists (select 1 from {{ fingerprints() }});
{%- endmacro %}
