{% test key(model, columns) %}
    {#- The rows whose key is not whole, or is another row's. -#}
    select * from {{ model }} where {{ is_refused('key', model, {'columns': columns}) }}
{% endtest %}
