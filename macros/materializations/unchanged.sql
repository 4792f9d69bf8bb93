{#- Tables, seeds and tests that are not made again where nothing of theirs has changed: ../unchanged.sql tells how that is known. -#}

{% materialization kept_table, adapter='duckdb' %}
    {%- set kept = kept_fingerprints(model.depends_on.nodes) -%}
    {%- set rules = rules_of_model() -%}
    {%- set made_from = fingerprint([sql, model.description, model.columns, rules], model.depends_on.nodes, kept) -%}
    {%- if is_unchanged(made_from, kept) -%}
        {%- call noop_statement('main', 'UNCHANGED') -%}{%- endcall -%}
        {%- do return({'relations': [this.incorporate(type='table')]}) -%}
    {%- endif -%}

    {%- set column_of_document = column_of_document(model.unique_id) -%}
    {%- set rule = fingerprint([sql, model.description, model.columns, rules], parents_or_their_rules(), kept) if column_of_document else none -%}
    {%- set changed = changed_documents() if rule and is_unchanged(rule, kept, ' rule') else none -%}
    {%- call statement('main') -%}
        {{ forget_fingerprint() }};
        {{ forget_rows_set_aside(changed) }};
        {% if changed is not none -%}
            {{ make_for_documents(column_of_document, changed) }};
        {%- else -%}
            {{ make_all(column_of_document if rule else none) }}
        {%- endif %}
        {% if rule -%}
            {{ keep_documents() }};
            {{ keep_fingerprint(rule, ' rule') }};
        {%- endif %}
        {% if made_from -%} {{ keep_fingerprint(made_from) }}; {%- endif %}
    {%- endcall -%}
    {%- do set_aside_refused_rows(rules) -%}
    {%- do persist_docs(this.incorporate(type='table'), model) -%}
    {%- do adapter.commit() -%}
    {%- do return({'relations': [this.incorporate(type='table')]}) -%}
{% endmaterialization %}


{% materialization seed, adapter='duckdb' %}
    {%- set kept = kept_fingerprints([]) -%}
    {%- set made_from = fingerprint([model.checksum.checksum, model.config.column_types, model.description, model.columns], [], kept) -%}
    {%- if is_unchanged(made_from, kept) -%}
        {%- do store_result('agate_table', response='OK') -%}
        {%- call noop_statement('main', 'UNCHANGED') -%}{%- endcall -%}
        {%- do return({'relations': [this.incorporate(type='table')]}) -%}
    {%- endif -%}
    {%- do run_query(forget_fingerprint()) -%}
    {%- set made = dbt.materialization_seed_default() -%}
    {%- do run_query(keep_fingerprint(made_from)) -%}
    {%- do return(made) -%}
{% endmaterialization %}


{% materialization test, adapter='duckdb' %}
    {%- if not should_store_failures() -%}
        {%- do return(dbt.materialization_test_default()) -%}
    {%- endif -%}
    {%- set kept = kept_fingerprints(model.depends_on.nodes) -%}
    {%- set made_from = fingerprint([sql, config.get('limit')], model.depends_on.nodes, kept) -%}
    {#- One statement, with a transaction of its own: what dbt does around each costs more than most tests. -#}
    {%- call statement('main', fetch_result=True, auto_begin=False) -%}
        {% if not is_unchanged(made_from, kept) -%}
            begin;
            {{ forget_fingerprint() }};
            drop table if exists {{ this }};
            create table {{ this }} as {{ get_limit_subquery_sql(sql, config.get('limit')) }};
            {% if made_from -%} {{ keep_fingerprint(made_from) }}; {%- endif %}
            commit;
        {%- endif %}
        {{ get_test_sql('from ' ~ this, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
    {%- endcall -%}
    {%- do return({'relations': [this.incorporate(type='table')]}) -%}
{% endmaterialization %}
