{#
    Only a whole, green `dbt build` publishes.

    record_invocation (on-run-start) writes down in the build file whether this invocation is a whole build, and which
    relations are marts; the last model, published_build, reads it. dbt skips published_build when anything that it waits
    for fails, so it has to wait for everything: why_not_whole makes sure of that too.
    report_publication (on-run-end) says what came of it.
#}

{% macro record_invocation() %}
    {%- if execute %}
        {%- set reason = why_not_whole() %}
        {%- set marts = [] %}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == target.schema %}
            {%- do marts.append(dbt.string_literal(node.alias)) if node.config.materialized != 'ephemeral' %}
        {%- endfor %}
        {{ refuse_to_start(reason, marts) }}
        create schema if not exists {{ target.database }}.raw;
        create or replace table {{ target.database }}.raw.build_invocation as
        select
            {{ dbt.string_literal(invocation_id) }} as invocation_id,
            {{ dbt.string_literal(reason) if reason else 'null' }}::varchar as why_not_whole,
            [{{ marts | sort | join(', ') }}]::varchar[] as marts;
        {{ start_fingerprints() }}
        {{ start_setting_aside() }}
    {%- endif %}
{% endmacro %}


{#- Before anything is made: what a person can mend, in a sentence each (loaders/publishing/start.py). -#}
{% macro refuse_to_start(why_not_whole, marts) %}
    {%- if target.name == 'local' %}
        {%- set asked = 'select why_not_start(' ~ dbt.string_literal((why_not_whole or '') | replace("'", "''"))
            ~ ', [' ~ marts | join(', ') ~ ']::varchar[])' %}
        {%- set wrong = run_query(asked).rows[0][0] %}
        {%- do exceptions.raise_compiler_error(wrong) if wrong %}
    {%- endif %}
{% endmacro %}


{% macro why_not_whole() %}
    {#- Why this invocation is not a whole build, or nothing when it is one. -#}
    {%- if flags.WHICH != 'build' %}
        {%- do return('only a whole `dbt build` publishes, and this is `dbt ' ~ flags.WHICH ~ '`') %}
    {%- endif %}

    {#- Unit tests are in neither `selected_resources` nor `graph`: only the options tell that they are left out. -#}
    {%- set narrowing = [
        'select', 'exclude', 'selector', 'resource_types', 'exclude_resource_types',
        'empty', 'sample', 'event_time_start', 'event_time_end',
    ] %}
    {%- for option in narrowing if invocation_args_dict.get(option) %}
        {%- do return('this build is narrowed by --' ~ option | replace('_types', '_type') | replace('_', '-')) %}
    {%- endfor %}

    {%- set publisher = namespace(id=none) %}
    {%- set needed = {} %}
    {%- for unique_id, node in graph.nodes.items() if node.resource_type in ('model', 'seed', 'snapshot', 'test') %}
        {%- do needed.update({unique_id: node}) %}
        {%- if node.resource_type == 'model' and node.name == 'published_build' %}
            {%- set publisher.id = unique_id %}
        {%- endif %}
    {%- endfor %}
    {%- if not publisher.id %}
        {%- do return('the model published_build is not enabled') %}
    {%- endif %}

    {#- A retry selects without telling (`selected_resources` is empty then). -#}
    {%- set missing = needed.keys() | reject('in', selected_resources) | list %}
    {%- if missing %}
        {%- do return(
            'this is a retry or a selection: ' ~ missing | length ~ ' of ' ~ needed | length
            ~ ' models, seeds and tests are left out'
        ) %}
    {%- endif %}

    {#- What published_build does not wait for could fail after it has published. -#}
    {%- set awaited = [publisher.id] %}
    {%- for unique_id in awaited %}
        {%- for parent in needed.get(unique_id, {}).get('depends_on', {}).get('nodes', []) if parent not in awaited %}
            {%- do awaited.append(parent) %}
        {%- endfor %}
    {%- endfor %}
    {%- do awaited.remove(publisher.id) %}
    {%- set unawaited = [] %}
    {%- for unique_id, node in needed.items() if unique_id != publisher.id %}
        {%- set parents = node.depends_on.nodes if node.resource_type == 'test' else [unique_id] %}
        {%- if not parents or parents | reject('in', awaited) | list %}
            {%- do unawaited.append(node.name) %}
        {%- endif %}
    {%- endfor %}
    {%- if unawaited %}
        {%- do return('published_build does not wait for ' ~ unawaited | sort | join(', ')) %}
    {%- endif %}
    {%- do return(none) %}
{% endmacro %}


{#- What came of it is said behind dbt's own last lines, by loaders/closing.py; here it goes to the log. -#}
{% macro report_publication() %}
    {%- if execute %}
        {%- set publisher = namespace(status=none) %}
        {%- set not_green = [] %}
        {%- set failures = [] %}
        {%- for result in results %}
            {%- if result.node.resource_type == 'model' and result.node.name == 'published_build' %}
                {%- set publisher.status = result.status | string %}
            {%- elif result.status | string in ('error', 'fail', 'runtime error', 'partial success') %}
                {%- do not_green.append(result.node.name) %}
            {%- endif %}
            {%- if result.status | string in ('error', 'fail', 'runtime error', 'partial success') %}
                {%- do failures.append({
                    'name': result.node.name, 'kind': result.node.resource_type | string,
                    'path': result.node.original_file_path, 'status': result.status | string,
                    'message': result.message or '', 'description': result.node.description or '',
                    'rows': rows_found(result),
                }) %}
            {%- endif %}
        {%- endfor %}
        {%- set told = {'failures': failures, 'published': false} %}
        {%- if publisher.status == 'success' %}
            {%- set row = run_query(
                'select message, warning, published, document_count, rejected_count from ' ~ target.database ~ '.raw.published_build'
            ).rows[0] %}
            {%- do told.update({
                'message': row['message'], 'published': row['published'], 'document_count': row['document_count'] | string,
                'rejected_count': row['rejected_count'] | string,
            }) %}
            {%- do exceptions.warn(row['warning']) if row['warning'] %}
        {%- else %}
            {%- set reason = 'the publication itself failed, as said above' if publisher.status == 'error' else why_not_whole() %}
            {%- if not_green %}
                {%- set reason = 'not all is green (' ~ not_green | sort | join(', ') ~ ')' %}
            {%- endif %}
            {%- if target.name == 'local' and run_query('select published_build_id()').rows[0][0] == invocation_id %}
                {%- do told.update({'message':
                    'Published, but not to the end: the published file is of this build; what comes after it failed, and the '
                    ~ 'next build makes it whole.'
                }) %}
            {%- else %}
                {%- do told.update({'message': 'Not published: ' ~ reason ~ '. The published file is as it was.'}) %}
            {%- endif %}
        {%- endif %}
        {%- if target.name == 'local' %}
            {%- do run_query("select say_last('" ~ tojson(told) | replace("'", "''") ~ "')") %}
        {%- endif %}
        {%- do log(told['message'], info=target.name != 'local') %}
        {#- dbt keeps the selection as long as its process lives, and a retry in the same process must not inherit it. -#}
        {%- do selected_resources.clear() %}
    {%- endif %}
{% endmacro %}


{#- The first rows that a failing test found, each as a mapping of its columns' texts. -#}
{% macro rows_found(result) %}
    {%- set rows = [] %}
    {%- if result.node.resource_type == 'test' and result.status | string == 'fail' and result.node.relation_name %}
        {%- set found = run_query('select columns(*)::varchar from ' ~ result.node.relation_name ~ ' limit 3') %}
        {%- for row in found.rows %}
            {%- set told = {} %}
            {%- for name in found.column_names %}
                {%- do told.update({name: row[name] | string if row[name] is not none else none}) %}
            {%- endfor %}
            {%- do rows.append(told) %}
        {%- endfor %}
    {%- endif %}
    {%- do return(rows) %}
{% endmacro %}
