-- Every metric that a figure could be of, by the rules, with the reason why it is or is not.

with figures as (

    select * from {{ documents_of(ref('int_figure_places')) }}
    where
        (value is not null or regexp_matches(mention, 'of (?:whom|which|these)')) and geography = 'authority'
        -- A comparator goes with the figure that it stands beside.
        or geography = 'england' and (previous_place is null or previous_place < last_strong_break)

),

mentions as (

    select * from {{ documents_of(ref('int_concept_mentions')) }}

),

templates as (

    select * from {{ documents_of(ref('int_templates')) }}

),

rules as (

    select * exclude (heads_only)
    from {{ ref('int_metric_rules') }}
    where not heads_only

),

small_words as (

    select * from {{ ref('small_words') }}

),

name_words as (

    select * from {{ ref('int_name_words') }}

),

figure_templates as (

    select * from templates
    where number_count > 0

),

-- What introduces a sentence: the sentence before, the first line of its list, its heading.
introductions as (

    select
        introduced.reading_id,
        list(distinct mentions.concept_id) as concepts,
        list(distinct mentions.concept_id) filter (where introduced.is_before) as concepts_before,
    from (
        select
            reading_id,
            previous_reading_id as other_reading_id,
            true as is_before,
        from figure_templates

        union all

        select
            introducing.reading_id,
            templates.reading_id as other_reading_id,
            false as is_before,
        from (
            select
                report_id,
                reading_id,
                unnest([parent_block_number, section_block_number]) as block_number,
            from figure_templates
        ) as introducing
        inner join templates using (report_id, block_number)
    ) as introduced
    inner join mentions on introduced.other_reading_id = mentions.reading_id
    group by introduced.reading_id

),

-- Whom the paragraphs of a graded area are about without saying so.
areas as (

    select
        sections.report_id,
        sections.block_number,
        judgement_areas.is_about,
    from {{ documents_of(ref('int_sections')) }} as sections
    inner join {{ documents_of(ref('int_report_frameworks')) }} as report_frameworks using (report_id)
    inner join {{ ref('judgement_areas') }} as judgement_areas
        on
            report_frameworks.framework_id = judgement_areas.framework_id
            and sections.judgement_area_id = judgement_areas.judgement_area_id
    where judgement_areas.is_about is not null

),

sentences as (

    select
        reading_id,
        list({concept_id: concept_id, first_place: first_place, last_place: last_place}) as mentions,
    from mentions
    group by reading_id

),

-- Held: the mentions that a figure can be of are few, and the rules for its unit many.
mentions_of_figures as materialized (

    select
        figures.reading_id,
        figures.position,
        figures.unit as figure_unit,
        mentions.concept_id as head,
        mentions.first_place as head_first,
        mentions.last_place as head_last,
        mentions.phrase as head_words,
        mentions.kind as head_kind,
        mentions.first_place > figures.place as is_behind,
        case when mentions.first_place > figures.place then mentions.first_place - figures.place else figures.place - mentions.last_place end as distance,
    from figures
    inner join mentions using (reading_id)
    where
        (figures.in_brackets or not mentions.in_brackets)
        and (mentions.first_place > figures.place and not figures.closes and mentions.first_place <= figures.to_place
        or mentions.last_place < figures.place and (not figures.opens or figures.is_elliptical) and mentions.first_place > figures.from_place)

),

heads as (

    select
        figures.*,
        rules.*,
        mentions_of_figures.* exclude (reading_id, position, figure_unit, head),
    from mentions_of_figures
    inner join rules using (head, figure_unit)
    inner join figures using (reading_id, position)

),

-- "145 live with foster families. Of these 145, 61% …"
of_those_before as ( -- noqa: ST03

    select figures.reading_id
    from figures
    inner join templates using (reading_id)
    inner join figures as figures_before
        on templates.previous_reading_id = figures_before.reading_id and figures.value = figures_before.value
    where regexp_full_match(figures.before, ' ?of (?:these|those) ')

),

-- The head that stands nearest, of each metric's rules.
nearest as (

    select
        *,
        regexp_matches(before || mention, '\b(?:of|among) (?:these|whom|which|them|those|this (?:number|group))\b[^<]*$') as is_of_which,
    from heads
    qualify row_number() over (partition by reading_id, position, rule_number order by distance, head_first) = 1

),

-- Words that neither the lexicon nor the small words know.
unknown_words as (

    select
        reading_id,
        list(place order by place) as places,
    from (
        select
            report_id,
            reading_id,
            unnest(words) as word,
            generate_subscripts(words, 1)::integer as place,
        from {{ documents_of(ref('int_figure_words')) }}
        semi join figures using (reading_id)
    ) as every_word
    -- The authority's own name says nothing of what is counted.
    anti join name_words using (report_id, word)
    anti join small_words using (word)
    anti join (
        select
            reading_id,
            unnest(range(first_place, last_place + 1))::integer as place,
        from mentions
    ) as known_words using (reading_id, place)
    where
        regexp_matches(word, '^[a-z]{2}')
        -- How something is done, not what.
        and not regexp_matches(word, '[a-z]{3}ly$')
        -- What a service is called for short.
        and not regexp_matches(word, '^[b-df-hj-np-tv-xz]{3,}$')
    group by reading_id

),

-- Where "the number of", "the proportion of" a head stands.
measures as (

    select
        nearest.*,
        (
            select max(mentions.first_place)
            from mentions
            where
                mentions.reading_id = nearest.reading_id
                and mentions.concept_id in ('number', 'share', 'rate')
                and mentions.first_place between nearest.head_first - 8 and nearest.head_first - 1
        ) as measure_place,
        -- "217 live with foster families, of whom 19% live out of the area" goes on with a part of them.
        coalesce((
            select min(mentions.first_place)
            from mentions
            where
                mentions.reading_id = nearest.reading_id
                and mentions.concept_id = 'of_which'
                and mentions.first_place > greatest(nearest.head_last, nearest.place)
        ), 1000000) as of_which_place,
    from nearest

),

