{#-
    Every phrase of the lexicon in lists of words, told by a key, with its first and last place: of phrases that start at a
    place the longest, and none that starts within another that started before it.
-#}
{% macro concept_mentions(worded, key, phrases) -%}
    select *
    from (
        select
            runs.{{ key }},
            runs.first_place,
            runs.last_place,
            phrases.concept_id,
            phrases.kind,
            phrases.phrase,
        from (
            select
                places.{{ key }},
                places.place as first_place,
                places.place + lengths.word_count - 1 as last_place,
                array_to_string(places.words[places.place:places.place + lengths.word_count - 1], ' ') as phrase,
            from (
                select
                    {{ key }},
                    words,
                    unnest(words) as word,
                    generate_subscripts(words, 1)::integer as place,
                from {{ worded }}
            ) as places
            inner join (select distinct first_word, word_count from {{ phrases }}) as lengths on places.word = lengths.first_word
            where places.place + lengths.word_count - 1 <= len(places.words)
        ) as runs
        inner join {{ phrases }} as phrases using (phrase)
        qualify row_number() over (partition by {{ key }}, first_place order by last_place desc, concept_id) = 1
    )
    qualify
        last_place > coalesce(max(last_place) over (
            partition by {{ key }} order by first_place rows between unbounded preceding and 1 preceding
        ), 0)
{%- endmacro %}

{#- Words that may stand between the start of a clause and its figure without saying what is counted. -#}
{% macro light_words() -%}
    now|still|already|there (?:were|are|was|is|have been|had been|has been)|(?:in|at|by|on|during|since|as of|as at|of|for|the|over)(?: the)? \{\d+\}|\{\d+\}|approximately|around|about|just|over|under|nearly|almost|some|only|more than|fewer than|less than|at least|up to|a total of|a further|the|well over|well under|we had|we have|we currently have|you have|it had|it has|a|an|slightly|a little|as many as|to date|a cohort of|currently|overall|most recently|this means that|there|were|are|that|of these|of this number|of this total|in total|all
{%- endmacro %}

{#- England's regions, as texts name them; Yorkshire and the Humber apart, of which each reader asks for another part. -#}
{% macro region_words() -%}
    region|london|south[- ](?:east|west)|north[- ](?:east|west)|(?:east|west) midlands|east of england
{%- endmacro %}

{#- What comes before the whole of a part: "12 of the 40". "7 of 12" is of some, looked at for the occasion. -#}
{% macro out_of_all() -%}
    \bof (?:the|its|their|all) (?:{{ light_words() }}| )*$
{%- endmacro %}

{#- Behind the whole of a part: it is a sample, and not all there are. -#}
{% macro looked_at() -%}
    \b(?:sampled|examined|considered|reviewed|seen|looked at|audited|tracked|visited|evaluated)\b
{%- endmacro %}

{#- What sets a figure beside one that was told of before it. -#}
{% macro comparators() -%}
    compared (?:with|to)|against|up (?:from|on)|down (?:from|on)|than the
{%- endmacro %}

{#- How a sentence goes on with the count whose subject the sentence before has named: up to its figure. -#}
{% macro goes_on_with_a_count() -%}
    ^(?:(?:in|at|on|by|during) (?:the )?\{\d+\} ,? ?)?(?:there (?:were|are|was|is)|(?:it|this|the (?:number|figure|total)) (?:stood at|stands at|was|is|(?:rose|fell|increased|decreased) to|has (?:risen|fallen|grown|increased|decreased|reduced) to)) (?:(?:{{ light_words() }}) )*<\d+>$
{%- endmacro %}

{#-
    How a sentence begins that goes on with the share of the one before: "this", "the rate", "performance", behind a date, the
    figure or who says so; or with the share itself, "only 36% were completed on time".
-#}
{% macro goes_on_with_a_share() -%}
    {%- set date_before = '(?:in|at|by|during|for|since) (?:the )?\\{\\d+\\},? |\\{\\d+\\},? ' -%}
    {%- set figure_before = 'at <\\d+>(?:%| (?:per|for every|in every) 10,000(?: [a-z]+)?)(?: \\(<\\d+>\\))?,? ' -%}
    {%- set says_so = 'according to [^<,]{1,60}, |[^<,.;]{0,80}\\b(?:shows?|showed|indicates?|indicated|suggests?|records?|reports?) that ' -%}
    {%- set told_again = [
        'this|that|it|they (?:are|were|have|now|currently)|which|these|both|there has been|currently',
        '(?:the|our|its|your) (?:[a-z-]+ )?(?:figure|rate|proportion|percentage|number)|(?:completion|compliance) rates?|completion',
        '(?:the |current )?performance',
        '(?:the )?(?:(?:more recent|recent|current|latest|provisional|unvalidated|local|authority|authority.s|council.s|own|reported) )*data',
        'they (?:now )?(?:make|made) up',
        'an? (?:increase|decrease|reduction|improvement|rise|fall)',
    ] -%}
    {%- set done = 'completed|up to date|undertaken|held|carried out|done|on time|within' -%}
    ^(?:{{ date_before }}|however,? |although |{{ figure_before }}|{{ says_so }})*(?:{{ told_again | join('|') }})\b|^(?:in (?:the )?\{\d+\},? )?(?:only |just |now |currently,? |nearly |around )*<\d+>% (?:(?:were|was|are|is|had been|have been) (?:{{ done }})|(?:take|took) place (?:on time|within))\b
{%- endmacro %}
