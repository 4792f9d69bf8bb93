{#-
    A sentence of small letters that says that nothing is asked for: "None.", "There were no areas for priority action at
    this visit.", "The inspection did not find any …". "There is no shared view …" is an ask.
-#}
{% macro asks_for_nothing() -%}
    {%- set asked = '(?:areas?|recommendations?|actions?(?: points?)?|(?:priority|immediate|urgent)(?:(?:,| and| or)? (?:priority|immediate|urgent))* (?:actions?|areas?|recommendations?))' -%}
    {%- set nothing = '(?:further |specific |additional |other |such )*' ~ asked ~ '(?:(?:,| and| or|, or) ' ~ asked ~ ')*' -%}
    {%- set purpose = '(?: for (?:further )?(?:improvement|(?:priority|immediate|urgent)(?:(?: and| or)? (?:priority|immediate|urgent))*(?: actions?)?|development)(?: or (?:immediate|priority) action)?)?' -%}
    {%- set found = '(?:identified|made|found|noted|required|needed|arising)' -%}
    {%- set when = '(?:(?: for the [a-z ]{1,40}?)?(?: (?:(?:were|was|are|is|have been|has been) )?' ~ found ~ ')?(?: (?:at|from|during|by|in|as a result of|following|for|on) (?:this|the|our) (?:time|stage|inspection|visit|review|inspectors|local authority|council|board|lscb))*)?' -%}
    (?:none|nil|n/?a|not applicable)(?: (?:(?:were|was|are|have been|has been) )?{{ found }}\b.*)?\W*
    {{- '|' -}}
    (?:there (?:are|is|were|was) (?:currently |therefore )?no|no|(?:(?:the|this|our) )?(?:inspection|inspectors?|visit|review)(?: team)? (?:(?:did|do|does|has|have) not (?:find|found|identify|identified|make|made)(?: any)?|(?:(?:has|have) )?(?:found|identified|made|makes?) no)) {{ nothing }}{{ purpose }}{{ when }}\W*
{%- endmacro %}
