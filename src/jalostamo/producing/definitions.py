"""Definitions: the questions put to a release, frozen in a file, so that the same two give the same results.

Handbook 2.2 (analytic hypotheses) and 2.3 (repeatability).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text, text_from
from jalostamo.managing.sections import read_toml

Method = Literal["within", "volume", "next_step"]
METHODS: Final = ("within", "volume", "next_step")


@dataclass(frozen=True, slots=True)
class Question:
    """A question is one method with its parameters.

    within: of the customers whose first `index` service started, the share for whom one of a subject's services
    started (or, `absent`, did not start) within `months`. volume: customers per 1,000 years of residence for whom one
    of a subject's services started. next_step: of the customers whose first `index` service started, the share whose
    next service of `path` was each; and the flows of the first `steps` steps from the first of `path_starts` on.
    """

    name: str
    method: Method
    text: Text
    measure: Text
    subjects: Mapping[str, tuple[str, ...]]
    comparison: Literal["ratio", "difference"]
    index: tuple[str, ...]
    months: int
    absent: bool
    path: tuple[str, ...]
    path_starts: tuple[str, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition is what is asked of a release: who is compared with whom, and by which questions.

    `unit` is whom the intervals are counted on: persons, or households where their members share a fate.
    `age_bands` are in years, both ends inclusive; age is calendar year less birth year.
    """

    name: str
    unit: CustomerKind
    group_by: str
    groups: Mapping[str, tuple[str, ...]]
    compare: tuple[str, str]
    birth_year: str
    age_bands: tuple[tuple[int, int], ...]
    questions: tuple[Question, ...]
    labels: Mapping[str, Text]
    digest: str


def read_definition(path: Path) -> Definition:
    """Read a definition file; what it lacks is named."""
    file = read_toml(
        path,
        "a definition file",
        unfit=lambda fault: Unfit(f"{path.name} is not a TOML file: {fault}.", reason="definition_form"),
    )
    try:
        return _definition_from(file.content, digest=file.digest)
    except (KeyError, TypeError, ValueError) as error:
        raise Unfit(f"{path.name} lacks or misspells {error}.", reason="definition_incomplete") from None


def _definition_from(content: Mapping[str, object], *, digest: str) -> Definition:
    head = cast("Mapping[str, object]", content["definition"])
    groups = {name: _words(values) for name, values in cast("Mapping[str, object]", head["groups"]).items()}
    group, reference = _words(head["compare"])
    if {group, reference} - set(groups):
        raise KeyError("compare")
    bands = tuple((int(low), int(high)) for low, high in cast("list[tuple[int, int]]", head["age_bands"]))
    questions = tuple(_question(entry) for entry in cast("list[Mapping[str, object]]", content["question"]))
    labels = cast("Mapping[str, object]", content.get("labels", {}))
    return Definition(
        name=str(head["name"]),
        unit=CustomerKind(str(head.get("unit", "person"))),
        group_by=str(head["group_by"]),
        groups=groups,
        compare=(group, reference),
        birth_year=str(head["birth_year"]),
        age_bands=bands,
        questions=questions,
        labels={code: text_from(text, place=f"[labels] {code}") for code, text in labels.items()},
        digest=digest,
    )


def _question(entry: Mapping[str, object]) -> Question:
    name = str(entry["name"])
    if entry["method"] not in METHODS or entry["comparison"] not in {"ratio", "difference"}:
        raise ValueError(f"'method' or 'comparison' of question '{name}'")
    subjects = {code: _words(codes) for code, codes in cast("Mapping[str, object]", entry.get("subjects", {})).items()}
    subjects |= {code: (code,) for code in _words(entry.get("each", []))}
    return Question(
        name=name,
        method=entry["method"],
        text=text_from(entry.get("text"), place=f"Question '{name}', text"),
        measure=text_from(entry.get("measure"), place=f"Question '{name}', measure"),
        subjects=subjects,
        comparison=entry["comparison"],
        index=_words(entry.get("index", [])),
        months=int(cast("int", entry.get("months", 0))),
        absent=entry.get("absent") is True,
        path=_words(entry.get("path", [])),
        path_starts=_words(entry.get("path_starts", [])),
        steps=int(cast("int", entry.get("steps", 0))),
    )


def _words(found: object) -> tuple[str, ...]:
    if not isinstance(found, list):
        raise TypeError("a list of names")
    return tuple(str(word) for word in found)
