{#- Tables, seeds and tests that are not made again where nothing of theirs has changed: ../unchanged.sql tells how that is known. -#}

{% materialization kept_table, adapter='duckdb' %}
    {%- set made_from = fingerprint([sql, model.description, model.columns], model.depends_on.nodes) -%}
    {%- if is_unchanged(made_from) -%}
        {%- call noop_statement('main', 'UNCHANGED') -%}{%- endcall -%}
        {%- do return({'relations': [this.incorporate(type='table')]}) -%}
    {%- endif -%}

    {%- set by_document = column_of_document(model.unique_id) -%}
    {%- set rule = none -%}
    {%- set changed = none -%}
    {%- if by_document -%}
        {%- set parents = [] -%}
        {%- for parent in model.depends_on.nodes -%}
            {%- do parents.append(parent ~ (' rule' if column_of_document(parent) else '')) -%}
        {%- endfor -%}
        {%- set rule = fingerprint([sql, model.description, model.columns], parents) -%}
        {%- set changed = changed_documents(rule) -%}
    {%- endif -%}

    {%- do forget_fingerprint() -%}
    {%- if changed is none -%}
        {%- set made = dbt.materialization_table_duckdb() -%}
    {%- else -%}
        {%- call statement('main') -%}
            {{ make_for_documents(by_document, changed) }}
        {%- endcall -%}
        {%- do adapter.commit() -%}
        {%- set made = {'relations': [this.incorporate(type='table')]} -%}
    {%- endif -%}
    {%- do keep_documents(rule) if by_document -%}
    {%- do keep_fingerprint(made_from) -%}
    {%- do return(made) -%}
{% endmaterialization %}


{% materialization seed, adapter='duckdb' %}
    {%- set made_from = fingerprint([model.checksum.checksum, model.config.column_types, model.description, model.columns], []) -%}
    {%- if is_unchanged(made_from) -%}
        {%- do store_result('agate_table', response='OK') -%}
        {%- call noop_statement('main', 'UNCHANGED') -%}{%- endcall -%}
        {%- do return({'relations': [this.incorporate(type='table')]}) -%}
    {%- endif -%}
    {%- do forget_fingerprint() -%}
    {%- set made = dbt.materialization_seed_default() -%}
    {%- do keep_fingerprint(made_from) -%}
    {%- do return(made) -%}
{% endmaterialization %}


{% materialization test, adapter='duckdb' %}
    {%- set made_from = fingerprint([sql, config.get('limit')], model.depends_on.nodes) -%}
    {%- if should_store_failures() and is_unchanged(made_from) -%}
        {%- call statement('main', fetch_result=True) -%}
            {{ get_test_sql('select * from ' ~ this, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
        {%- endcall -%}
        {%- do return({'relations': [this.incorporate(type='table')]}) -%}
    {%- endif -%}
    {%- do forget_fingerprint() -%}
    {%- set made = dbt.materialization_test_default() -%}
    {%- do keep_fingerprint(made_from) if should_store_failures() -%}
    {%- do return(made) -%}
{% endmaterialization %}