windows as (

    select
        *,
        -- What is told behind the figure before, of whatever unit.
        greatest(
            last_strong_break, coalesce(list_max(list_filter(range(1, place), lambda number_place: starts_with(words[number_place], '<'))), 0)
        ) as told_from,
        case
            -- "482 live with foster families, of whom 27%": what those are stands behind their number.
            when is_of_which and told_from > last_strong_break and regexp_matches(before, '\bof (?:whom|which) (?:{{ light_words() }}| )*$') then told_from
            when is_of_which or regexp_matches(array_to_string(words[last_strong_break + 1:last_strong_break + 3], ' '), '^(?:• |- )?of (?:the|these|those|this|all)\b')
                then last_strong_break + 1
            when opens and (is_behind or not is_elliptical) then place
            when is_behind then greatest(from_place, last_break) + 1
            -- "Work with partners has led to a rise in the number of referrals, to 121": what is counted follows its measure.
            else greatest(
                from_place, coalesce(list_max(list_filter(break_places, lambda break_place: break_place < head_first)), 0), coalesce(measure_place, 1) - 1
            ) + 1
        end as window_from,
        greatest(from_place, coalesce(list_max(list_filter(break_places, lambda break_place: break_place < head_first)), 0)) as head_break,
        -- "a low turnover (9%)" ends with its bracket.
        case
            when is_whole and is_behind then head_last
            when is_behind or not closes and not (in_brackets and distance <= 3) then greatest(to_place - 1, head_last)
            else place
        end as window_to,
        array_to_string(words[last_strong_break + 1:place - 1], ' ') as said_before,
    from measures

),

