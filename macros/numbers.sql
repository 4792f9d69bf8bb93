{#-
    What in a sentence holds a number, as one pattern over lower-case text with straight quotes and hyphens: references
    (section 47, aged 16 and 17), dates and periods, and numbers. Leftmost first: what stands earlier here wins.
-#}

{#- The words of numbers, as the seed number_words gives their values. -#}
{% macro one_to_nine() -%}
    one|two|three|four|five|six|seven|eight|nine
{%- endmacro %}

{% macro ten_to_nineteen() -%}
    ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen
{%- endmacro %}

{% macro tens() -%}
    twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety
{%- endmacro %}

{% macro number_word() -%}
    (?:(?:(?:{{ one_to_nine() }}|a) (?:hundred|thousand)(?: and |[ -])?)?(?:(?:{{ tens() }})(?:[ -](?:{{ one_to_nine() }}))?|{{ ten_to_nineteen() }}|{{ one_to_nine() }})|(?:{{ one_to_nine() }}|a) (?:hundred|thousand))
{%- endmacro %}

{% macro small_number() -%}
    (?:\d{1,2}|{{ one_to_nine() }}|ten|eleven|twelve|eighteen)
{%- endmacro %}

{% macro month_word() -%}
    (?:{{ month_names() | lower }})
{%- endmacro %}

{% macro day_word() -%}
    \d{1,2}(?: ?(?:st|nd|rd|th))?
{%- endmacro %}

{#- A day or a month with its year. -#}
{% macro date_words() -%}
    (?:(?:{{ day_word() }} (?:of )?)?{{ month_word() }},? (?:in )?20\d\d|\d{1,2}[/.]\d{1,2}[/.]20\d\d)
{%- endmacro %}

{#- A financial year, or years on end; "201617" where the page lost its dash. -#}
{% macro financial_year() -%}
    (?:20\d\d(?: ?[/-] ?(?:20)?| to 20)\d\d\b|20[0-3]\d[0-3]\d\b|\b[012]\d ?/ ?[0-3]\d\b)
{%- endmacro %}

{% macro period_words() -%}
    {%- set date = date_words() -%}
    {%- set year = financial_year() -%}
    {%- set few = small_number() -%}
    {%- set start = '(?:(?:' ~ day_word() ~ ' (?:of )?)?' ~ month_word() ~ '(?:,? (?:20\\d\\d|\\d\\d))?)' -%}
    {%- set last = '(?:last|past|previous|preceding|latest|most recent|prior)' -%}
    {%- set parts = [
        '(?:12|twelve)[ -]months?(?: period)?,? (?:to|ending|ended|up to(?: and including)?|from|prior to|before|preceding|since|until|immediately before)(?: the)?(?: end of| on)? (?:' ~ date ~ '|(?:the |this |our )?inspection)',
        few ~ '[ -]months?(?: period)?,? (?:to|ending|ended|up to(?: and including)?)(?: the)?(?: end of| on)? ' ~ date,
        '(?:year|quarter) (?:ending|ended|to|up to)(?: the)?(?: end of| on)? ' ~ date,
        'between ' ~ start ~ ' and ' ~ date,
        '(?:between 20\\d\\d and|from 20\\d\\d to) 20\\d\\d\\b',
        '(?:from )?' ~ start ~ ' ?(?:to|until|up to|up until|-) ?(?:the end of )?(?:' ~ date ~ '|' ~ month_word() ~ ' \\d\\d\\b)',
        'since (?:the |its |their |our )?(?:last|previous) (?:ofsted )?inspection\\b(?:,? (?:of [a-z ]{3,70} )?in (?:' ~ month_word() ~ ' )?20\\d\\d\\b)?',
        'since (?:the )?(?:end of |beginning of |start of )?(?:' ~ date ~ '|' ~ year ~ '|' ~ month_word() ~ '\\b|20\\d\\d\\b)',
        '(?:at |by )?(?:the )?(?:time of )?(?:the |its |our )(?:last|previous) (?:full )?(?:ofsted )?inspection\\b(?:,? in (?:' ~ month_word() ~ ' )?20\\d\\d\\b)?',
        '(?:autumn|spring|summer) term(?: of| in)? (?:' ~ year ~ '|20\\d\\d\\b)',
        '(?:first|second|third|fourth|last|final|previous|latest|same|current|this) (?:two |three )?quarters?\\b(?: (?:data |figures |performance )?(?:of|in|for) (?:the year|' ~ year ~ '|20\\d\\d))?',
        'quarters? (?:one|two|three|four|[1-4])\\b(?: (?:data|figures|performance))?(?:,? (?:of |in |for )?' ~ year ~ ')?',
        'q[1-4]\\b(?:,? (?:of |in |for |- )?' ~ year ~ ')?',
        '(?:first|last) ' ~ few ~ ' months of (?:' ~ year ~ '|20\\d\\d|this year|the (?:financial |current )?year)',
        '(?:academic|school) years? (?:of )?' ~ year,
        '(?:mid|early|late)[ -]20\\d\\d\\b',
        year,
        date,
        '(?:the )?' ~ last ~ ' (?:rolling )?(?:12|twelve)[ -]months?(?: period)?(?: prior to (?:the )?inspection)?',
        '(?:over|in|during|within|for|of) the (?:last|past|preceding) year\\b',
        '(?:' ~ few ~ ' )?(?:years|months|weeks) (?:before|prior to|preceding|leading up to) (?:the |this |our )?(?:inspection|visit)',
        '(?:the past|(?:the )?(?:last|previous|preceding|next|first|final)) (?:' ~ few ~ '|few|several|couple of) (?:financial |calendar |academic )?(?:years|months|quarters)\\b(?: (?:before|prior to) (?:the |this )?inspection| of (?:' ~ year ~ '|20\\d\\d\\b))?',
        'the (?:past|last|previous|preceding|next|first|final) (?:' ~ few ~ '|few|several|couple of) (?:weeks|days)\\b(?: (?:before|prior to) (?:the |this )?inspection)?',
        '(?:' ~ few ~ '|a few) (?:years|months) (?:ago|earlier|later|previously|before)\\b',
        '(?:' ~ few ~ '|a few) (?:weeks|days) (?:ago|earlier|later|previously)\\b',
        'a year (?:ago|earlier|later|before)\\b',
        'the year before(?: that)?\\b',
        '(?:a|the|one) years? (?:ago|earlier|later)\\b',
        '(?:this|last|previous|current|preceding|the|within the|in the) (?:(?:academic|school|calendar|financial|reporting|full) )?year to date',
        '(?:this|last|previous|current|preceding|next|prior|same)(?: (?:academic|school|calendar|financial|reporting|full))? year\\b',
        'within the year\\b|during the (?:reporting )?year\\b|in the (?:reporting|financial) year\\b',
        '(?:at |by |during )?(?:the )?(?:time|point|start|date) of (?:the |this |our )?(?:ofsted )?(?:inspection|(?:focused |monitoring )?visit)\\b|during (?:the |this )?inspection',
        'when (?:we|inspectors) visited\\b',
        'currently|at present\\b|presently|at the time of writing',
    ] -%}
    (?:\b(?:{{ parts | join('|') }}))
{%- endmacro %}

{#- Numbers that count nothing: sections of acts, ages, days without a year, hours of the day, telephone numbers, shares in words. -#}
{% macro reference_words() -%}
    {%- set few = small_number() -%}
    {%- set parts = [
        '(?:https?://|www\\.)\\S+',
        '\\S+@\\S+\\.\\S+',
        '\\b0\\d{2,4} ?\\d{3,4} ?\\d{3,4}\\b',
        '\\b(?:s\\.? ?(?:11|17|20|31|38|47|85|157|175|251)|s\\.\\d+)\\b|\\b(?:section|regulation|article|clause|schedule|paragraphs?|paras?|pages?|appendix|annex|chapter|table|figure|fig|form|tier|level|levels|part|phase|step|stage|standard|priority|objective|recommendations?|band|grade|version|volume|room|no\\.|outcome|theme|strand|domain|wave) ?\\d+(?:\\.\\d+)*(?:\\([\\d\\w]\\))*(?:(?:, ?\\d+)* ?(?:and|to|-|&|,|or) ?\\d+)?\\b',
        '\\bkey stages? (?:\\d|one|two|three|four)(?:(?:, ?\\d)*,? ?(?:and|-|to|&) ?(?:\\d|four))?|\\bks ?\\d',
        '\\b(?:turn|turned|turning|turns) (?:1[0-9]|2[0-5]|eighteen|sixteen)\\b|\\bcovid[- ]?19\\b',
        '\\byears? (?:1[0-4]|[1-9]|one|two|three|four|five|six|nine|ten|eleven|twelve|thirteen)\\b(?: ?(?:and|to|-|or|&) ?(?:year )?(?:1[0-4]|[1-9])\\b)?',
        '\\b(?:aged|ages?|age of|ages of)(?: (?:between|from|under|over|up to))? \\d{1,2}(?:\\+)?(?:(?:, ?\\d{1,2})* ?(?:-|to|and|or|,|/) ?\\d{1,2}\\+?)?(?: ?(?:years?|months?)(?: olds?| of age)?)?(?: (?:and|or) (?:over|under|above|older|younger))?',
        '\\bunder (?:the )?(?:age of )?(?:1[68]|16 years|18 years|one|five|2[15])(?: years(?: olds?| of age)?)?(?:s\\b|(?: who\\b))?',
        '\\bunder[ -](?:[15]|1[0-9]|2[0-5])s\\b|\\b(?:over|under)-?(?:16|18)s?\\b',
        '\\b(?:beyond|past) (?:16|18|21)\\b',
        '\\bage(?:d)? (?:one|two|three|four|five|ten|eleven|twelve|sixteen|seventeen|eighteen)\\b',
        '\\b\\d{1,2}\\+?(?: ?(?:-|to|and|or|,|/|&) ?-?\\d{1,2}\\+?)*[ -]+(?:to )?(?:\\d{1,2}[ -])?years?[ -]olds?(?:[ -]olds?)?',
        '\\b' ~ few ~ '[ -]years?[ -]olds?',
        '\\b\\d{1,2}- (?:and|to|or) \\d{1,2}-year-olds?',
        '\\b0 ?(?:-|to) ?(?:5|1[0-9]|2[0-5])\\b(?: years?)?',
        '\\b(?:16|18|19|21) ?\\+ (?:services?|teams?)\\b|\\b(?:two|three|four|five|[2-5]) year (?:average|period|rolling)\\b',
        '\\b\\d{1,2}(?: ?(?:st|nd|rd|th))? (?:of )?(?:' ~ month_names() | lower | replace('may|', '') ~ ')\\b|\\b(?:31|\\d{1,2}(?:st|nd|rd|th)) may\\b',
        '\\b45 days\\b|\\b24 ?/ ?7\\b|\\b\\d{1,2}[:.]\\d\\d ?(?:am|pm)\\b|\\b\\d{1,2} ?(?:am|pm)\\b',
        '\\b' ~ few ~ ' hours?\\b|\\b(?:24|48|72) hours?\\b',
        '\\b(?:\\d{1,3}|' ~ number_word() ~ ')[ -]working[ -]days?\\b',
        '\\b(?:\\d{1,3}|' ~ number_word() ~ ')-(?:hour|day|week|month|year|minute|weekly|monthly|mile|bed|bedded|tier|way|stage|point|track|page|part|tiered|term|fold|session|member|strong|person|storey|parent|size|thirds?|quarters?|fifths?|off|stop|sided|star|line|and)s?\\b',
        '\\b(?:per|for every|in every) (?:10 ?,? ?000|100 ?,? ?000|1 ?,? ?000|ten thousand|1000|10000|100)\\b(?: of the| of)?(?: child| general)?(?: population)?',
        '\\b\\d+(?:\\.\\d+){2,}\\b|\\b\\d+(?:st|nd|rd|th)\\b',
        '\\b(?:two|three|four|five|[2-5]) or (?:more|over)\\b|\\b(?:two|2) (?:or more )?years(?: or (?:more|longer|over)\\b)?\\b',
        '\\bone[ -]to[ -]one\\b|\\bone another\\b|\\bno[ -]one\\b|\\bone or (?:two|more)\\b|\\bno longer\\b|\\bone of the\\b|\\bat least one\\b|\\bno (?:significant |real )?change\\b|\\bno (?:more|fewer|less) than\\b|\\bday one\\b|\\bthis one\\b|\\bone step\\b|\\bone place\\b|\\bno more than one\\b',
        '\\b(?:' ~ one_to_nine() ~ '|ten|\\d{1,2}) (?:in|out of)(?: every)? (?:two|three|four|five|six|seven|eight|nine|ten|100|[2-9]|1[0-9]|20)\\b',
        '\\b(?:a|one|two|three|four)[ -](?:thirds?|quarters?|fifths?|half|halves|tenths?)\\b|\\bhalf\\b',
    ] -%}
    (?:{{ parts | join('|') }})
{%- endmacro %}

{% macro plain_numbers() -%}
    (?:£ ?\d[\d,]*(?:\.\d+)? ?(?:million|billion|bn|mn|m|k)?\b|\b\d{1,3}(?:, ?\d{3})+(?:\.\d+)?(?: ?million)?|\b\d+(?:\.\d+)?(?: million| thousand)?\b|\b{{ number_word() }}\b|\b(?:none|all|both|neither)(?: of (?:whom|which|these|them)\b| (?:but|bar) one of (?:whom|which))|\bboth\b|\bnone\b|\bno\b|\bzero\b|\bnil\b)
{%- endmacro %}

{% macro number_mentions() -%}
    (?:{{ period_words() }}|{{ reference_words() }}|(?:\b20[0-4]\d\b|\b19[5-9]\d\b)|{{ plain_numbers() }})
{%- endmacro %}

{#-
    A statement as the patterns read it: lower case, one kind of dash and quote, no sign that the patterns use, "%" for per
    cent, a comma where a space parts thousands, and the day before its month.
-#}
{% macro plain_wording(text) -%}
    {%- set signs = '’‘“”–—−‑‒─━̶<>{}[]»#@~|' -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    case
                        when regexp_matches({{ text }}, '[{{ signs | replace('[', '\\[') | replace(']', '\\]') }}]')
                            then translate(lower({{ text }}), '{{ signs }}', '''''""--------        -- ')
                        else lower({{ text }})
                    end,
                    -- A space that stands alone is left, as in one_line.
                    '[\s\x{E000}-\x{F8FF}]{2,}|[^\S ]|[\x{E000}-\x{F8FF}]', ' ', 'g'
                ),
                ' ?(per ?cent\b|percent\b|%+)', '%', 'g'
            ),
            '\b(\d{1,3}) (\d{3}) (children|people|pupils|young)', '\1,\2 \3', 'g'
        ),
        '\b({{ month_word() }}) (\d{1,2})(?:st|nd|rd|th)?,? (20\d\d)\b', '\2 \1 \3', 'g'
    )
{%- endmacro %}
