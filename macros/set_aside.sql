{#-
    No document stops the others: the rows of a table that its rules refuse (rules.sql) are taken out of it and kept in
    raw.rows_set_aside, with the rule, the document, the page and the words. The model facts_set_aside shows them to people.
-#}

{% macro rows_set_aside() -%}
    {{ target.database }}.raw.rows_set_aside
{%- endmacro %}


{#- Of each table that lost rows, how many there were: what is set aside must be few. -#}
{% macro rows_watched() -%}
    {{ target.database }}.raw.rows_watched
{%- endmacro %}


{#- The rules of the model that is made, by name: its hard tests of the kinds that speak of single rows. -#}
{% macro rules_of_model() -%}
    {%- set rules = [] -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type == 'test' and node.attached_node == model.unique_id
            and node.config.severity | lower == 'error' and node.test_metadata.name in rules_on_rows() -%}
            {%- do rules.append({
                'name': node.name, 'kind': node.test_metadata.name, 'given': node.test_metadata.kwargs,
                'description': node.description,
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(rules | sort(attribute='name')) -%}
{%- endmacro %}


{#- What was set aside of the model that is made, or of those of its documents that are made again. -#}
{% macro forget_rows_set_aside(changed=none) -%}
    delete from {{ rows_set_aside() }}
    where relation = '{{ model.name }}' {%- if changed is not none %} and report_id in ('{{ changed | join("', '") }}'){% endif %};
    delete from {{ rows_watched() }} where relation = '{{ model.name }}'
{%- endmacro %}


{% macro set_aside_refused_rows(rules) -%}
    {%- if not rules -%}
        {%- do return(none) -%}
    {%- endif -%}

    {%- set conditions = [] -%}
    {%- for rule in rules -%}
        {%- do conditions.append(is_refused(rule.kind, this, rule.given)) -%}
    {%- endfor -%}
    {%- set any_refuses = conditions | join(' or ') -%}
    {%- if run_query('select count(*) from ' ~ this ~ ' where ' ~ any_refuses).rows[0][0] == 0 -%}
        {%- do return(none) -%}
    {%- endif -%}

    {%- set columns = adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
    {%- set words = [] -%}
    {%- for name in ['quote', 'statement', 'text', 'paragraph_text', 'clean_text', 'block_text', 'cell_text', 'what', 'title'] if name in columns -%}
        {%- do words.append(name ~ '::varchar') -%}
    {%- endfor -%}
    {%- set moved -%}
        insert into {{ rows_watched() }}
        select '{{ model.name }}', count(*), {{ 'count(distinct report_id)' if 'report_id' in columns else 'null' }} from {{ this }};
        insert into {{ rows_set_aside() }}
        select
            '{{ model.name }}' as relation,
            case {% for rule in rules %} when {{ conditions[loop.index0] }} then {{ dbt.string_literal(rule.name) }} {% endfor %} end as rule,
            case {% for rule in rules %} when {{ conditions[loop.index0] }} then {{ dbt.string_literal(rule.description | replace('\n', ' ') | trim) }} {% endfor %} end as reason,
            {{ 'report_id' if 'report_id' in columns else 'null' }} as report_id,
            {{ 'page_number' if 'page_number' in columns else 'null' }} as page_number,
            left({{ 'coalesce(' ~ words | join(', ') ~ ')' if words else 'null' }}, 1000) as words,
            left(to_json(refused)::varchar, 2000) as what_was_read,
        from {{ this }} as refused
        where {{ any_refuses }};
        delete from {{ this }} where {{ any_refuses }}
    {%- endset -%}
    {%- do run_query(moved) -%}
{%- endmacro %}


{% macro start_setting_aside() -%}
    create table if not exists {{ rows_set_aside() }} (
        relation varchar, rule varchar, reason varchar, report_id varchar, page_number integer, words varchar, what_was_read varchar
    );
    create table if not exists {{ rows_watched() }} (relation varchar, row_count bigint, document_count bigint);
{%- endmacro %}