explained as (

    select
        windows.*,
        coalesce(list_distinct([
            named.concept_id for named in sentences.mentions
            if named.first_place > windows.item_from and named.first_place < windows.item_to
            -- "78% of them outside the area, and 356 were with foster families": whose share it is stands before it.
            and (named.first_place <= greatest(windows.place, windows.head_last) or not regexp_matches(windows.behind, '^%?\)? of (?:them|whom|which)\b'))
        ]), []) as sentence_concepts,
        -- "In one team, 45% of social workers are agency staff": told of a part, whatever follows.
        len([
            named for named in sentences.mentions
            if named.last_place < windows.place
            and (
                (windows.words[named.last_place + 1] = ',' or named.last_place + 2 = windows.measure_place)
                and named.concept_id = 'one_team' and named.first_place <= windows.last_strong_break + 2
                -- "Of care leavers of that age, 43%", "Among 17-year-old care leavers, 39%", "Of children on a care order, 9%"
                or regexp_matches(windows.said_before, '(?:^|\bthat )(?:of|among|amongst|for)\b') and named.first_place > windows.last_strong_break
                and (named.last_place + 2 = windows.measure_place or list_contains(windows.words[named.last_place + 1:named.last_place + 4], ','))
                and named.concept_id in ('one_age', 'aged', 'legal_status', 'sex', 'ethnic', 'disabled')
                and not list_contains(windows.explained, named.concept_id)
            )
        ]) > 0 as is_set_in_a_part,
        list_concat(coalesce(introductions.concepts, []), list_filter([areas.is_about], lambda concept_id: concept_id is not null)) as introduction_concepts,
        len(list_filter(
            coalesce(unknown_words.places, []),
            lambda unknown_place: unknown_place between least(windows.place, windows.head_first) and greatest(windows.place, windows.head_last)
        )) as unknown_count,
        len(list_filter(
            coalesce(unknown_words.places, []), lambda unknown_place: unknown_place between if(regexp_matches(windows.before, '\bfor the $'), windows.place, windows.window_from) and case
                -- "1,174 children went missing in 2012-13 and the success rate of tracing them is high"
                when windows.is_behind and regexp_matches(array_to_string(windows.words[windows.head_last + 1:windows.head_last + 2], ' '), '^(?:(?:in )?\{|,|and (?:are|were)$)')
                    then windows.head_last
                else windows.window_to
            end
        )) as unknown_in_clause,
        -- Words between head and figure that the metric knows take it no further away.
        coalesce((
            select sum(mentions.last_place - mentions.first_place + 1)
            from mentions
            where
                mentions.reading_id = windows.reading_id
                and mentions.first_place > least(windows.place, windows.head_last)
                and mentions.last_place < greatest(windows.place, windows.head_first)
                and mentions.kind in ('people', 'state', 'event', 'thing', 'place', 'limit')
                and list_contains(windows.explained, mentions.concept_id)
        ), 0) as known_words,
        coalesce(introductions.concepts_before, []) as concepts_before,
        -- "8% of children looked after (105 of 1,340) had three placements"
        case
            when not windows.in_brackets
                then coalesce(list_sum(list_transform(regexp_extract_all(
                    array_to_string(windows.words[least(windows.place, windows.head_last) + 1:greatest(windows.place, windows.head_first) - 1], ' '),
                    '\([^()]*\)'
                ), lambda bracket: len(string_split(bracket, ' ')))), 0)
            else 0
        end as bracketed_words,
        case when is_of_which then list_intersect(windows.never, coalesce(introductions.concepts_before, [])) else [] end as forbidden_before,
        coalesce((
            select list(mentions.concept_id order by mentions.first_place)
            from mentions
            where
                mentions.reading_id = windows.reading_id
                -- "In the north locality, caseloads average 27": where they are counted stands before the clause, too.
                and mentions.first_place between if(mentions.concept_id in ('one_team', 'elsewhere'), windows.told_from, windows.window_from)
                and windows.window_to
                and mentions.kind in ('people', 'state', 'event', 'thing', 'place', 'group', 'sample', 'limit')
                and not list_contains(windows.explained, mentions.concept_id)
                -- "Most care proceedings conclude in an average of 27 weeks"
                and not (mentions.concept_id = 'most' and windows.counts = 'weeks' and contains(array_to_string(windows.words[windows.window_from:windows.window_to], ' '), 'average'))
                -- "Most … (31%)", "the majority of health reviews are on time, an improvement from 87%"
                and not (
                    mentions.concept_id = 'most'
                    and (
                        windows.in_brackets
                        or windows.is_whole_in_brackets
                        or mentions.first_place > greatest(windows.place, windows.head_first)
                        -- "Reviews are mostly timely, with 96% on time"
                        or windows.counts = 'share' and mentions.first_place > windows.head_last and regexp_matches(windows.before, '\bwith (?:{{ light_words() }}| )*$')
                        or regexp_matches(windows.before, '\b(?:from|to) (?:{{ light_words() }}| )*$|, at (?:{{ light_words() }}| )*$')
                    )
                )
                and (windows.in_brackets or not mentions.in_brackets or regexp_matches(array_to_string(words[:place], ' '), '\([^()]*$'))
        ), []) as unexplained,
        coalesce((
            select list(mentions.concept_id)
            from mentions
            where
                mentions.reading_id = windows.reading_id
                -- "The hub has 36% agency staff": whose they are stands before the figure, too.
                and mentions.first_place between if(mentions.kind = 'group', windows.told_from, windows.window_from) and case
                    when mentions.kind in ('measure', 'limit', 'group') then windows.window_to
                    -- "of whom 83% live outside the area, 482 live with foster families"
                    else least(
                        windows.next_strong_break, coalesce(windows.next_place, 1000000), windows.of_which_place,
                        case when windows.is_of_which and mentions.kind = 'place' then greatest(windows.to_place, windows.head_last + 1) else 1000000 end
                    ) - 1
                end
                and list_contains(windows.never, mentions.concept_id)
                and (windows.in_brackets or not mentions.in_brackets or mentions.kind != 'place')
        ), []) as forbidden,
        (
            select min_by(struct_pack(concept_id := mentions.concept_id, kind := mentions.kind, first_place := mentions.first_place), mentions.first_place)
            from mentions
            where
                mentions.reading_id = windows.reading_id
                and mentions.first_place between windows.place + 1 and windows.place + 5
                and mentions.kind in ('people', 'state', 'event', 'thing', 'noun', 'place', 'group')
                and mentions.concept_id != 'of_which'
        ) as counted,
        (
            select min_by(struct_pack(concept_id := mentions.concept_id, first_place := mentions.first_place), mentions.first_place)
            from mentions
            where
                mentions.reading_id = windows.reading_id
                and mentions.first_place between windows.place + 1 and windows.place + case when contains(windows.behind, '(') or contains(windows.after, '(') then 12 else 8 end
                and (mentions.kind in ('people', 'state', 'event', 'thing', 'noun', 'place', 'group') or mentions.concept_id = 'this')
        ) as whole,
        coalesce((
            select list(mentions.concept_id)
            from mentions
            where
                mentions.reading_id = windows.reading_id
                and mentions.first_place between greatest(windows.from_place + 1, windows.head_first - 12) and windows.place
                and mentions.kind in ('measure', 'change')
        ), []) as told,
    from windows
    left join sentences using (reading_id)
    left join introductions using (reading_id)
    left join unknown_words using (reading_id)
    left join templates using (reading_id)
    left join areas on templates.report_id = areas.report_id and templates.block_number = areas.block_number

),

