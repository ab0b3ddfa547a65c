"""The matrices of the form as drawings: five by five, the meaning of each cell in it, and the cell of this case marked.

A drawing is a table with words on both axes; what it looks like is the template's.

Handbook Appendix 1, sections 3, 4 and 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.permits.estimates.answers import Estimate, answer_to
from jalostamo.permits.estimates.form import FORM, Axis, FormField
from jalostamo.permits.estimates.matrices import class_of, decision_for
from jalostamo.permits.estimates.risks import benefit, publication_risk
from jalostamo.permits.terms import Step
from townhall.pages.words import WORDS


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it means, the shade of its scale, whether this case lies here, and how its button names it."""

    title: Text
    shade: str
    is_here: bool
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row from its step on the upright axis."""

    title: Text
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix: its axes and their steps, its rows from the highest down, and the cell of this case where it is known.

    `entries` are those of the form that its axes answer, across and upright, where it is answered by them.
    """

    name: str
    title: Text
    across: Text
    upright: Text
    columns: tuple[Text, ...]
    rows: tuple[Row, ...]
    entries: tuple[str, str] = ("", "")

    @property
    def here(self) -> Cell | None:
        """The cell in which this case lies."""
        return next((cell for row in self.rows for cell in row.cells if cell.is_here), None)


_CLASSES: Final[Mapping[str, str]] = {
    "benefit": "stated_benefit",
    "processing": "stated_processing_risk",
    "publication": "stated_publication_risk",
}
"""The entry whose options say what the classes of a matrix are called."""

_SCALES: Final[Mapping[str, str]] = {"benefit": "benefit", "processing": "risk", "publication": "risk"}
_AXES: Final[Mapping[str, tuple[str, str]]] = {
    "benefit": ("estimate.axis_significance", "estimate.axis_probability"),
    "processing": ("estimate.axis_harm", "estimate.axis_probability"),
    "publication": ("estimate.axis_harm", "estimate.axis_probability"),
}


def matrix_of(name: str, estimate: Estimate) -> Matrix:
    """A matrix of the form, with the case's cell."""
    return _decision(estimate) if name == "decision" else _placing(name, estimate)


def called_step(entry: str, step: Step) -> Text:
    """What a step is called where an entry asks for it."""
    return FORM.field(entry).options[step].title


def _placing(name: str, estimate: Estimate) -> Matrix:
    x, y = (_axis(name, axis) for axis in (Axis.X, Axis.Y))
    here = (answer_to(estimate, y.id), answer_to(estimate, x.id))
    if any(entry.shown_if for entry in (x, y)) and answer_to(estimate, f"{name}.unable"):
        here = (None, None)
    across, upright = _AXES[name]
    rows = [
        Row(y.options[probability].title, tuple(_cell(name, probability, step, here=here) for step in Step))
        for probability in reversed(Step)
    ]
    columns = tuple(option.title for option in x.options)
    title = WORDS[f"estimate.matrix_{name}"]
    return Matrix(name, title, WORDS[across], WORDS[upright], columns, tuple(rows), (x.id, y.id))


def _axis(name: str, axis: Axis) -> FormField:
    return next(entry for entry in FORM.asked if (entry.matrix, entry.axis) == (name, axis))


def _cell(name: str, probability: Step, potential: Step, *, here: tuple[object, object]) -> Cell:
    found = class_of(probability, potential)
    return Cell(
        called_step(_CLASSES[name], found),
        f"{_SCALES[name]}-{found + 1}",
        here == (probability, potential),
        f"{name}:{potential.name.lower()}:{probability.name.lower()}",
    )


def _decision(estimate: Estimate) -> Matrix:
    here = (benefit(estimate), publication_risk(estimate))
    rows = [
        Row(called_step("stated_benefit", worth), tuple(_advice(worth, risk, here=here) for risk in Step))
        for worth in reversed(Step)
    ]
    return Matrix(
        "decision",
        WORDS["estimate.matrix_decision"],
        WORDS["estimate.axis_publication"],
        WORDS["estimate.axis_benefit"],
        tuple(called_step("stated_publication_risk", risk) for risk in Step),
        tuple(rows),
    )


def _advice(worth: Step, risk: Step, *, here: tuple[object, object]) -> Cell:
    found = decision_for(worth, risk)
    return Cell(WORDS[f"estimate.cell_{found.value}"], f"advice-{found.rank + 1}", here == (worth, risk), "")
