"""What is asked of an analysis: a small file that names its source, its method and its parameters, frozen by its digest.

Handbook 2.2 (analytic hypotheses) and 2.3 (repeatability).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.concepts.writings import Writing
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.filters import Filter, filter_from
from jalostamo.producing.analyses.methods import method_called
from jalostamo.producing.analyses.printing import Printing, printing_from
from jalostamo.producing.analyses.recognising import file_of
from jalostamo.producing.analyses.setting import Groups, Setting
from jalostamo.producing.prepared_log import Tie

if TYPE_CHECKING:
    from jalostamo.producing.analyses.catalogue import Method

_ANALYSIS: Final = "name method title from to case unit tie services labels days"
_GROUPS: Final = "field values compare birth_year age_bands by_year"
_LOG: Final = "case activity time group delimiter encoding time_format timezone"


@dataclass(frozen=True, slots=True)
class LogSource:
    """Which columns of a log of one's own tell what, and how it is written; a case's group is that of its first event."""

    case: str
    activity: str
    time: str
    group: str | None
    writing: Writing
    time_format: str | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis is one method with its parameters, put to the journeys of a source.

    `services` keeps events of these alone; `filters` are applied in their order. `log` is None for a release; `printing` is what the
    closed room is to print, None where nothing is said of it.
    """

    name: str
    method: Method
    parameters: object
    title: Text | None
    first_day: datetime.date | None
    last_day: datetime.date | None
    services: tuple[str, ...]
    setting: Setting
    filters: tuple[Filter, ...]
    log: LogSource | None
    printing: Printing | None
    digest: str


def read_analysis(path: Path) -> Analysis:
    """Read the file of an analysis; what it lacks or misspells is named."""
    file = file_of(path)
    return _analysis_in(Section(file.content, path.name), digest=file.digest)


def _analysis_in(whole: Section, *, digest: str) -> Analysis:
    whole.refuse_unknown("analysis groups filter parameters log printed")
    head = whole.section("analysis")
    head.refuse_unknown(_ANALYSIS)
    method = method_called(head.one("method", str), place=head.place)
    parameters = Section(
        dict(whole.section("parameters").content) if "parameters" in whole.content else {},
        f"{whole.place}, [parameters]",
    )
    parameters.refuse_unknown(method.parameters)
    case = _kind(head, "case", CustomerKind.PERSON)
    return Analysis(
        name=head.one("name", str),
        method=method,
        parameters=method.read(parameters),
        title=head.text("title") if "title" in head.content else None,
        first_day=_day(head, "from"),
        last_day=_day(head, "to"),
        services=head.words("services") if "services" in head.content else (),
        setting=Setting(
            case,
            _kind(head, "unit", case),
            _tie(head),
            _groups(whole.maybe("groups")),
            labels=_labels(head),
            working_days=_working(head),
        ),
        filters=tuple(filter_from(section) for section in whole.sections("filter")),
        log=_log(whole.maybe("log")),
        printing=printing_from(whole.maybe("printed")),
        digest=digest,
    )


def _kind(head: Section, key: str, default: CustomerKind) -> CustomerKind:
    word = head.word(key) or default.value
    if word not in (CustomerKind.PERSON, CustomerKind.HOUSEHOLD):
        raise Unfit(f'{head.place}: \'{key}\' is "person" or "household".', reason="definition_incomplete")
    return CustomerKind(word)


def _tie(head: Section) -> Tie:
    word = head.word("tie") or Tie.ROW.value
    if word not in set(Tie):
        raise Unfit(f'{head.place}: \'tie\' is "row" or "activity".', reason="definition_incomplete")
    return Tie(word)


def _day(head: Section, key: str) -> datetime.date | None:
    return head.one(key, datetime.date) if key in head.content else None


def _working(head: Section) -> bool:
    word = head.word("days")
    if word not in {None, "", "all", "working"}:
        raise Unfit(f'{head.place}: \'days\' is "all" or "working".', reason="definition_incomplete")
    return word == "working"


def _labels(head: Section) -> Mapping[str, Text]:
    found = head.maybe("labels")
    return {code: found.text(code) for code in found.content} if found else {}


def _groups(section: Section | None) -> Groups | None:
    if section is None:
        return None
    section.refuse_unknown(_GROUPS)
    named = section.section("values")
    values = {name: named.words(name) for name in named.content}
    return Groups(section.one("field", str), values, _pair(section, values), _bands(section), section.truth("by_year"))


def _pair(section: Section, groups: Collection[str]) -> tuple[str, str] | None:
    if "compare" not in section.content:
        return None
    match section.words("compare"):
        case (one, other) if one != other and {one, other} <= set(groups):
            return one, other
    raise Unfit(
        f"{section.place}: 'compare' names two of the groups, the reference last.", reason="definition_incomplete"
    )


def _bands(section: Section) -> tuple[tuple[int, int], ...]:
    found = section.content.get("age_bands", [])
    bands = tuple(_band(section, band) for band in found) if isinstance(found, list) else (_band(section, found),)
    if any(later[0] <= earlier[1] for earlier, later in pairwise(bands)):
        raise Unfit(f"{section.place}: 'age_bands' go upwards and do not overlap.", reason="definition_incomplete")
    return bands


def _band(section: Section, band: object) -> tuple[int, int]:
    match band:
        case [int(low), int(high)] if low <= high:
            return low, high
    raise Unfit(
        f"{section.place}: 'age_bands' is a list of pairs of ages, such as [[0, 6], [7, 17]].",
        reason="definition_incomplete",
    )


def _log(section: Section | None) -> LogSource | None:
    if section is None:
        return None
    section.refuse_unknown(_LOG)
    return LogSource(
        section.one("case", str),
        section.one("activity", str),
        section.one("time", str),
        section.word("group"),
        Writing(
            delimiter=section.word("delimiter") or ",",
            encoding=section.word("encoding") or "utf-8",
            timezone=section.word("timezone") or "UTC",
        ),
        section.word("time_format"),
    )
