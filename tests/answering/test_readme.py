"""What the README prints is what a newcomer gets."""

import duckdb
import readme
from project import Project


def test_the_readmes_answers_are_those_of_the_example_build(built: Project) -> None:
    text = readme.README.read_text(encoding="utf-8")
    with duckdb.connect(str(built.published), read_only=True) as connection:
        assert readme.filled(text, connection) == text
    assert text.count("```text\n┌") == 5
    assert not [match["answer"] for match in readme.QUERY.finditer(text) if "…" in match["answer"]], "an answer is cut"
