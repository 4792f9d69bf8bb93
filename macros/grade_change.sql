{#- How a grade moved between two inspections, from their ranks (1 is the best); null where one has none. -#}
{% macro grade_change(rank, previous_rank) -%}
    case
        when {{ rank }} < {{ previous_rank }} then 'improved'
        when {{ rank }} = {{ previous_rank }} then 'same'
        when {{ rank }} > {{ previous_rank }} then 'declined'
    end
{%- endmacro %}
