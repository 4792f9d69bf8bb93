-- The wordings of boards' tables as one pattern for each role.

with wordings as (

    select * from {{ ref('board_wordings') }}

),

final as (

    select
        {% for role in board_wording_roles() %}
        string_agg(pattern, '|') filter (role = '{{ role }}') as {{ role }},
        {% endfor %}
    from wordings

)

select * from final
