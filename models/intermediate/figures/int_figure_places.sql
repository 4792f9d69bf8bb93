-- Where each figure stands in its sentence's words, and how far its clause reaches: whether it opens its clause ("and 62%
-- of"), closes it ("has risen to 62%") or stands in brackets, and the breaks on both sides.

with contexts as (

    select * from {{ ref('int_number_contexts') }}

),

templates as (

    select * from {{ documents_of(ref('int_templates')) }}

),

figure_words as (

    select * from {{ documents_of(ref('int_figure_words')) }}

),

mentions as (

    select * from {{ documents_of(ref('int_concept_mentions')) }}

),

numbered_words as (

    select
        reading_id,
        unnest(words) as word,
        generate_subscripts(words, 1)::integer as place,
        words,
    from figure_words
    where list_contains([starts_with(word, '<') for word in words], true)

),

-- Signs and words that part nothing: within the lexicon's phrases, and the dashes on both sides of a figure ("a high
-- proportion - 42% (277) - of children", "more of them - 89%, against 84% across England - had").
parting_nothing as (

    select
        reading_id,
        unnest(range(first_place, last_place + 1))::integer as place,
    from mentions
    where last_place > first_place

    union

    select
        reading_id,
        unnest([place, place + list_position(words[place + 1:], '-')])::integer as place,
    from numbered_words
    where
        word = '-'
        and regexp_matches(
            array_to_string(words[place:place + 14], ' '),
            '^- (?:(?:{{ light_words() }}) )*<\d+> (?:% )?(?:\( (?:or )?<\d+> (?:% )?\) )?(?:,? ?(?:against|compared) [^-.;:]{0,50} )?- [a-z]'
        )

),

-- What parts a sentence into clauses, outside the lexicon's phrases.
breaks as (

    select
        numbered_words.reading_id,
        numbered_words.place,
        numbered_words.word in ('.', ';', ':', '?', '!', '•')
        or numbered_words.word = '-' and starts_with(coalesce(numbered_words.words[numbered_words.place + 1], ''), '<') as is_strong,
        -- Items of a list that have run together: "- 25 live in homes - 237 live with foster families".
        numbered_words.word = '-' and starts_with(coalesce(numbered_words.words[numbered_words.place + 1], ''), '<') as is_item,
        numbered_words.word = ':' as is_colon,
        numbered_words.word = ';' as is_semicolon,
        numbered_words.word = ',' as is_comma,
        numbered_words.word in ('.', ';', ':', '?', '!', '•', '-', 'while', 'whilst', 'but', 'compared', 'whereas', 'although', 'because', 'however', 'so', 'than', 'though', 'including')
        -- "the point at which a child becomes looked after" goes on.
        or numbered_words.word = 'which' and coalesce(numbered_words.words[numbered_words.place - 1], '') != 'at'
        or numbered_words.word = ',' and (starts_with(coalesce(numbered_words.words[numbered_words.place + 1], ''), '<') or numbered_words.words[numbered_words.place + 1] in (
            'and', 'but', 'while', 'whilst', 'which', 'with', 'although', 'compared', 'however', 'where', 'of', 'this', 'whereas', 'so', 'an', 'as', 'in',
            'against', 'up', 'down', 'below', 'above', 'there', 'because', 'the', 'a', 'these', 'it', 'they', 'both', 'including', 'with', 'from', 'rising', 'at', 'having', 'only', 'following', 'half', 'one', 'most', 'some', 'well',
            'whether', 'when', 'though', 'many', 'each', 'until', 'despite', 'partly', 'mainly', 'largely'
        ) or ends_with(coalesce(numbered_words.words[numbered_words.place + 1], ''), 'ing')
            -- ", around half of whom": what follows is told of some of them.
            or regexp_matches(
                array_to_string(numbered_words.words[numbered_words.place + 1:numbered_words.place + 7], ' '),
                '^(?:[a-z]+ ){1,5}of (?:whom|which|them|these|those)\b'
            ))
        -- "ceased to be looked after, and moved on to" goes on.
        and not (numbered_words.words[numbered_words.place + 1] = 'and' and numbered_words.words[numbered_words.place + 2] in ('moved', 'are', 'is', 'were', 'was', 'have', 'has', 'had', 'now', 'subsequently', 'then', 'living', 'lived'))
        or numbered_words.word = 'and' and starts_with(coalesce(numbered_words.words[numbered_words.place + 1] || numbered_words.words[numbered_words.place + 2], ''), '<')
        or numbered_words.word = 'and' and starts_with(coalesce(numbered_words.words[numbered_words.place + 2], ''), '<')
        or numbered_words.word = 'and' and (
            numbered_words.words[numbered_words.place + 1] in ('those', 'these', 'this', 'it', 'they', 'there', 'of')
            -- "and as a result", "and all were supported"
            or numbered_words.words[numbered_words.place + 1] = 'as' and numbered_words.words[numbered_words.place + 2] = 'a'
            or numbered_words.words[numbered_words.place + 1] = 'children' and numbered_words.words[numbered_words.place + 2] in ('are', 'were', 'have')
            or numbered_words.words[numbered_words.place + 1] in ('higher', 'greater', 'lower', 'better', 'worse')
            or numbered_words.words[numbered_words.place + 1] in ('significantly', 'slightly', 'much') and numbered_words.words[numbered_words.place + 2] in ('higher', 'greater', 'lower', 'better', 'worse')
            or numbered_words.words[numbered_words.place + 1] in ('all', 'both') and numbered_words.words[numbered_words.place + 2] in ('are', 'were', 'have', 'had')
        )
        or numbered_words.word = 'in' and numbered_words.words[numbered_words.place + 1] = 'addition'
        or numbered_words.word = 'with' and starts_with(coalesce(numbered_words.words[numbered_words.place + 1], ''), '<')
            as ends_clause,
    from numbered_words
    anti join parting_nothing using (reading_id, place)
    where
        numbered_words.word in ('.', ';', ':', '?', '!', '•', '-', ')', ',', 'and', 'with', 'that', 'while', 'whilst', 'but', 'compared', 'whereas', 'although', 'which', 'because', 'however', 'than', 'though', 'including')
        or numbered_words.word = 'in' and numbered_words.words[numbered_words.place + 1] = 'addition'
        -- "had been so for a second time" goes on.
        or numbered_words.word = 'so' and coalesce(numbered_words.words[numbered_words.place + 1], '') not in ('for', 'far')

),

