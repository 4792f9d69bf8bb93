"""A sentence of metric_sentences says the same in other words: each of its variants is read as it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from project import Project

from loaders.answering import tried

SENTENCES = "seeds/figures/metric_sentences.csv"
YEARS = r"(20)(\d\d)[–-](\d\d)\b"
# A number up to twelve before what it counts.
COUNTED = "(?:children|young people|care leavers|adoptions|orders|SGOs)"
COUNT = rf"(?<![\d£,.–/-])\b([2-9]|1[0-2])\b(?=(?: [a-z-]+){{0,3}} {COUNTED}\b)(?![%,.–/]\d)"
NUMBERS = ["", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
READINGS = """
    select
        report_id,
        string_agg(
            concat_ws(' ', metric_id, value, period_kind, period_end, geography), '; '
            order by block_number, sentence_number, position, metric_id
        )
    from intermediate.int_metric_periods
    inner join intermediate.int_readings using (report_id, statement_id)
    where starts_with(report_id, 'tried ')
    group by report_id
"""


def variants(sentence: str) -> Iterator[str]:
    """Give the sentence as other authors would print it."""
    yield sentence.replace("%", " per cent")
    yield re.sub(YEARS, r"\1\2/\3", sentence)
    yield re.sub(YEARS, r"\1\2-\3", sentence)
    yield re.sub(YEARS, r"\1\2–\1\3", sentence)
    yield sentence.replace("England average", "national average")
    yield sentence.replace("national average", "England average")
    yield sentence.replace("in education, employment or training", "in education, training or employment")
    yield re.sub(COUNT, lambda number: NUMBERS[int(number[1])], sentence)
    # a few words and a colon are a label, and go on from nothing
    is_label = re.match(r"(This|That|It|At|In|The number) |[A-Z]{2}|[^,.;:]{3,40}: ", sentence)
    if not is_label and not re.search(" [»|] ", sentence):
        yield f"Data provided by the local authority show that {sentence[0].lower()}{sentence[1:]}"


def test_other_words_for_the_same_are_read_as_the_same(built: Project) -> None:
    with open(built.folder / SENTENCES, encoding="utf-8", newline="") as file:
        sentences = [row["sentence"] for row in csv.DictReader(file)]
    pairs = [
        (sentence, variant)
        for sentence in sentences
        for variant in dict.fromkeys(variants(sentence))
        if variant != sentence and "%%" not in sentence
    ]
    assert len(pairs) > 700
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    connection = tried.read(texts, built.folder)
    readings = dict(connection.execute(READINGS).fetchall())
    read = {text: readings.get(f"tried {number}") for number, text in enumerate(texts, 1)}
    assert [
        (read[sentence], variant, read[variant]) for sentence, variant in pairs if read[sentence] != read[variant]
    ] == []
