"""What is said of an authority in one sentence: its newest grades, and how they have moved."""

from __future__ import annotations

from website.warehouse import Row
from website.wording import capital, full_month, listed

OVERALL = "overall"
MOVES = {
    "same": "as in {year}",
    "improved": "better than in {year} ({grade})",
    "declined": "worse than in {year} ({grade})",
}


def sentence(authority: Row, areas: dict[str, str]) -> str:
    """Return "Good in March 2023, as in 2018; requires improvement for help and protection."

    areas: the names of the areas that are compared, by their ids; an area is named where its grade is another than the
    overall one. An overall grade that was not given, not judged or not found is said to be that, with the last one.
    """
    status = authority["overall_status"]
    if status is None:
        return "No graded inspection of it is here."
    when = full_month(authority["inspection_end_date"])
    if status == "given":
        overall = authority["overall_grade"]
        said = f"{capital(overall)} in {when}" + _moved(authority)
    else:
        overall = None
        said = f"Inspected in {when}: an overall grade was {status}{_last_overall(authority)}"
    by_grade: dict[str, list[str]] = {}
    for area, name in areas.items():
        grade = authority.get(f"{area}_grade")
        if area != OVERALL and authority.get(f"{area}_status") == "given" and grade and grade != overall:
            by_grade.setdefault(grade, []).append(name.lower())
    parts = [f"{grade} for {listed(names)}" for grade, names in by_grade.items()]
    return "; ".join([said, *parts]) + "."


def _moved(authority: Row) -> str:
    """How the overall grade moved since the inspection before."""
    move, before = MOVES.get(authority["overall_change"] or ""), authority["previous_date"]
    return f", {move.format(year=before.year, grade=authority['previous_overall_grade'])}" if move and before else ""


def _last_overall(authority: Row) -> str:
    grade, day = authority["last_overall_grade"], authority["last_overall_date"]
    return f" (the last, in {full_month(day)}, was {grade})" if grade and day else ""
