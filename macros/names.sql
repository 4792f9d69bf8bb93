{#- A name without case, signs and double spaces, between spaces: so that whole words are compared. -#}
{% macro comparable_name(text) -%}
    ' ' || trim(
        regexp_replace(regexp_replace(lower({{ text }}), '\s*&\s*', ' and ', 'g'), '[^a-z0-9]+', ' ', 'g')
    ) || ' '
{%- endmacro %}

{#- The words of a person's name in small letters, without signs and initials. -#}
{% macro name_words(name) -%}
    list_filter(
        string_split(regexp_replace(lower({{ name }}), '[^\pL ]', '', 'g'), ' '),
        lambda word: length(word) > 1
    )
{%- endmacro %}

{#- What stands before a person's name; loaders/publishing/redaction.py knows the same titles. -#}
{% macro person_title() -%}
    (?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Prof|Professor|Cllr|Councillor|Lord|Lady|Baroness|Rev|Reverend)\.?
{%- endmacro %}

{#- What stands behind it; of degrees those that are not all in capitals. -#}
{% macro person_honours() -%}
    (?:,? \(?(?:S?HMI|HMCI|[OMCKD]BE|QPM|[KQ]C|JP|FRCA|FRCN|MB|BA|MA|[BM]Sc|MEd|ChB|PhD)\)?)+
{%- endmacro %}

{#- A word of a name; and two to four of them, with initials and the small words of some, or initials before one. -#}
{% macro name_part() -%}
    \p{Lu}[\p{L}’''-]+
{%- endmacro %}

{% macro person_name() -%}
    (?:{{ name_part() }}(?: (?:{{ name_part() }}|\p{Lu}\.?|de|la|van|der|von|bin|al)){0,2} |(?:\p{Lu}\. ?){1,3}){{ name_part() }}
{%- endmacro %}

{#- The word that makes a post of the words before it: "Interim Director", "Police and Crime Commissioner". -#}
{% macro post_word() -%}
    (?i:director|chief|chair(?:man|person|woman)?|commissioner|constable|superintendent|commander|inspector|s?hmi|head|headteacher|manager|leader|lead|mayor|scrutineer|nurse|executive|officer|ceo|dcs|advis[eo]r|consultant|author|reviewer|secretary|principal|accountable|councillor|coordinator|co-ordinator|(?:lay|board|cabinet) member|majesty.s)
{%- endmacro %}

{#- Words that can stand before it. -#}
{% macro post_words() -%}
    (?:(?:\p{Lu}[\p{L}’''/&-]*|of|for|and|&) ){0,5}{{ post_word() }}
{%- endmacro %}

{#- Whether the published file is to hold no names of people; what the words mean, loaders/settings.py says. -#}
{% macro leaves_names_out() -%}
    {{ env_var('PUBLISH_NAMES', 'true') | trim | lower in ('', 'false', 'no', 'off', '0') }}
{%- endmacro %}

{#- Any title that stands behind an inspector's name, of the seed's rows; the longest first. -#}
{% macro any_suffix() -%}
    '(?i)\b(' || string_agg(suffix, '|' order by length(suffix) desc, suffix) || ')\b'
{%- endmacro %}
