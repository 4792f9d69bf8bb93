"""Names of people are taken out of texts, and nothing else is."""

from __future__ import annotations

import time

import pytest

from loaders.publishing.redaction import Names, Redactor, split_names

PEOPLE = [
    ("Jane Smith", "full"),
    ("Petra Holt-Ames", "full"),
    ("Zoë O’Brien", "full"),
    ("Tim de Vere", "full"),
    ("Andrew Young", "full"),
    ("Cath B. Wren", "full"),
    ("Mabbott", "surname"),
    ("Perry", "given"),
    ("Local Authority", "full"),  # what was wrongly taken for a name
    ("West Ashmere", "full"),
    ("Bo Ray Director of Services", "full"),
    ("G.H. Oddy", "full"),
]
REDACTOR = Redactor(Names.of(PEOPLE, no_names=["authority", "director"], phrases=["The borough of West Ashmere"]))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Jane Smith, JANE SMITH and Jane\nSmith’s team", "[name], [name] and [name]’s team"),
        ("The plan is Jane Smith's. Jane Smith.", "The plan is [name]'s. [name]."),
        ("Ms Smith, Dr. Smith, Mr and Mrs Smith", "[name], [name], Mr and [name]"),
        ("Ms\nMabbott; Ms Jane Smith OBE", "[name]; [name] OBE"),
        ("Sir Luke Ardern", "Sir Luke Ardern"),  # whom nobody knows
        ("G.H. Oddy, Ms G. Oddy and G H Oddy, not H. Oddy", "[name], [name] and [name], not H. Oddy"),
        ("J Smith and J. Smith, not K Smith", "[name] and [name], not K Smith"),
        ("Jane A. Smith; Cath Wren; Cath B Wren", "[name]; [name]; [name]"),
        (
            "Petra Holt-Ames, Petra HoltAmes, Petra Holt-\nAmes, Petra Holt Ames",
            ", ".join(["[name]"] * 4),
        ),
        ("Petra Ho\ufffelt\u2011Ames and Zoe O'Brien, Zoë OBrien", "[name] and [name], [name]"),
        ("Tim de Vere, Tim De Vere and Tim Vere", "[name], [name] and [name]"),
        ("Dear Perry", "Dear [name]"),
        ("Dear Jane and Perry, thank you", "Dear [name] and [name], thank you"),
        ("Dear Ms Mabbott", "Dear [name]"),
        (
            "Write to jane.smith@ashmere.example or enquiries@ashmere.example",
            "Write to [name]@ashmere.example or enquiries@ashmere.example",
        ),
        ("jsmith@x.example, j.smith@x.example", "jsmith@x.example, [name]@x.example"),
        ("Bo Ray, who is director", "[name], who is director"),
    ],
)
def test_a_name_is_removed_however_it_is_written(text: str, redacted: str) -> None:
    assert REDACTOR._redact(text).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        "Smith Street, Smithson, Jane Smithers and Janet Smith",
        "A Young person told us. Young people agree, and so does a jane smith.",
        "I Young, A Young",
        "Perry said so, and Mabbott Road is near.",
        "The Local Authority of West Ashmere",
        "Jane. The Smith family",
        "Outstanding; Requires Improvement; Good",
        "",
    ],
)
def test_words_that_are_no_names_stay(text: str) -> None:
    assert REDACTOR._redact(text).text == text


@pytest.mark.parametrize(
    ("name", "redacted"),
    [
        ("letters/Jane_Smith-2019.pdf", "letters/[name]-2019.pdf"),
        ("jane smith.pdf | JaneSmith.txt", "[name].pdf | [name].txt"),
        ("j-smith.pdf", "[name].pdf"),
        ("zoë-o’brien.md", "[name].md"),
        ("smith-street.pdf", "smith-street.pdf"),
        ("a young person.pdf", "a young person.pdf"),
        ("inspections/50004185.pdf", "inspections/50004185.pdf"),
    ],
)
def test_names_of_files_hold_names_in_any_form(name: str, redacted: str) -> None:
    assert REDACTOR.redact_file_name(name).text == redacted


def test_what_may_be_a_name_is_counted() -> None:
    counted = REDACTOR._redact("Jane Doe and Jane Smith met at Zoë House; Jane Director of it")
    assert (counted.removed, counted.doubtful) == (1, 2)
    assert REDACTOR.names.people == 8


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ("Jane Smith", {"Jane Smith"}),
        ("Dame Jane Smith, Her Majesty's Inspector", {"Jane Smith", "Her Majesty's Inspector"}),  # of no_name_words
        ("Jane Smith HMI; Prof. Anders Holm OBE QPM and Amy Wu", {"Jane Smith", "Anders Holm", "Amy Wu"}),
        ("Smith", set()),
        ("", set()),
    ],
)
def test_the_names_in_a_cell(people: str, names: set[str]) -> None:
    assert split_names(people) == names


@pytest.mark.parametrize(
    "text",
    [
        "Jane " * 200_000,
        "Jane-" * 200_000,
        "J. " * 200_000,
        "Dear " * 200_000,
        "a@" * 200_000,
        "a" * 300_000 + "@",
        "A" * 300_000,
        "J’" * 200_000,
    ],
)
def test_a_huge_text_takes_no_long_time(text: str) -> None:
    start = time.process_time()
    REDACTOR._redact(text)
    REDACTOR.redact_file_name(text[:10_000])
    assert time.process_time() - start < 20