placed as (

    select
        contexts.* replace (
            -- "the rate per 10,000 of … has fallen from 54.4": a rate without its words beside it.
            case
                when
                    contexts.unit = 'count'
                    and regexp_matches(
                        array_to_string(string_split(templates.template, '<' || contexts.position || '>')[:1], ''),
                        '\b(?:rate|rates|number) (?:of|per)[^.;]*per (?:10 ?,? ?000|ten thousand)[^.;]*\b(?:from|to|at|is|was|of) (?:around |about |just |over |under )*$'
                    )
                    and not regexp_matches(contexts.after, '^ (?:children|young)')
                    or contexts.unit = 'count'
                    -- "has risen from 34 to 45 per 10,000"
                    and regexp_matches(contexts.before, '\bfrom (?:{{ light_words() }}| )*$')
                    and regexp_matches(contexts.after, '^ (?:\(?\{\d+\}\)? )?to (?:{{ light_words() }}| )*$')
                    and regexp_matches(array_to_string(string_split(templates.template, '<' || contexts.position || '>')[2:], ''), '^[^<]*<\d+> per 10,?000')
                    then 'per_10k'
                else contexts.unit
            end as unit
        ),
        figure_words.words,
        list_position(figure_words.words, '<' || contexts.position || '>')::integer as place,
        -- All that follows, what stands in brackets left out.
        regexp_replace(regexp_replace(
            array_to_string(string_split(templates.template, '<' || contexts.position || '>')[2:], ''), '\([^()]*\)', '', 'g'
        ), '  +', ' ', 'g') as behind,
        -- "34 of the 758", "13 of 16": the whole of a part.
        regexp_full_match(contexts.before, '%?\)? (?:out )?of (?:the |these |those |its |their |all )*') as is_whole,
    from contexts
    inner join templates using (reading_id)
    inner join figure_words using (reading_id)

),

