"""What attacks may find, for whom, as dated data: a later file replaces an earlier one, and no code changes.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final, Literal, cast

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sections import Section, read_toml

type Recipient = Literal["outside", "under_permit"]
type Read = Literal["text", "abstract", "reported", "own"]
"""How a source was read when its criteria were dated; "reported" is one that only others tell of."""
type Outcome = Literal["withstood", "succeeded", "undecided", "told"]

FIGURES: Final = (
    "singling_out.risk",
    "singling_out.smallest_class",
    "singling_out.alone_in_release",
    "singling_out.alone_in_source",
    "singling_out.alone_with_value",
    "linkability.risk",
    "inference.risk",
    "insider.fewest_candidates",
    "insider.fewest_units",
    "insider.share_below",
    "insider.certain",
    "insider.mean_gain",
    "homogeneity.one_value",
    "homogeneity.likely",
    "homogeneity.likelier",
    "homogeneity.greatest_ratio",
    "row_order.risk",
    "minimality.bits",
    "minimality.gain",
    "downcoding.risk",
    "crossing.fewest_candidates",
    "crossing.share_below",
    "crossing.one_value",
    "crossing.changed",
    "crossing.left_over",
    "differencing.small",
)
"""Every figure that the suite finds; one without a criterion is told and not judged."""

_READ: Final = ("text", "abstract", "reported", "own")
_PLACE: Final = "jalostamo.managing.sensitive.validation.attacks"


@dataclass(frozen=True, slots=True)
class Criterion:
    """The limit of a figure, at most or at least, and where it comes from, in words, with how that was read, if it is told."""

    figure: str
    at_most: float | None
    at_least: float | None
    source: str
    read: Read | None = None

    def outcome(self, low: float, high: float) -> Outcome:
        """What becomes of a figure that lies between these; where the limit lies between them, too, nobody can tell."""
        if self.at_least is not None:
            best, worst = high - self.at_least, low - self.at_least
        else:
            best, worst = (self.at_most or 0.0) - low, (self.at_most or 0.0) - high
        return "withstood" if worst >= 0 else "succeeded" if best < 0 else "undecided"


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of a date for a kind of recipient.

    `k` is how many must be alike for the counts of attacks; a value is `likely` from that share on, and `likelier` from
    so many times its share of the whole on. Of fewer than a `negligible` share of those attacked no risk is made.
    """

    dated: datetime.date
    recipient: Recipient
    described: str
    k: int
    likely: float
    likelier: float
    negligible: float
    by_figure: Mapping[str, Criterion]

    def outcome(self, figure: str, low: float, high: float) -> Outcome:
        """What becomes of a figure; one without a criterion is told."""
        found = self.by_figure.get(figure)
        return "told" if found is None else found.outcome(low, high)


def read_criteria(recipient: Recipient, path: Path | None = None) -> Criteria:
    """The criteria in a file; without one, the newest that come with the product."""
    if path is not None:
        return _read(recipient, path)
    shipped = files(_PLACE).joinpath("thresholds").iterdir()
    with as_file(max((file for file in shipped if file.name.endswith(".toml")), key=lambda file: file.name)) as newest:
        return _read(recipient, newest)


def _read(recipient: Recipient, path: Path) -> Criteria:
    def not_toml(wrong: str) -> Unfit:
        return Unfit(f"{path.name} is not TOML: {wrong}.", reason="criteria_form")

    content = read_toml(path, "the file of the criteria", unfit=not_toml).content
    whole = Section(content, path.name)
    whole.refuse_unknown("dated outside under_permit")
    part = whole.section(recipient)
    part.refuse_unknown("recipient k likely likelier negligible criterion")
    listed = [_criterion(section) for section in part.sections("criterion")]
    by_figure = {criterion.figure: criterion for criterion in listed}
    if len(by_figure) < len(listed):
        raise Unfit(f"{part.place} has two criteria of one figure: keep one.", reason="criterion_doubled")
    return Criteria(
        whole.one("dated", datetime.date),
        recipient,
        part.one("recipient", str),
        part.one("k", int),
        _required(part, "likely"),
        _required(part, "likelier"),
        _required(part, "negligible"),
        by_figure,
    )


def _criterion(part: Section) -> Criterion:
    part.refuse_unknown("figure at_most at_least source read")
    figure = part.one("figure", str)
    if figure not in FIGURES:
        raise Unfit(f"{part.place}: the suite finds no such figure; it finds {', '.join(FIGURES)}.", reason="criterion")
    at_most, at_least = _number(part, "at_most"), _number(part, "at_least")
    if (at_most is None) == (at_least is None):
        raise Unfit(f"{part.place} needs either 'at_most' or 'at_least'.", reason="criterion")
    read = part.content.get("read")
    if read not in {None, *_READ}:
        raise Unfit(f"{part.place}: 'read' is one of {', '.join(_READ)}.", reason="criterion")
    return Criterion(figure, at_most, at_least, part.one("source", str), cast("Read | None", read))


def _required(part: Section, key: str) -> float:
    found = _number(part, key)
    if found is None:
        raise Unfit(f"{part.place} needs '{key}' (a number).", reason="criterion")
    return found


def _number(part: Section, key: str) -> float | None:
    found = part.content.get(key)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or found != found:
        raise Unfit(f"{part.place}: '{key}' is a number.", reason="criterion")
    return float(found)
