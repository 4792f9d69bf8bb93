{% test refers_to(model, columns, to, fields=none, may_be_null=false) %}
    {#- The rows that point at nothing. -#}
    {%- set fields = fields or columns %}
    select model.*
    from {{ model }} as model
    left join {{ to }} as target
        on {% for column in columns %}model.{{ column }} = target.{{ fields[loop.index0] }}{{ ' and ' if not loop.last }}{% endfor %}
    where
        target.{{ fields[0] }} is null
        {% if may_be_null %}and model.{{ columns[0] }} is not null{% endif %}
{% endtest %}
