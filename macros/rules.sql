{#-
    What a rule on rows refuses. The rules of a model are the hard tests of its YAML of the kinds below: what a document says
    can break them, so a table sets aside what they refuse when it is made (set_aside.sql), and the tests (tests/generic/)
    look again by the same words.
-#}

{% macro rules_on_rows() -%}
    {%- do return(['filled', 'holds', 'key', 'one_of']) -%}
{%- endmacro %}


{#- Whether a rule refuses a row of a relation, as a condition; `given` are the rule's arguments in the YAML. -#}
{% macro is_refused(rule, relation, given) -%}
    {%- if rule == 'filled' -%}
        ({{ given.columns | join(' is null or ') }} is null)
    {%- elif rule == 'holds' -%}
        {#- An expression that is null is not known to be false. -#}
        (not ({{ given.expression }}))
    {%- elif rule == 'one_of' -%}
        ({{ given.column }} not in ('{{ given['values'] | join("', '") }}')
        {%- if not given.may_be_null %} or {{ given.column }} is null{% endif %})
    {%- elif rule == 'key' -%}
        {#- A key that is not whole, and the second and further rows of one; which is the first does not go by chance. -#}
        {%- set columns = given.columns | join(', ') -%}
        ({{ given.columns | join(' is null or ') }} is null or rowid in (
            select rowid
            from {{ relation }} as keyed
            where ({{ columns }}) in (select ({{ columns }}) from {{ relation }} group by {{ columns }} having count(*) > 1)
            qualify row_number() over (partition by {{ columns }} order by keyed::varchar) > 1
        ))
    {%- endif -%}
{%- endmacro %}