neighbours as (

    select
        *,
        -- "matched within 150 days; the average was 246": a limit is no figure.
        lag(case when not (unit in ('days', 'weeks') and regexp_matches(before, '\bwithin (?:the )?$')) then place end ignore nulls) over of_a_unit
            as previous_place,
        lead(case when not is_whole then place end ignore nulls) over of_a_unit as next_place,
        number_order = 1 and regexp_matches(
            before, '^[^a-z]*(?:(?:{{ light_words() }}) ?,? ?)*$'
        )
        or regexp_matches(
            before,
            '(?:[.,;:] ?|\b(?:and|with|that|while|whilst|whereas|but|although|where|which|since|because|when|so|reported|found|of whom|of these|of which) )(?:(?:{{ light_words() }}) ?,? ?)*$'
        )
        and not regexp_matches(before, '\b(?:touch|contact|compared|dealt|dealing|working|maintained|completed|undertaken|conducted) with (?:[a-z]+ )*$')
            as opens,
        regexp_matches(
            behind,
            '^(?:%|(?: (?:calendar|working))? (?:weeks|days))?\)? ?(?:$|[.,;:)]|(?:and|but|or (?:fewer|less|more)|while|compared|which|in \{|in {{ month_word() }}|at \{|by \{|from (?:around |about |just |over )?[<{]|as at|as of|on \{|during|since|over|nationally|this|last|against|although|when|whereas|in the (?:last|past|previous|year)|below|above|better|worse|higher|lower|than|so|well|in line|similar|to (?:around |about |just |over )?[<{]|to the|to an?|at the|for the (?:year|same|three|period)|per|as a)\b|\{)'
        )
        or regexp_matches(behind, '^ (?:children(?: and young people)?|young people|cases) ?(?:$|[.,;:)]|(?:but|while|compared|which|in \{|at \{|by \{|as at|on \{|during)\b|\{)')
            as ends_its_clause,
        -- "waited 561 days, on average, between entering care and"
        ends_its_clause
        -- "138 children currently looked after"
        and not regexp_matches(behind, '^ (?:children(?: and young people)?|young people) \{\d+\} (?:looked after|subject to|on|in care|living|placed|missing)\b')
        and not (
            unit in ('days', 'weeks')
            and regexp_matches(behind, '^(?: (?:calendar|working))? (?:weeks|days),? on average,? (?:[a-z]+ ){0,2}(?:between|from|for|before|once|after)\b')
        )
            as closes,
        regexp_matches(before, '\((?:[a-z]+ ){0,3}$')
        -- "a number of care leavers, currently 21, stay put"
        or regexp_matches(before, '[a-z][^<]*, \{\d+\} $') and starts_with(behind, ',')
        -- "Most care leavers, 92%, live in suitable accommodation"
        or unit = 'percent' and regexp_matches(before, '^[^<]*[a-z], (?:(?:{{ light_words() }}) )*$') and starts_with(behind, '%,')
        -- "just over half of them (164, or 52%)"
        or unit = 'percent' and regexp_matches(before, '^ ?,? ?(?:or )?$') and starts_with(behind, '%)')
        -- "A large proportion of them - 43% - live outside the area"
        or regexp_matches(before, '[a-z] - (?:(?:{{ light_words() }}) )*$')
        and regexp_matches(behind, '^%? ?(?:,? ?(?:against|compared) [^-.;:]{0,50} )?- [a-z]') and not regexp_matches(behind, '^%? ?- of\b')
            as in_brackets,
        -- "Few children (34 of the 758) live outside the area"
        is_whole and regexp_matches(lag(before) over of_a_unit, '\((?:[a-z]+ ){0,3}$') as is_whole_in_brackets,
        -- "At 12%, the turnover is": what is told of follows the comma.
        regexp_matches(before, '(?:^|[.;:] ?|(?:^|[.;:] ?)(?:(?:in|at|by|during|for|as|on|according)\b[^<.;:,]{0,70})?\{\d+\}, |\b(?:and|but|although|while) )at (?:an average of )?(?:(?:{{ light_words() }}) )*$')
        and regexp_matches(behind, '^(?:%|(?: calendar| working)? (?:weeks|days)| per 10,000[a-z ]*)?(?: (?:in|at|on|for|during|over|by) (?:the )?\{\d+\})? ?,')
            as leads,
    from placed
    window of_a_unit as (partition by reading_id, unit order by place)

),

