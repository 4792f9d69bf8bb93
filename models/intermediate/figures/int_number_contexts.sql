-- What a number's own surroundings say of it: unit, qualifier, whose figure it is, which date is its own, and whether
-- it goes on from the number before ("from 225 to 161", "27% in 2014-15, decreasing to 24%").

with templates as (

    select * from {{ ref('int_templates') }}

),

numbers as (

    select * from {{ ref('int_numbers') }}
    where kind = 'number'

),

periods as (

    select * from {{ ref('int_periods') }}

),

-- The words on both sides of each number, dates among them.
parted as (

    select
        reading_id,
        report_id,
        template,
        unnest(regexp_extract_all(template, '<(\d+)>', 1))::integer as position,
        unnest(string_split_regex(template, '<\d+>')[:-2]) as before,
        unnest(string_split_regex(template, '<\d+>')[2:]) as after,
    from templates
    where number_count > 0

),

placed as (

    select
        parted.*,
        numbers.value,
        numbers.mention,
        numbers.printed_unit,
        numbers.statement_id,
        row_number() over in_reading as number_order,
        -- All that follows, what stands in brackets left out.
        regexp_replace(
            regexp_replace(
                array_to_string(string_split(parted.template, '<' || parted.position || '>')[2:], ''),
                '^[^(){};,]*\)', ''
            ),
            -- "512 days over the three years to the end of March 2016"
            '\([^()]*\)|(?:over |for |in |during )(?:the |a )<\d+> years (?:to|ending) (?:the end of )?|<\d+> (?:or more )?(?:years|months|weeks|days)(?: or (?:more|longer))?', '', 'g'
        ) as rest,
        lag(parted.position) over (partition by parted.reading_id, numbers.printed_unit order by parted.position) is null
            as is_first_of_unit,
        list_last(regexp_extract_all(parted.before, '\{(\d+)\}', 1)) as last_period_before,
        -- "has improved from the previous year and is 42%", "worse than in 2013": what something is compared with.
        list_transform(
            regexp_extract_all(
                parted.template,
                '\b(?:than|(?:improve|increase|reduce|rise|deteriorate|decrease|worsen)\w*(?: \w+)? (?:from|on|since)|(?:risen|rose|fallen|fell|fall|reduction|change|up|down) (?:from|on)|compared (?:with|to))(?: (?:in|at|on|for|during|the|that|those|of))* \{(\d+)\}(?:,? ?(?:and|but|at)\b| ?,? (?:increasing|decreasing|rising|falling|reducing|improving)\b)',
                1
            ), lambda compared: compared::integer
        ) as compared_periods,
    from parted
    inner join numbers using (reading_id, position)
    window in_reading as (partition by parted.reading_id order by parted.position)

),

-- Of the words on one side, what stands in the same clause.
clauses as (

    select
        *,
        -- "the England average over the same three years was": years part no clause.
        regexp_extract(
            regexp_replace(
                regexp_replace(string_split(template, '<' || position || '>')[1], '<\d+> (?:or more )?(years|months)\b', '\1', 'g'), '\{\d+\}', ' ', 'g'
            ),
            '([^,;.:>]*)$', 1
        ) as clause_before,
        regexp_extract(after, '^([^,;.:<]*)', 1) as clause_after,
        -- "rose to 23% (2015/16: 17%)": the date is of the figure behind it.
        regexp_matches(after, '\(\{\d+\} ?: $') as dates_the_next,
        -- "(93% in 2013-14, 89% in 2014-15)"
        regexp_matches(after, '^%?[^()<]{0,20} ?\{\d+\}[),]') or regexp_matches(rest, '^ (?:days|weeks) \{\d+\}\)') as is_dated_in_its_bracket,
        -- "three serious case reviews, compared with one": what stands before the comparator is told of the figure before.
        regexp_replace(before, '^[^.;]*\b(?:{{ comparators() }})\b', '') as words_of_its_own,
        regexp_extract(after, '^([^{};]*)\{(\d+)\}', ['words', 'period']) as close_period,
        regexp_extract(rest, '^([^<>{};]*)\{(\d+)\}(.?.?)', ['words', 'period', 'then']) as next_period,
    from placed

),