judged as (

    select
        *,
        [
            need for need in needs
            if len(list_intersect(need, sentence_concepts)) = 0
            and len(list_intersect(need, introduction_concepts)) = 0
            -- "41 live with foster families": a list has lost its first line.
            and not (head_kind = 'place' and list_contains(need, 'looked_after') and regexp_matches(behind, '^%?\)? ?(?:(?:children|young people|children and young people) )?(?:live|lives|lived|(?:are|were|is|was) (?:placed|living|with|cared for))\b'))
        ] as lacking,
        [need for need in needs if len(list_intersect(need, concepts_before)) = 0] as lacking_before,
        array_to_string(words[place + 1:counted.first_place - 1], ' ') as between,
        words[head_last + 1] in ('in', 'who', 'with', 'living', 'placed')
        and exists (
            select 1
            from mentions
            where
                mentions.reading_id = explained.reading_id
                and mentions.first_place between explained.head_last + 1 and explained.head_last + 4
                and mentions.kind in ('place', 'state')
                and mentions.concept_id != 'in_area'
                and not list_contains(explained.explained, mentions.concept_id)
        )
            as is_narrowed,
        -- How a sentence comes to a count: at its start, behind a date, "there were", "the authority had", "of the".
        regexp_matches(
            case when place > last_strong_break + 1 then said_before || ' ' else '' end,
            '^(?:[-•] )?(?:although |though |while |whilst )?(?:(?:consequently|as a result|however|therefore|despite this|additionally|furthermore|unfortunately) , )?(?:(?:of|at|in|on|during|since|over|by|as|between|for|currently|overall|to date|from|up to|within|despite|following|local|the latest|data)\b[^.;]{0,90}, |(?:at|in|by|over|during) (?:the )?(?:year end|same period|same year|year|end of the year|inspection) |at (?:that|this) (?:time|point|date),? )?(?:(?:{{ light_words() }}|of|these|all|,) ?)*$'
        )
        or regexp_matches(before, '\bthere (?:are|were|is|was|have been|has been|had been|remain|remained|being)\b(?: [a-z]+)? ?(?:(?:{{ light_words() }}),? ?)*$')
        or regexp_matches(before, '\b(?:authority|council|county|city|borough|service|services|assessment|assessments|officer|lado|panel|trust|board|court|courts|partnership|partners|agencies|schools|police|hub|mash|door|care|year) (?:also |has |had |have |is |was |currently |\{\d+\} )*(?:had|has|received|dealt with|responded to|reviewed|supporting|identified|granted|made|completed|held|secured|achieved|recorded|reported|saw|accepted|handled|considered|told of|notified of|informed of|knows of|knew of|aware of|cares for|caring for|undertook|conducted|convened|sent) (?:(?:{{ light_words() }}),? ?)*$')
        -- "Ashmere had 1,312 children in need"
        or exists (
            select 1
            from name_words
            where
                name_words.report_id = explained.report_id
                and name_words.word in (explained.words[explained.place - 2], explained.words[explained.place - 3])
                and regexp_matches(explained.before, '\b(?:has|had|received|recorded|reported|undertook|completed) (?:(?:{{ light_words() }}),? ?)*$')
        )
        or regexp_matches(before, '\b(?:tracks?|monitors?|oversees?|knows? of|knew of|aware of|cares? for) (?:(?:{{ light_words() }}),? ?)*$')
        or regexp_matches(before, '\b(?:show|shows|showed|shown|indicate|indicates|indicated|reports|reported|found) that (?:of )?(?:(?:{{ light_words() }}),? ?)*$')
        or regexp_matches(before, '\b(?:looking after|look after|looks after|looked after|caring for|responsible for|when|home to) (?:(?:{{ light_words() }}),? ?)*$')
        or regexp_matches(behind, '^,? of (?:whom|which|these|them)\b')
        -- "…, and 41 children became the subject of", "while 171 ceased"
        or regexp_matches(before, '(?:, (?:and|while|whilst)|\bwhile|\bwhereas|\bas) (?:{{ light_words() }}| )*$')
        and regexp_matches(behind, '^ (?:children |children and young people |young people )?(?:became|ceased|started|entered|left)\b')
        or head in ('scr', 'serious_incident', 'lado_contact', 'occasion', 'hmo') or head = 'adopted' and regexp_matches(behind, '^ (?:were|have)\b')
        -- "There were 612 enquiries and 280 conferences": told as the first of them is
        or is_behind and distance <= 5 and not list_contains(sentence_concepts, 'sample') and regexp_matches(before, '^[^<]*(?:, |\band )(?:{{ light_words() }}| )*$')
        and regexp_matches(
            regexp_extract(said_before, '^[^<]*'),
            '(?:\bthere (?:are|were|have been|had been)|\b(?:authority|council|service|services|area|county|city|borough) (?:has|had|have)(?: had)?) (?:(?:{{ light_words() }}),? ?)*$'
        )
        -- "Support for the 94 unaccompanied children who are looked after by the authority"
        or is_behind and distance <= 2 and regexp_matches(before, '\b(?:for|of) the $')
        and regexp_matches(behind, '^(?: [a-z,-]+){1,6} who are looked after by\b')
        -- "Of Ashmere's 488 looked after children", "The authority's 58 children looked after"
        or counts = 'people' and is_behind and distance <= 2
        and regexp_matches(before, '''s $')
        and (
            words[place - 1] in ('authoritys', 'councils', 'countys', 'citys', 'boroughs')
            or exists (select 1 from name_words where name_words.report_id = explained.report_id and name_words.word = explained.words[explained.place - 1])
        )
        -- "11 adoption orders granted", "and 1,878 single assessments completed": with what was done, a count of its own
        or counts = 'events' and is_behind and distance <= 4
        and (
            regexp_matches(head_words, '\b(?:granted|made)$')
            or regexp_matches(array_to_string(words[head_last + 1:head_last + 3], ' '), '^(?:(?:have|has|had|were|was) )?(?:been )?(?:made|granted|completed|held|undertaken|received|recorded)\b')
        )
        -- "for the nine children adopted in 2014-15", "with 445 children looked after at the point of inspection"
        or is_behind and distance <= 3
        and regexp_matches(before, '\b(?:for|of|with|and) (?:{{ light_words() }}| )*$')
        and regexp_matches(array_to_string(words[head_last + 1:head_last + 3], ' '), '^(?:(?:in|during|from|since|at|by) (?:the )?)?\{\d+\}')
        -- "from 54 to 48, with 220 children on plans"
        or is_behind and distance <= 3 and head = 'on_plan' and regexp_matches(before, ', with (?:{{ light_words() }}| )*$')
        -- "in homes, 482 lived with foster families": a list that has run together
        or head_kind = 'place' and regexp_matches(before, ', (?:{{ light_words() }}| )*$') and regexp_matches(behind, '^ (?:\( ?<[^()]*\) )?(?:live|lives|lived|are|were) (?:in|with|outside|beyond|out of)\b')
        -- "with currently 77 care leavers choosing to stay"
        or regexp_matches(before, '\b(?:with|and) (?:(?:in|at|by|during|since) (?:the )?)?\{\d+\},? (?:{{ light_words() }}| )*$')
        or regexp_matches(before, '\band (?:only|just) (?:{{ light_words() }}| )*$')
        -- "a small number of children (26) were placed with parents"
        or in_brackets and regexp_matches(before, '\bnumber of (?:children(?: and young people)?|young people) ?\($')
        -- "referrals relating to 12 child deaths"
        or counts = 'events' and regexp_matches(before, '\b(?:referrals|notifications) (?:relating to|of) (?:{{ light_words() }}| )*$')
        -- "of whom 4% (12) returned"
        or regexp_matches(before, '^% ?\($') and list_contains(explained, 'of_which')
        -- "with only three staying on in foster care"
        or is_behind and distance = 1 and regexp_matches(words[head_first], 'ing$') and regexp_matches(before, '\bwith (?:{{ light_words() }}| )*$')
        -- "with 174 (16%) living outside the county"
        or head_kind = 'place' and regexp_matches(before, '\bwith (?:{{ light_words() }}| )*$') and regexp_matches(behind, '^(?: children)? (?:living|placed)\b')
        or is_whole or is_of_which or list_contains(told, 'number')
            as is_framed,
        -- "of children who had been missing": what the metric knows itself.
        exists (
            select 1
            from mentions
            where
                mentions.reading_id = explained.reading_id
                and mentions.first_place < explained.head_first
                and mentions.first_place between explained.place + list_position(explained.words[explained.place:explained.head_first], 'who') - 1
                and explained.place + list_position(explained.words[explained.place:explained.head_first], 'who') + 4
                and (list_contains(explained.explained, mentions.concept_id) or mentions.concept_id = 'known')
                and mentions.concept_id not in ('child', 'person')
        ) as who_is_explained,
        -- "The number of HEAD is rising, and there are now 21", "has doubled (147 in May)": a sentence that says at its start what it counts.
        list_contains(told, 'number')
        and (in_brackets or closes and regexp_matches(before, '\b(?:there (?:are|were)|from|to|(?:stands|stood|is|was) at|(?:, |; )(?:in|at) \{\d+\} it was)(?: (?:the|an?)(?: [a-z]+){0,3} (?:level|total|figure|high|low) of)? (?:{{ light_words() }}| )*$'))
            as is_of_number,
        -- "a rise in the use of HEAD"
        exists (
            select 1
            from mentions
            where
                mentions.reading_id = explained.reading_id
                and mentions.concept_id = 'change'
                and mentions.first_place between explained.head_first - 6 and explained.head_first - 1
        ) as is_change_of_head,
        counts = 'share'
        and (
            regexp_matches(behind, '^%\)? ?(?:\([^()]*\) ?)?of ')
            and not (
                whole is not null
                and (list_contains(explained, whole.concept_id) or whole.concept_id in ('this', 'these_arrangements'))
            )
        )
            as is_of_something_else,
        len([need for need in needs if len(list_intersect(need, sentence_concepts)) > 0]) as met_here,
        coalesce((
            select max(mentions.last_place)
            from mentions
            where
                mentions.reading_id = explained.reading_id
                and mentions.first_place = explained.head_last + 1 + case
                    when words[explained.head_last + 1] = '('
                        then coalesce(list_position(words[explained.head_last + 1:], ')'), 0)::integer
                    else 0
                end
                and (mentions.concept_id = 'child' or list_contains(explained.explained, mentions.concept_id))
        ), head_last) + 1 as tail_place,
        regexp_extract(behind, '^%?\)?,? ?(?:(?:out )?of (?:these|whom|which|them|this number)(?: <\d+>)?,? )?([a-z]+)', 1)  as word_behind,
        exists (
            select 1
            from mentions
            where
                mentions.reading_id = explained.reading_id
                and mentions.first_place between explained.head_last + 1 and explained.head_last + 4 + case
                    when explained.words[explained.head_last + 1] = '('
                        then coalesce(list_position(explained.words[explained.head_last + 1:], ')'), 0)::integer
                    else 0
                end
                and mentions.concept_id in ('known', case when counts = 'events' then 'done' end, case when counts = 'events' then 'up_to_date' end)
        ) as is_done_behind,
    from explained

),

tails as (

    select
        *,
        -- What follows the head, over a bracket, and over when it is so.
        words[
            tail_place
            + case when words[tail_place] = '(' then coalesce(list_position(words[tail_place:], ')'), 1)::integer else 0 end
            + case when is_behind and regexp_matches(words[tail_place] || ' ' || words[tail_place + 1], '^(?:now|\{\d+\}) [a-z]') then 1 else 0 end
        ] as word_behind_head,
        -- What is counted is or does something: "… were seen"
        regexp_matches(array_to_string(words[place + 1:head_first - 1], ' '), '^of (?:the|its|their|our|all)\b[^,;<]* (?:are|were)$')
        or word_behind in ('were', 'are', 'live', 'lived', 'lives', 'have', 'had', 'became', 'was', 'is', 'being', 'remain', 'remained') as acts,
    from judged

),

final as (

    select
        report_id,
        reading_id,
        position,
        unit,
        rule_number,
        metric_id,
        head_words,
        met_here,
        distance,
        case
            when len(lacking) > 0 then 'needs ' || array_to_string(lacking[1], ' or ')
            when len(unexplained) > 0 then 'a part: ' || unexplained[1]
            when len(forbidden) > 0 then 'never with ' || forbidden[1]
            when len(forbidden_before) > 0 and met_here = 0 then 'never with ' || forbidden_before[1]
            -- What a review or a death led to says nothing of how many there were.
            when
                unknown_count > 0
                or unknown_in_clause > if(counts in ('weeks', 'days') and not is_behind, 3, 1) and not (counts = 'events' and is_behind and distance <= 3)
                then 'words that the lexicon does not know'
            when distance - known_words - bracketed_words > case when geography = 'england' then 20 when closes and (list_contains(told, 'number') or list_contains(told, 'share') or list_contains(told, 'rate')) then 18 when counts not in ('people', 'events') or is_of_number or closes and list_contains(told, 'change') and regexp_matches(before, '\b(?:from|to) (?:{{ light_words() }}| )*$') then 14 when head_kind = 'place' then 12 else 8 end then 'too far'
            when
                in_brackets and not is_behind and not is_of_number and distance - known_words > 6 and last_break > head_last
                -- "is lower than the national average (19% compared with 24%)"
                and not regexp_matches(behind, '^%? (?:compared|against)\b')
                then 'too far'
            when regexp_matches(before, '\b(?:further|additional|another|extra|remaining|other) (?:{{ light_words() }}| )*$') or regexp_matches(behind, '^%? (?:more|further|additional|extra|others?)\b')
                then 'an increment'
            when counts in ('people', 'events') and regexp_matches(before, '\b(?:last|latest|most recent|first|next|these|those|all) (?:{{ light_words() }}| )*$') then 'a sample'
            -- "318 children became subject to a plan" in a time, and are no stock.
            when
                counts = 'people' and head = 'on_plan' and is_behind
                and regexp_matches(array_to_string(words[place + 1:head_first - 1], ' '), '\b(?:became|become|becoming|made|placed|started|starting|began|had become|have become)\b')
                then 'a flow'
            when
                head = 'sgo_made' and is_behind and regexp_matches(behind, '^(?: [a-z]+){0,5} (?:are|is|live|lives|living|currently|subject to)\b')
                and not regexp_matches(behind, '^(?: [a-z]+){0,3} (?:became|made)\b')
                then 'a stock'
            when head in ('caseload', 'average_caseload') and len(list_intersect(sentence_concepts, ['other_worker', 'manager', 'iro'])) > 0 then 'another profession'
            -- "Reviewing officers carry too many cases. Their caseloads averaged 82."
            when
                head in ('caseload', 'average_caseload') and words[head_first - 1] = 'their'
                and len(list_intersect(concepts_before, ['other_worker', 'manager', 'iro'])) > 0 and not list_contains(concepts_before, 'social_worker')
                then 'another profession'
            when
                head in ('became_looked_after', 'ceased', 'adopted') and is_behind and 'who' in words[place:head_first]
                and word_behind_head not in (',', '.', ';', '')
                -- "Of the 163 children who started to be looked after", "The 14 children who were adopted in 2013-14 had waited"
                and not regexp_matches(before, '(?:^ ?|\bthat )of the $')
                and not (
                    regexp_matches(before, '(?:^ ?|\b(?:for|of|that) )the $')
                    and regexp_matches(array_to_string(words[head_last + 1:head_last + 4], ' '), '^(?:(?:in|during) (?:the )?)?\{\d+\} (?:had|have|were|are|was|all|,)')
                )
                then 'a part: who'
            when is_behind and 'who' in words[place:head_first] and head_first - place - list_position(words[place:head_first], 'who') > 3 and not who_is_explained then 'a part: who'
            when counts in ('people', 'events') and regexp_matches(behind, '^ (?:out )?of (?:the |these |those |its |all )*<') and not list_contains(explained, 'of_which') then 'a part of a whole'
            -- "95% of children who live in homes are in ones judged good"
            when counts = 'share' and is_behind and regexp_matches(behind, '^%\)? of') and 'who' in words[place:head_first] and word_behind_head in ('are', 'were', 'is', 'was', 'have', 'had', 'has', 'live', 'attend') then 'a share of it'
            -- "68 children live in children's homes (47 of one kind, 21 of another)"
            when counts = 'people' and in_brackets and not is_behind and previous_place between last_strong_break and head_first then 'a part: in brackets'
            when counts = 'share' and regexp_matches(before, '\bincluded (?:{{ light_words() }}| )*$') then 'a part: included'
            when regexp_matches(before, '\bincluding (?:{{ light_words() }}| )*$') then 'a part: included'
            when
                counts = 'share' and is_behind and head_kind in ('people', 'state', 'place', 'group') and head != 'total_population'
                and regexp_full_match(array_to_string(words[place + 1:head_first - 1], ' '), '%(?: \))? of(?: (?:all|the|its|their|these|our))*')
                then 'a share of it'
            -- "Of the 62 who live in homes, most (74%) are outside the area"
            when counts in ('people', 'events') and is_behind and regexp_matches(before, '(?:^ ?|\bthat )of the $') and list_contains(words[place:head_first], ',') then 'the whole of a part'
            -- "26 lived in homes which met their needs"
            when counts in ('people', 'share') and head_kind = 'place' and is_behind and word_behind_head in ('which', 'that') then 'a part: which'
            when counts = 'share' and head_kind = 'place' and met_here = 0 and regexp_matches(behind, '^%\)? of (?:these|those)\b') then 'a part: of which'
            when counts = 'share' and is_of_something_else then 'a share of something else'
            when counts in ('people', 'events') and is_of_which and not list_contains(explained, 'of_which') then 'a part: of which'
            -- "61% are in education or work, and of this group 15% are at university"
            when
                counts = 'share' and not is_behind
                and regexp_matches(array_to_string(words[head_last + 1:place - 1], ' '), '\bof (?:these|whom|which|them|those|this (?:number|group))\b')
                then 'a part: of which'
            -- "34 care leavers live elsewhere, and of these 79%": of all of them only where no number stands before.
            when
                head in ('eet', 'neet', 'suitable_accommodation') and reading_id not in (select reading_id from of_those_before)
                and (
                    (is_of_which or regexp_matches(behind, '^%\)? of them\b')) and told_from > last_strong_break
                    or regexp_matches(said_before, '^(?:• |- )?of these\b')
                )
                then 'a part: of which'
            -- "Of those 20 children, six (30%) live outside the area"
            when
                counts in ('people', 'share') and (met_here = 0 or not list_contains(explained, 'of_which'))
                and regexp_matches(array_to_string(words[item_from + 1:place - 1], ' '), '\bof (?:these|those) <\d+>')
                and (reading_id not in (select reading_id from of_those_before) or len(lacking_before) > 0)
                then 'a part: of which'
            -- "19 children looked after living outside the county have not been seen"
            when counts in ('people', 'events') and is_behind and regexp_matches(array_to_string(words[head_last + 1:head_last + 2], ' '), '^(?:have|has|had|do|did|are|were) not$')
                then 'a part: not'
            -- "in 7 of 12 plans", "of the 14 assessments that inspectors considered": of some, not of all.
            when is_whole and not regexp_matches(before, '{{ out_of_all() }}') then 'the whole of a part'
            when is_whole and regexp_matches(behind, '{{ looked_at() }}')
                then 'a sample'
            -- "An audit of 40 cases found that 85% …"
            when regexp_matches(
                said_before,
                '\b(?:samples?|audits?|surveys?) of (?:[a-z]+ )*<\d+> [^,;]* that(?: (?:{{ light_words() }}))*$'
            )
                then 'a sample'
            when is_set_in_a_part then 'a part: set before it'
            -- "Across London, 22% of social workers are agency staff"
            when regexp_matches(
                said_before,
                '(?:^|\bthat )(?:across|in|within|for|throughout) (?:the )?(?:whole )?(?:{{ region_words() }}|yorkshire and the humber) ,'
            )
                then 'of a region'
            -- "31 episodes involving 12 children in care", or told of those before
            when
                counts = 'events' and list_contains(never, 'looked_after')
                and (
                    regexp_matches(behind, '^(?: [a-z]+){1,3} (?:involving|relating to|concerning|by) <\d+> (?:children in care|looked after children|children looked after)\b')
                    or head = 'occasion' and list_contains(concepts_before, 'looked_after')
                )
                then 'never with looked_after'
            -- "31 children were adopted or made subject to a special guardianship order"
            when counts = 'events' and is_behind and words[head_last + 1] = 'or' then 'counts two things'
            -- "76% were with foster carers or in adoptive placements"
            when
                counts in ('people', 'share') and head_kind = 'place' and words[head_last + 1] = 'or' and words[head_last + 2] in ('in', 'with', 'at')
                and is_behind
                then 'counts two things'
            -- "11 young people came into care in this way"
            when counts in ('people', 'events') and is_behind and array_to_string(words[head_last + 1:head_last + 3], ' ') = 'in this way' then 'a part: in this way'
            -- "15 of the 23 looked after children in foster care": some of them alone.
            when counts = 'people' and is_whole and is_behind and is_narrowed then 'a part: where they live'
            when counts in ('people', 'events') and is_whole and is_behind and not (is_whole_in_brackets and distance <= 4) and (counted is null or word_behind in ('live', 'lives', 'lived', 'were', 'are', 'was', 'is', 'have') or counted.concept_id != head and distance > 3) then 'the whole of a part'
            when counts in ('people', 'events') and list_contains(told, 'average') then 'an average'
            when counts in ('people', 'events') and value = 0 and word_behind not in ('live', 'lives', 'lived', 'were', 'are') and not regexp_full_match(coalesce(between, ''), '(?:(?:current|new|children|young people|further) ?)*') then 'counts something else'
            when counts in ('people', 'events') and regexp_matches(before, '^% ?\($') and not list_contains(explained, 'of_which') then 'a part: in brackets behind a share'
            -- "responded to 12 referrals within a day"
            when counts = 'events' and is_behind and regexp_matches(array_to_string(words[head_last + 1:head_last + 2], ' '), '^within (?:a|an|one|<)') then 'a part: within'
            -- "a fall in missing episodes of a few children, from 66 episodes"
            when head = 'occasion' and list_contains(sentence_concepts, 'missing_episode') then 'told of before'
            when counts = 'events' and regexp_matches(before, '\b(?:following|last|previous|after|these|both|latest) (?:{{ light_words() }}| )*$') then 'told of before'
            when
                (counts = 'people' or counts = 'events' and head != 'adopted') and is_behind and not is_whole_in_brackets and previous_place > last_strong_break and counted.concept_id = head
                and word_behind in ('were', 'are', 'was', 'is') and not list_contains(explained, 'of_which')
                then 'a part of those before'
            when counts in ('people', 'events') and is_behind
                then case
                    when not is_framed then 'not told as a count'
                    when regexp_matches(before, '\b(?:work|works|working|worked|support|supports|supported|supporting|training|interviews?|visits?|meetings?|letters?|sessions?|sample|audits?|reviews?|assessments?|plans)\b(?: \w+)? (?:with|for|to|of|on|by) (?:{{ light_words() }}| )*$') then 'of some that were worked with'
                    -- "146 (80%) of the looked after population live with foster families"
                    when head_kind = 'place' and list_contains(needs[1], 'looked_after') and regexp_matches(behind, '^ of (?:the |all |its )*(?:total )?(?:looked after|children looked after|children in care)\b') then null
                    when not acts and not regexp_matches(before, '^% ?\($') and regexp_matches(between, '\b(?:of|and|before|after|for|in|to|with|from|the|their|such|on|or|at|by)\b') then 'counts something else'
                    when counted is null and not acts then 'counts something else'
                    when counted.concept_id = head and head_kind = 'place' and word_behind not in ('live', 'lived', 'lives', 'living', 'are', 'were', 'is', 'was', 'in', 'with', 'placed', 'reside')
                        then 'counts places'
                    when counted.concept_id != head and not (list_contains(explained, counted.concept_id) and counted.kind in ('people', 'state')) then 'counts ' || counted.concept_id
                    when counts = 'events' and counted.concept_id != head and head not in ('adopted', 'sgo_made') then 'counts ' || counted.concept_id
                    when
                        head not in ('scr', 'serious_incident') and head_kind != 'place' and not is_whole
                        and word_behind_head not in (
                            ',', '.', ';', ':', ')', '(', 'at', 'in', 'by', 'as', 'on', 'during', 'this', 'compared', 'and', 'but', 'which', 'while', 'an', 'a',
                            'since', 'over', 'across', 'currently', 'now', 'so', 'today', 'within', 'from', 'made', 'received', 'completed', 'held', 'undertaken', 'or', 'per', 'between', 'involving', 'open', 'known', '-', 'out', if(head = 'under_18', 'live', '-'), if(head = 'under_18', 'living', '-'), if(head = 'under_18', 'who', '-')
                        ) and not starts_with(word_behind_head, '{')
                        and not is_done_behind
                        and not regexp_matches(array_to_string(words[head_last + 1:head_last + 5], ' '), '^who are looked after by')
                        and not (counts = 'events' and word_behind_head in ('to', 'against', 'concerning', 'about', 'relating', 'for'))
                        then 'a part: ' || word_behind_head
                    when word_behind_head = 'in' and starts_with(words[head_last + 2], '<') then 'a part: in some'
                end
            when counts in ('people', 'events')
                then case
                    when list_contains(told, 'rate') or list_contains(told, 'share') then 'a rate'
                    -- "The population under 18 of Ashmere is 91,450", "Children under 18 number 28,750"
                    when
                        head = 'under_18'
                        and not regexp_matches(
                            head_words || ' ' || array_to_string(words[head_last + 1:place - 1], ' '), '(?:\bpopulation\b[^,;]* (?:is|was|stands at|stood at)|18 (?:number|numbered|total|totalled))(?: (?:{{ light_words() }}))*$'
                        )
                        then 'counts something else'
                    when head in ('adopted', 'sgo_made') and counted.concept_id = 'child' and regexp_matches(before, '\b(?:for|in respect of) (?:{{ light_words() }}| )*$') then null
                    when counts = 'events' and counted.concept_id = 'child' and head not in ('adopted', 'sgo_made') then 'counts child'
                    when
                        not in_brackets and distance > 2
                        and word_behind_head not in (
                            'has', 'have', 'had', 'is', 'was', 'are', 'were', 'continues', 'continued', 'remains', 'remained', 'rose', 'rising', 'increased', 'increasing',
                            'decreased', 'decreasing', 'fell', 'falling', 'reduced', 'reducing', 'dropped', 'grew', 'from', '(', ')', 'at', 'in', ',', 'to', 'stood', 'stands', 'by', 'over', 'during',
                            'on', 'last', 'this', 'since', 'as', 'across', 'and', 'made', 'granted', 'completed', 'received', 'recorded', 'held', 'undertaken', 'submitted', 'currently', 'now',
                            'living', 'averaging', 'cases', 'children', '-', 'of', 'show', 'shows', 'remain'
                        ) and not starts_with(word_behind_head, '{') and not starts_with(word_behind_head, '<')
                        then 'a part: ' || word_behind_head
                    when
                        words[head_last + 1] in ('from', 'for', 'about', 'involving', 'regarding', 'concerning', 'relating', 'with')
                        and not regexp_matches(coalesce(words[head_last + 2], ''), '^[<#@({]|^(?:around|about|just|a|the)$')
                        then 'a part: ' || words[head_last + 1] || ' ' || words[head_last + 2]
                    when in_brackets and distance - known_words > 3 and not is_of_number then 'too far'
                    when regexp_matches(before, '\bwith (?:{{ light_words() }}| )*$') and not regexp_matches(behind, '^ (?:such |of these )?(?:cases|arrangements)\b|^ (?:(?:as )?at|in|on|by) (?:the end of )?\{\d+\}') then 'counts something else'
                    when
                        counted.concept_id = 'child'
                        and (distance <= 2 or regexp_matches(before, '\b(?:support|supports|supported|benefits?|helps?|in place for) (?:{{ light_words() }}| )*$'))
                        then null
                    when not in_brackets and head != 'under_18' and not list_contains(told, 'number') and not (list_contains(told, 'change') and (head_first - head_break <= 4 or is_change_of_head))
                        then 'not said to be its number'
                    when not in_brackets and not closes and coalesce(counted.concept_id, '') not in (head, 'child', 'person') then 'counts something else'
                end
            when
                counts = 'average'
                and (
                    counted.concept_id not in ('child', 'person', 'social_worker') and counted.first_place <= place + 3
                    or len(list_intersect(words[window_from:window_to], ['team', 'teams'])) > 0
                )
                then 'a part: a team'
            when counts = 'days' and regexp_matches(before, '\b(?:within|under|than|over|exceeding) (?:the )?$') then 'a limit'
            -- Proceedings have 26 weeks by law.
            when
                counts = 'weeks' and regexp_matches(before, '\b(?:within|under|than|in|over|exceeding) (?:the )?$')
                and ((value = 26 or list_contains(sentence_concepts, 'most')) and not list_contains(sentence_concepts, 'average') or list_contains(sentence_concepts, 'target'))
                then 'a limit'
        end as refused,
    from tails

)

select * from final
