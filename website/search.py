"""The index that the search page reads: small scripts, of which a search loads the few that it needs.

Facts are numbered through, document by document, the newest first. A word's script is found by its first two letters
and gives, for each word, the numbers of the facts that hold it; the facts' texts lie in scripts of a hundred. The
vocabulary, the most frequent words first, is what is proposed for a word that is nowhere.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

CHUNK = 100
# A word that so many facts hold tells none apart.
COMMON_SHARE = 0.4
# A word in fewer facts may be a slip itself, and is proposed for none.
KNOWN_FROM = 2
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Fact:
    """A recommendation or finding as search shows it."""

    fact_id: str
    kind: str
    report_id: str
    number: str
    page_number: int | None
    text: str
    topics: Sequence[str]


def search_scripts(
    facts: Sequence[Fact], reports: Sequence[dict[str, Any]], topics: Sequence[Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """The scripts' paths and texts; facts come in the order of their reports."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for fact in facts:
        counts[fact.report_id][fact.kind == "finding"] += 1
    words: dict[str, list[int]] = defaultdict(list)
    by_topic: dict[str, list[int]] = defaultdict(list)
    for number, fact in enumerate(facts):
        for word in set(tokens(fact.text)):
            words[word].append(number)
        for topic in fact.topics:
            by_topic[topic].append(number)
    shards: dict[str, dict[str, str]] = defaultdict(dict)
    for word in sorted(words):
        is_common = len(words[word]) > COMMON_SHARE * len(facts)
        shards[word[:2]][word] = "*" if is_common and len(facts) > CHUNK else packed(words[word])
    known = [{**report, "counts": counts[report["id"]]} for report in reports if report["id"] in counts]
    yield (
        "search/facts.js",
        assignment(
            "SITE_FACTS",
            {
                "chunk": CHUNK,
                "count": len(facts),
                "reports": known,
                "topics": list(topics),
                "shards": sorted(shards),
            },
        ),
    )
    vocabulary = [word for word, found in words.items() if len(found) >= KNOWN_FROM and not word.isdigit()]
    vocabulary.sort(key=lambda word: (-len(words[word]), word))
    yield "search/vocabulary.js", assignment("SITE_VOCABULARY", " ".join(vocabulary))
    for shard, terms in sorted(shards.items()):
        yield f"search/words/{shard}.js", assignment(f"SITE_WORDS_{shard}", terms)
    for topic, numbers in sorted(by_topic.items()):
        yield f"search/topics/{topic}.js", assignment(f"SITE_TOPIC_{topic}", packed(numbers))
    for start in range(0, len(facts), CHUNK):
        chunk = [
            [fact.fact_id, fact.kind[0], fact.number, fact.page_number, fact.text, list(fact.topics)]
            for fact in facts[start : start + CHUNK]
        ]
        yield f"search/texts/{start // CHUNK}.js", assignment(f"SITE_TEXTS_{start // CHUNK}", chunk)


def tokens(text: str) -> list[str]:
    """A text's words in lower case, without accents, apostrophes and a plural's s; the search page does the same."""
    plain = text.lower().replace("’", "").replace("'", "")
    if not plain.isascii():
        plain = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", plain))
    found = re.findall(r"[a-z0-9]+", plain)
    return [singular(word) for word in found if len(word) > 1]


@cache
def singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def packed(numbers: Sequence[int]) -> str:
    """Rising numbers as the steps between them, in base 36."""
    steps = (number - before for before, number in zip([0, *numbers], numbers, strict=False))
    return " ".join(map(base_36, steps))


@cache
def base_36(number: int) -> str:
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if not number:
            return text


def assignment(name: str, value: Any) -> str:
    """A classic script that assigns a value to window; it can do no harm inside a page either."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"window[{json.dumps(name)}]={text};\n"