described as (

    select
        *,
        -- "150 days (31 March 2014)", "640 (at 31 March 2014)"
        regexp_matches(close_period.words, '^%?(?:\)?[^()]{0,60}| ?(?:(?:days|weeks|children|young people) )?\((?:(?:as )?(?:at|of|in|on|for|during) )?)$')
        and not dates_the_next
            as is_close_by,
        case
            when printed_unit in ('percent', 'gbp') then printed_unit
            when
                regexp_matches(after, '^ ?(?:[a-z]+ ){0,5}\(?(?:per|in every|for every|out of every) (?:10 ?,? ?000|ten thousand)')
                or regexp_matches(before, 'rate of [^<{]{0,20}$|(?:per|for every|in every) (?:10,000|ten thousand)[^<,;{]{0,60}(?:is|was|are|were|of|to|at|from|children,|\() ?$')
                then 'per_10k'
            -- "from 337 to 358 days", "stood at 431 in 2013-14 compared with the national average of 628 days"
            when
                printed_unit = 'count'
                and regexp_matches(after, '^(?: (?:in|at|for|by) \{\d+\}| \(\{\d+\}\))? to (?:around |about |just |over )*$|^(?: (?:in|at|for|by) \{\d+\})?,? (?:compared (?:with|to)|against) (?:[a-z]+ ){0,5}$')
                and regexp_matches(lead(after) over (partition by reading_id order by position), '^ (?:calendar )?(?:days|weeks)\b')
                then regexp_extract(lead(after) over (partition by reading_id order by position), '(days|weeks)')
            -- "from 679 days to 653 in January 2015"
            when
                printed_unit = 'count'
                and regexp_matches(before, '^ (?:calendar )?(?:days|weeks)(?: (?:in|at|by|on|for) \{\d+\}| \(\{\d+\}\))? to (?:around |about |just |over |under |an average of )*$')
                and regexp_matches(after, '^ ?(?:$|[.,;(]|(?:as at|in|at|by|during|for|over|and)\b)')
                then regexp_extract(before, '(days|weeks)')
            -- "29 weeks on average (England 30)", "27 weeks (33 in the previous year)"
            when
                printed_unit = 'count'
                and regexp_matches(string_split(template, '<' || position || '>')[1], '<\d+> (?:calendar )?(?:days|weeks)\b[^<.;()]{0,40}\([^()]*$')
                and regexp_matches(after, '^ ?(?:$|[,;:)]|(?:in|at|on|for|last|nationally|the|a|during)\b)')
                then regexp_extract(string_split(template, '<' || position || '>')[1], '<\d+> (?:calendar )?(days|weeks)\b[^<.;()]{0,40}\([^()]*$', 1)
            when regexp_matches(after, '^ (?:calendar |working )?weeks?\b') then 'weeks'
            when
                regexp_matches(after, '^ (?:calendar |working )?days?\b') or regexp_matches(before, '\bnumber of days\b[^<.;]*\b(?:is|was|to|from) (?:around |about |just |over |under )*$')
                then 'days'
            -- "60 days longer than the England average of 628"
            when
                printed_unit = 'count'
                and regexp_matches(before, '^ days (?:longer|shorter|more|fewer|less|better|worse|quicker|slower|above|below)\b[^<.;]* (?:average|figure) (?:of|at) $')
                and regexp_matches(after, '^ ?(?:$|[.,;()]|and|or|but)')
                then 'days'
            -- "The national rate is 157"
            when
                printed_unit = 'count'
                and regexp_matches(before, '^ ?(?:(?:however|the|this|that|its|their|our|current|latest|national|england|english),? )*rate (?:per (?:10,000|ten thousand)[a-z ]* )?(?:is|was|of|stands at|stood at) (?:around |about |just |over |under )*$|\b(?:national|england) rate (?:is|was|of) (?:around |about |just |over |under )*$')
                and regexp_matches(after, '^ ?(?:$|[.,;()]|and|or|but|compared|against|in)')
                then 'per_10k'
            -- "the number of days has dropped from 541 in 2013-14 to 484"
            when
                printed_unit = 'count'
                and regexp_matches(before, '^(?: (?:in|at|for|by) \{\d+\}| \(\{\d+\}\))? to (?:around |about |just |over |under )*$')
                and regexp_matches(lag(before) over (partition by reading_id order by position), '\bnumber of days\b[^<.;]*\bfrom (?:around |about |just |over |under )*$')
                then 'days'
            when regexp_matches(after, '^ (?:calendar )?months?\b') then 'months'
            when
                regexp_matches(after, '^ (?:and|or|to) $')
                and regexp_matches(lead(after) over (partition by reading_id order by position), '^ (?:calendar )?months?\b')
                then 'months'
            when regexp_matches(after, '^ years?\b') then 'years'
            when regexp_matches(after, '^ (?:miles?|km)\b') then 'miles'
            when regexp_matches(after, '^ hours?\b') then 'hours'
            else 'count'
        end as unit,
        case
            when regexp_matches(after, '^%?(?: (?:children|young people|cases))?,? or (?:less|fewer)\b') then 'at_most'
            when regexp_matches(after, '^%?,? (?:or|and) (?:more|over|above)(?:$|[.,;:)]| (?:of|for|in|were|are|children|years|young|placement))|^\+') then 'at_least'
            when regexp_matches(before, '\b(?:approximately|approx\.?|around|about|circa|c\.|roughly|nearly|almost|just (?:under|over|below|above)|some|an estimated|estimated|close to|in the region of|well over|slightly (?:over|under|above|below|more than|less than)|a little (?:over|under)) ?$') then 'approximate'
            when regexp_matches(before, '\b(?:fewer than|less than|under|below) ?$') then 'less_than'
            when regexp_matches(before, '\b(?:up to|at most|no more than|not more than|a maximum of) ?$') then 'at_most'
            when regexp_matches(before, '\b(?:more than|over|above|in excess of|upwards of|exceeding|greater than) ?$') then 'more_than'
            when regexp_matches(before, '\b(?:at least|a minimum of|no fewer than|no less than|not less than) ?$') then 'at_least'
            else 'exact'
        end as qualifier,
        -- Whose figure: the nearest naming decides; "better than the national average at 8%" is the authority's.
        case
            -- "more than the national average … (13% compared with 11%)"
            when
                regexp_matches(before, '\bthan [^<]*\b(?:average|authorities|neighbours|england)\b[^<]*\($')
                and regexp_matches(after, '^%? (?:compared (?:with|to)|against) $')
                and regexp_matches(lead(after) over (partition by reading_id order by position), '^%?\)')
                then 'authority'
            when
                regexp_matches(clause_after, '^%?\)? (?:(?:days|weeks|months|children) )?(?:of [a-z ]+ )?(?:(?:recorded|reported|seen|found|achieved) )?(?:in the country as a whole|nationally|in england\b|across (?:england|the country|the nation)|countrywide|for england|(?:is|was) the (?:national|england)|(?:for|in) the country|england average|national average|the national average)')
                then 'england'
            when regexp_matches(after, '^ per (?:10,000|ten thousand)(?: children| population)? (?:nationally|in england\b|across (?:england|the country)|for england)') then 'england'
            when regexp_matches(before, '\b(?:national|england) (?:figure|average|rate)[^<.;]*, which (?:is|was|stands at) (?:around |about |just |over |under )*$') then 'england'
            when
                regexp_matches(clause_after, '^%?\)? (?:[a-z]+ |that (?:is|was) (?:seen|found|reported|achieved) )?(?:for \{\d+\} )?(?:for |in |of |among |across |by |as )?(?:the )?(?:its |their |our )?(?:statistical neighbour|similar (?:local )?(?:authorit|area)|comparator|comparable|other (?:local )?authorit|regionally|in the region|the region|region|neighbouring|target)')
                -- "below the national average (78%) and statistical neighbours (81%)"
                and not regexp_matches(clause_after, '^%?\)? (?:and|or|but) ')
                then 'other'
            when
                regexp_matches(clause_before, '(?:neighbour|comparator|similar (?:local )?(?:authorit|area|council)|comparable (?:[a-z]+ )?(?:authorit|area|council|borough)|aims? to|(?:a|the|its) plan of|hopes? to|plans? to|intends? to|expects? to|{{ region_words() }}|yorkshire|target|peer|family group|other (?:local )?authorities|benchmark|threshold|potential|projected|predict|forecast|expected|elsewhere|ambition|expectation)[^<]*$')
                and not (is_first_of_unit and regexp_matches(clause_before, '\b(?:below|above|than|outside|beyond|exceeds|exceeding|line with)\b[^<]*\b(?:at|with) (?:only |just |under |over |around |about |nearly |almost )*$'))
                and not regexp_matches(clause_before, '(?:neighbours?|comparators?|authorities|target|averages?|region)\)? (?:and|but) (?:[a-z]+ than |below |above |in line with |close to |similar to )?(?:the |an? )?(?:england|national)(?: average| figure| rate){0,2}(?: which)?(?: of| is| was| at)? ?\(?$')
                then 'other'
            -- "Among statistical neighbours, 38% of …", "than similar authorities, where 41% …"
            when
                regexp_matches(
                    before,
                    '(?:^|[.;:] ?|\bthat )(?:among|across|for|in|within) (?:its |their |the |all |other )*(?:statistical neighbours?|similar [a-z ]*authorit\w+|comparators?|comparable [a-z ]*authorit\w+|neighbouring [a-z]+|region)\b[^,;.<]{0,20}, [^,;.<]*$|\b(?:neighbours|authorities|areas|comparators), where [^,;.<]*$'
                )
                then 'other'
            -- "a higher share than the national average … (13% compared with 11%)"
            when
                regexp_matches(before, '^%? (?:compared (?:with|to)|against|vs\.?) $')
                and regexp_matches(after, '^%?\)')
                and regexp_matches(
                    lag(before) over (partition by reading_id order by position),
                    '\b(?:than|above|below|with) (?:the |that of |in the rest of )?(?:national (?:average|figure|rate)|england(?: average)?)\b[^<;:]*\($'
                )
                and not regexp_matches(
                    lag(before) over (partition by reading_id order by position),
                    '\b(?:than|above|below|with) [^<;:]*(?:neighbour|comparator|similar|authorities)[^<;:]*\($'
                )
                then 'england'
            -- "lower than neighbours and the national average (13% compared with 11%)": it is not said whose.
            when
                regexp_matches(before, '^%?\)? ?(?:compared (?:with|to)|against|and) $')
                and not is_first_of_unit
                and regexp_matches(after, '^%?\)?(?:$|[.,;]| -)')
                and regexp_matches(template, 'national|england|neighbour|compara|average')
                then 'other'
            when
                regexp_matches(clause_before, '\b(?:above|below|than|to|with|exceeds) (?:the )?average\b[^<]*$') and not is_first_of_unit
                and not regexp_matches(clause_before, '\baverage (?:for|in|across) (?:england|the country) ?\($')
                then 'other'
            -- "the 26 weeks expected nationally", "the 121 days that government expects"
            when
                regexp_matches(
                    after,
                    '^(?:%| weeks| days) (?:that (?:is |are )?)?(?:(?:the )?(?:government|courts?|law|guidance) (?:expects?|requires?|sets?|allows?)|(?:expected|required|allowed|permitted|recommended)\b)'
                )
                then 'other'
            -- "It is rated green when fewer than 15% of social workers are agency staff"
            when regexp_matches(before, '\b(?:when|if|unless|once) (?:fewer|less|more) than $') then 'other'
            -- "The forecast is that children will have waited 598 days"
            when
                regexp_matches(before, '\b(?:will|would) (?:have|be|reach|rise|fall|take)\b[^<.;,]*$')
                -- "This would be a decline from the 575 days achieved in 2011-14"
                and not regexp_matches(before, '\b(?:who (?:will|would)|(?:will|would)\b[^<.;,]*\b(?:from|than|with|on))\b')
                then 'other'
            -- "better than the England average at 217 days and statistical neighbours at 200"
            when
                regexp_matches(clause_before, '\b(?:than|to|with|above|below) the (?:national|england) average at $')
                and regexp_matches(after, '^%?(?: days| weeks)?,? and (?:that of )?(?:the |its |their |our )?(?:statistical |similar |comparable )?(?:neighbours?|authorities|comparators?)(?: average)? at (?:around |about )?$')
                then 'england'
            -- "has fallen from 36 weeks to 32, better than the national average at 27"
            when
                not is_first_of_unit
                and regexp_matches(
                    clause_before, '\b(?:below|above|than) the (?:national|england|english) (?:average|figure|rate)\b at (?:only |just |under |over |around |about |nearly |almost )*$'
                )
                then 'other'
            when
                regexp_matches(clause_before, '\b(?:national(?:ly)?|england|english|country)\b[^<]*$')
                and not (is_first_of_unit and regexp_matches(clause_before, '\b(?:below|above|than|outside|beyond|exceeds|exceeding|line with|better|worse)\b[^<]*\b(?:at|with) (?:only |just |under |over |around |about |nearly |almost )*$'))
                and not regexp_matches(clause_before, '(?:nationally (?:published|reported|collected|available|recognised)|national (?:data|dataset|indicator|return|statistics)|published national|authorities in england|inspectorate|strategy|programme|minimum|offender|police|standards|insurance|pilot|adoption register|east of england|nationality|non-national|english (?:is|as) an additional)')
                and regexp_matches(clause_before, '(?:national|england|english|country|nationally)(?:[^<]* (?:average|figure|rate|level|levels|proportion|percentage|mean|median|position|picture|data|performance|total))?s?(?: over the same \w+(?: \w+)?)?(?: \w+){0,5}[ (:]*$|(?:average|figure|rate|level|levels)[^<]*(?:of|is|was|at|also|\() ?$')
                then 'england'
            else 'authority'
        end as geography,
        -- "risen by 5%", "an increase of 12": how much it moved, not what it is.
        regexp_matches(before, '\b(?:by|(?:increase|reduction|decrease|rise|fall|drop|improvement|decline|change)s? of) (?:a further |approximately |around |about |almost |nearly |over |more than |just |some |only )*$')
        -- "were experienced by 9% of children looked after"
        and not regexp_matches(after, '^% of (?:all |the |its |their |those )*(?:children|young people|care leavers|looked after|pupils)\b')
        or regexp_matches(after, '^(?:%|(?: percentage)? points?| days?| weeks?| months| children)? ?(?:percentage points?|fewer|longer|more than|less than|better|quicker|shorter|higher|lower|away from|short of|off the|slower|faster|increase|reduction|decrease|rise|fall|improvement|drop)\b')
        or regexp_matches(after, '^ (?:days?|weeks?) (?:above|below|over|under|beyond|outside|inside|behind|ahead of)\b')
        and not regexp_matches(after, '^ (?:days|weeks) over (?:\{|the (?:whole|year|period|course|same|last|past)\b|(?:the |a )?$)')
            as is_change,
        -- "12 of the children" is a part of something.
        regexp_matches(after, '^ of (?:the (?:[^t]|t[^o])|their|its|our|those|all)\b') as is_part,
        -- "between 15 and 18", "15 to 18" give no one value.
        regexp_matches(before, '\b(?:between|rang\w+|var(?:y|ies|ied|ying)) (?:from )?(?:around |about )?$')
        or regexp_matches(
            lag(before) over (partition by reading_id order by position), '\b(?:rang\w+|var(?:y|ies|ied|ying)) (?:from )?(?:around |about )?$'
        )
        or regexp_matches(after, '^ ?(?:-|to) ?$') and not regexp_matches(before, '\bfrom (?:an? )?(?:average of |around |about |just |over |almost |nearly |more than |less than |under |a peak of |a low (?:base|point) of |approximately )*$') and not regexp_matches(before, '\b(?:from|rise|increase|risen|reduction|fall|reduced|increased|decreased|fallen|doubled|improved)\b[^.;]*$')
        or regexp_matches(after, '^ ?(?:-|to) ?<') and not regexp_matches(before, '\bfrom (?:around |about |just |over )*$')
        or regexp_matches(before, '^ ?(?:-|to|and) ?$')
        and regexp_matches(
            lag(before) over (partition by reading_id order by position),
            case when contains(before, 'and') then '\bbetween (?:around |about )?$' else '(?:^|[^m]|[^o]m|[^r]om|[^f]rom) ?$' end
        )
        and not (
            not contains(before, 'and')
            -- "has gone up by 38 to 512"
            and regexp_matches(lag(before) over (partition by reading_id order by position), '\b(?:from|by) (?:around |about |just |over |a peak of |an average of )*$')
        )
            as is_range,
        -- "29 weeks (33 in the previous year)"
        regexp_matches(before, '\((?:only |just |around |about |over )?$')
        and regexp_matches(after, '^%? ?(?:(?:in|at|on|for|during|by|as at) (?:the (?:same (?:time|point|period) )?)?)?\{\d+\}\)')
        or regexp_matches(
            before,
            '(?:^|[ ,(;:-])(?:(?:from|to|and|compared (?:with|to)|against|(?:improvement|increase|decrease|reduction|rise|fall) on|up (?:from|on)|down (?:from|on)|then|than|but|versus|now|currently|reaching|having been|had been|previously|through|with|rising|falling|is|was|stood|increas\w+|decreas\w+|reduc\w+)\b|\{\d+\})(?: to)?[^<.;]{0,28}$'
        )
        and not regexp_matches(
            -- "31% in April 2016; the figure now stands at 19%"
            regexp_replace(words_of_its_own, '; (?:the (?:latest |current )?(?:figure|rate|proportion|percentage|number)|this|it) (?:(?:is|was|has|had|now|currently|since|stands|stood|risen|rose|fell|fallen|reached|to|at|just|only|around|about) )+$', ' '), '[.;] |\b(?:of (?:whom|which|these|them|those|this group|this number)|for those|including|includes|girls|boys|another|further|additional|aged|only|in addition|for the (?:children|young|group|other|rest|whole|remaining|under|over|youngest|older|county|city|borough|district)|members|staff|workers|reviews|months|visits|schools|families|meetings|(?:percentage|proportion|number|rate|share|majority) of|attend\w*|immunis\w*|dental)\b')
        -- "212 ceased to be looked after, 11 (5%) have since returned"
        and not (
            regexp_matches(after, '^ ?\($')
            and regexp_matches(lead(after) over (partition by reading_id order by position), '^%?\) (?:have|has|had|are|were|was|is|live|lives) ')
        )
        and length(before) < 160
        and regexp_matches(
            after,
            '^%? ?(?:$|[(),.;:{-]|(?:per|at|in|on|by|as|to|from|during|this|last|previous|a year|over|since|respectively|nationally|for (?:england|\{)|across england|and|but|which|so|now|currently|the \{|who did so|recorded|reported|twelve months|achieved|known|seen|found|(?:they|it|this) (?:is|are|was|were|has|have)|(?:children(?: and young people)?|young people|cases|plans|orders)(?: ?[(),.;{]| (?:at|in|by) \{|$)|weeks|days|while|whilst|compared|with)(?:\b|$))'
        )
            as goes_on,
    from clauses

),

