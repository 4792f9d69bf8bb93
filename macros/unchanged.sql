{#
    What would come out the same is not made again.

    raw.build_fingerprints keeps, for each table, seed and test, what it was made from: its own code and description, and
    the fingerprints of what it reads. Where nothing of that has changed, a table stays as it is, and a test tells again
    what it found. The fingerprint of the landed documents is of the documents themselves. `--full-refresh`, and another
    version of DuckDB or dbt, make everything again.

    A model whose rows come each from one document (meta `by_document`, the expression that tells which) is made again
    only for the documents that are new, changed or gone: where it reads documents, it says `documents_of(ref('…'))`.
#}

{#- The fingerprints of a node and of what it reads, and of their rules, by name. -#}
{% macro kept_fingerprints(parents) -%}
    {%- set names = [] -%}
    {%- for name in [model.unique_id] + parents -%}
        {%- do names.extend(["'" ~ name ~ "'", "'" ~ name ~ " rule'"]) -%}
    {%- endfor -%}
    {%- set kept = {} -%}
    {%- for row in run_query('select node, fingerprint from ' ~ fingerprints() ~ ' where node in (' ~ names | join(', ') ~ ')').rows -%}
        {%- do kept.update({row[0]: row[1]}) -%}
    {%- endfor -%}
    {%- do return(kept) -%}
{%- endmacro %}


{#- Of what a node is made from, with what it reads; none where one of these has none. -#}
{% macro fingerprint(made_from, parents, kept) -%}
    {%- set found = [] -%}
    {%- for parent in parents | sort if parent in kept -%}
        {%- do found.append(kept[parent]) -%}
    {%- endfor -%}
    {%- do return(local_md5(tojson([made_from, parents, found], sort_keys=true)) if found | length == parents | length else none) -%}
{%- endmacro %}


{% macro is_unchanged(made_from, kept, of='') -%}
    {#- The relation last: dbt compares its name with that of every other in the schema. -#}
    {%- do return(
        made_from and not flags.FULL_REFRESH and made_from == kept.get(model.unique_id ~ of)
        and load_cached_relation(this) is not none
    ) -%}
{%- endmacro %}


{% macro forget_fingerprint() -%}
    delete from {{ fingerprints() }} where node in ('{{ model.unique_id }}', '{{ model.unique_id }} rule')
{%- endmacro %}


{% macro keep_fingerprint(made_from, of='') -%}
    insert into {{ fingerprints() }} values ('{{ model.unique_id }}{{ of }}', '{{ made_from }}')
{%- endmacro %}


{#- For a model in Python, which dbt lets no materialization of ours make: by these of its columns. -#}
{% macro keep_fingerprint_of_rows(columns) -%}
    {%- set rows = 'select row(' ~ columns | join(', ') ~ ')::varchar as row_text from ' ~ this -%}
    {{ forget_fingerprint() }};
    insert into {{ fingerprints() }}
    select '{{ model.unique_id }}', md5(string_agg(row_text order by row_text)) from ({{ rows }});
    {{ keep_fingerprint('as the loaders read it', ' rule') }};
{%- endmacro %}


{#- What tells the document of a model's row; none where a row comes from several. -#}
{% macro column_of_document(unique_id) -%}
    {%- do return(graph.nodes.get(unique_id, {}).get('config', {}).get('meta', {}).get('by_document')) -%}
{%- endmacro %}


{% macro parents_or_their_rules() -%}
    {%- set names = [] -%}
    {%- for parent in model.depends_on.nodes -%}
        {%- do names.append(parent ~ (' rule' if column_of_document(parent) else '')) -%}
    {%- endfor -%}
    {%- do return(names) -%}
{%- endmacro %}


{#- The documents whose rows are to be made again; none where that is most of them, and all may as well be. -#}
{% macro changed_documents() -%}
    {%- set query -%}
        select report_id, held.fingerprint is distinct from landed.fingerprint as is_other
        from (from {{ document_fingerprints() }} where node = '{{ model.unique_id }}') as held
        full join ({{ landed_fingerprints() }}) as landed using (report_id)
        order by report_id
    {%- endset -%}
    {%- set documents = run_query(query).rows -%}
    {%- set others = documents | selectattr('is_other') | map(attribute='report_id') | list -%}
    {%- do return(others if others | length * 2 < documents | length else none) -%}
{%- endmacro %}


{#-
    What a model by_document reads of another: the rows of those documents that are made this time, told by an expression. The
    model's own SQL reads all; where some are made, their condition takes the place of the one that is written here.
-#}
{% macro documents_of(relation, document='report_id') -%}
    (from {{ relation }} where true /* {{ document }} is made */)
{%- endmacro %}


{#- The model's own SQL, reading no other documents than those of a condition, in which @ stands for what tells them. -#}
{% macro rows_where(column, condition) -%}
    {%- set restricted = modules.re.sub('true /\\* (.*?) is made \\*/', condition | replace('@', '\\1'), sql) -%}
    select * from ({{ restricted }}) where {{ condition | replace('@', column) }}
{%- endmacro %}


{% macro make_for_documents(column, changed) -%}
    {%- set condition = "@ in ('" ~ changed | join("', '") ~ "')" -%}
    delete from {{ this }} where {{ condition | replace('@', column) }};
    insert into {{ this }} {{ rows_where(column, condition) }}
{%- endmacro %}


{#- Where a column tells the document, some documents at a time, so that the memory it takes does not grow with the folder. -#}
{% macro make_all(column) -%}
    {%- set query = 'select report_id from (' ~ landed_fingerprints() ~ ') order by report_id' -%}
    {%- set bounds = (run_query(query).columns[0].values() | list)[::var('documents_at_once')] if column else [] -%}
    {%- set first = rows_where(column, "@ < '" ~ bounds[1] ~ "'") if bounds | length > 1 else sql -%}
    drop table if exists {{ this }};
    {{ create_table_as(False, this, first) }};
    {%- for lower in bounds[1:] %}
    {%- set upper = " and @ < '" ~ bounds[loop.index + 1] ~ "'" if not loop.last else '' -%}
    insert into {{ this }} {{ rows_where(column, "@ >= '" ~ lower ~ "'" ~ upper) }};
    {%- endfor %}
{%- endmacro %}


{% macro keep_documents() -%}
    delete from {{ document_fingerprints() }} where node = '{{ model.unique_id }}';
    insert into {{ document_fingerprints() }} select '{{ model.unique_id }}', * from ({{ landed_fingerprints() }})
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