final as (

    select
        neighbours.report_id,
        neighbours.reading_id,
        neighbours.position,
        neighbours.unit,
        neighbours.geography,
        neighbours.value,
        neighbours.mention,
        neighbours.place,
        (neighbours.leads or neighbours.opens and not neighbours.closes) and not neighbours.in_brackets as opens,
        neighbours.closes and not neighbours.leads and not neighbours.in_brackets and not neighbours.is_whole_in_brackets as closes,
        neighbours.in_brackets,
        neighbours.leads,
        neighbours.is_whole,
        neighbours.is_whole_in_brackets,
        -- "and 91% were held on time": who or what was named before.
        neighbours.opens and regexp_matches(neighbours.behind, '^%\)? ?(?:were|was|are|is|have been|had been|has been|being|took place|completed|held|on time|(?:with)?in (?:the |their |statutory |required |agreed )*timescales?)\b') as is_elliptical,
        neighbours.before,
        neighbours.after,
        neighbours.behind,
        neighbours.words,
        greatest(
            coalesce(max(breaks.place) filter (
                where
                    breaks.is_strong and breaks.place < neighbours.place
                    -- "continues to rise; in March it was 619"
                    and not (breaks.is_semicolon and regexp_matches(neighbours.before, ';[^;.]{0,30}\b(?:it|this|the (?:figure|proportion|percentage|rate|number)) (?:was|is|stood|stands|now|has|rose|fell)\b[^;.]{0,40}$'))
                    -- "Reviews are timely; 93% were held on time"
                    and not (breaks.is_semicolon and regexp_matches(neighbours.before, ';[^;.]{0,25}$') and regexp_matches(neighbours.behind, '^%\)? ?(?:were|was) '))
                    -- "Initial health assessments: 72% were completed": a few words and a colon say what is told of.
                    and not (breaks.is_colon and (neighbours.unit in ('weeks', 'days') or breaks.place <= 6))
                    -- "Reviews for children in care are organised well: 98% are held on time", "care leavers who are not in work: 46% in 2012"
                    and not (
                        breaks.is_colon
                        and regexp_matches(neighbours.before, ': (?:(?:{{ light_words() }}) )*$')
                        and regexp_matches(neighbours.behind, '^%\)? ?(?:(?:are|were|have been|had been|in|at|by|on|this|last)\b|\{)')
                    )
                    -- "…; the England figure is 39%"
                    and not (
                        breaks.is_semicolon and neighbours.geography = 'england'
                        and regexp_matches(neighbours.before, '; ?(?:the )?(?:england|national) (?:figure|average|rate)[^;.]{0,30}$')
                    )
            ), 0),
            coalesce(any_value(case when not neighbours.is_whole_in_brackets then neighbours.previous_place end), 0)
        )::integer as from_place,
        coalesce(max(breaks.place) filter (where breaks.place < neighbours.place), 0)::integer as last_break,
        coalesce(max(breaks.place) filter (where breaks.is_strong and breaks.place < neighbours.place), 0)::integer as last_strong_break,
        coalesce(max(breaks.place) filter (where breaks.is_item and breaks.place < neighbours.place), 0)::integer as item_from,
        coalesce(min(breaks.place) filter (where breaks.is_item and breaks.place > neighbours.place), 1000000)::integer as item_to,
        coalesce(min(breaks.place) filter (where breaks.is_strong and breaks.place > neighbours.place), 1000000)::integer as next_strong_break,
        coalesce(list(breaks.place order by breaks.place) filter (where breaks.place is not null), []) as break_places,
        any_value(neighbours.previous_place) as previous_place,
        any_value(neighbours.next_place) as next_place,
        least(
            coalesce(min(breaks.place) filter (
                where breaks.ends_clause and breaks.place > neighbours.place and not (breaks.is_comma and neighbours.leads)
            ), 1000000),
            coalesce(any_value(neighbours.next_place), 1000000)
        )::integer as to_place,
    from neighbours
    left join breaks using (reading_id)
    group by all

)

select * from final