-- The date after a number is its own where nothing parts them; else the date before, unless that belongs to another
-- figure of the same kind ("36 weeks in 2013-14 to 32 weeks" leaves the 32 without one).
behind as (

    select
        *,
        case when close_period.period != '' and is_close_by then close_period.words else next_period.words end
            as words_to_period,
        coalesce(
            case when is_close_by then nullif(close_period.period, '') end,
            case when not starts_with(next_period.then, ' (') and not dates_the_next then nullif(next_period.period, '') end
        )::integer as period_behind,
    from described

),

following as (

    select
        * exclude (period_behind),
        case
            when
                -- "in March 2015 (266)"
                -- and not "doubled in the last year (266 at the inspection)"
                (not regexp_matches(before, '\{\d+\} ?\([^()]*$') or is_dated_in_its_bracket)
                -- "At 65%, the proportion of … in 2013-14 was": what is told of can be long.
                and length(words_to_period) < if(regexp_matches(before, '(?:^|[.;:] ?)at $'), 180, 110)
                and not regexp_matches(
                    words_to_period,
                    '\b(?:and|but|while|whilst|whereas|when|compared to|compared with|than|from|to|since|with)(?: (?:in|at|by|for|during|of|on|as at|the|end|to the end of))* ?$|\bcompared |[:-] ?$'
                    -- "94%, an improvement on 2013-14 when it was", "well above the national rate in 2013-14"
                    || '|\b(?:down|up|improved|reduced|risen|fallen|increased|decreased) from\b|\b(?:improvement|increase|rise|reduction|decrease|fall) on\b|\b(?:above|below|better than|worse than) the (?:national|england|english|average)'
                )
                -- What leads the sentence stands, unless nothing parts the number from the date behind it.
                and not (contains(words_to_period, ',') and last_period_before is not null)
                then period_behind
        end as following_period,
    from behind

),

with_periods as (

    select
        following.*,
        -- "60.3% in March 2015, it has now improved to 69.6%"
        following.last_period_before is null and regexp_matches(following.before, '\b(?:now|the (?:latest|current) (?:figure|rate|proportion|percentage|number))\b')
        -- "; the figure now stands at 12%"
        or regexp_matches(following.before, '; (?:it|this|the (?:figure|rate|proportion|percentage|number))(?: is| has| stands)? now [^{]*$') as is_of_now,
        bool_or(periods.period_kind = 'inspection' and periods.position = following.following_period)
        and bool_or(periods.period_kind = 'since_last_inspection' and periods.position < following.position) as is_said_now,
        max(periods.position) filter (
            where periods.position < following.position
            and not list_contains(following.compared_periods, periods.position)
            and not exists (
                select 1
                from following as others
                where
                    others.reading_id = following.reading_id
                    and others.position < following.position
                    and others.following_period = periods.position
                    and others.unit = following.unit
            )
        ) as preceding_period,
    from following
    left join periods on following.reading_id = periods.reading_id
    group by all

),

final as (

    select
        reading_id,
        report_id,
        statement_id,
        position,
        number_order,
        mention,
        value,
        unit,
        qualifier,
        case when is_change then 'change' when is_part then 'part' when is_range then 'range' else geography end as geography,
        goes_on and not is_change and not is_part and not is_range as goes_on,
        before,
        after,
        -- "Since the last inspection two … are ongoing at the time of the inspection": what leads the sentence stands.
        case when is_said_now then coalesce(preceding_period, following_period) else coalesce(following_period, case when not is_of_now then preceding_period end) end
            as period_position,
        regexp_matches(before, '\{\d+\} ?\($') and not is_dated_in_its_bracket as is_bracketed_after_period,
    from with_periods

)

select * from final
