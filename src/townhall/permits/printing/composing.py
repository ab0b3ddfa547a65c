"""What stands in a paper: one list of entries, from which page, PDF and Word file are made alike.

A paper tells the case as its events had made it when it was handed in or decided, and names the digest of the last of
them.

Handbook 2.6, phase 3; Appendix 1.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from jalostamo.concepts.languages import Text
from jalostamo.permits.decisions import AppealOutcome, Decision, DecisionEntry, RetentionClass
from jalostamo.permits.initiative import Decided, Initiative
from jalostamo.permits.machines import PermitState
from jalostamo.permits.people import Actor, called
from jalostamo.permits.terms import title_of
from townhall.pages.templatetags.saying import day
from townhall.pages.words import WORDS, say, told
from townhall.permits.describing.people import known_in
from townhall.permits.estimating.drawing import Matrix, matrix_of
from townhall.permits.estimating.leading import Leads, leads_of
from townhall.permits.estimating.reading import Reading, Said, readings_of
from townhall.permits.estimating.versions import MATRICES, Version
from townhall.permits.models import Case
from townhall.permits.printing.outcomes import Outcome

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no Word file can hold."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One entry of a paper: what it is called, and what stands there; nothing where it is unanswered."""

    title: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper under its own heading."""

    title: str
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper in the language of its reader: what it is, of which case and which of its events, and what it says."""

    title: str
    name: str
    opening: str
    case: str
    events: int
    head: str
    at: datetime.datetime
    file: str
    sections: tuple[Section, ...]
    matrices: tuple[Matrix, ...] = ()

    @property
    def town(self) -> str:
        """Whose paper it is."""
        return str(told(settings.TOWN.name))

    @property
    def origin(self) -> str:
        """Which case and which of its events are shown; it stands at the foot of each page."""
        return say("papers.origin", case=self.case, events=self.events)

    @property
    def told_digest(self) -> str:
        """The digest of the last of those events; it stands there too."""
        return say("papers.told_digest", digest=self.head)


def printed_form(case: Case, version: Version, names: Mapping[str, str]) -> Printed:
    """A version of the form, as it was handed in."""
    made, assessed = version.made, version.assessed
    leads, known = leads_of(made, assessed.estimate), known_in(made, assessed.description)
    readings = readings_of(assessed.description, assessed.estimate, leads, known=known)
    sections = [_read(reading, leads) for reading in readings]
    sections.append(
        Section(
            say("estimate.leads"),
            _filled(
                (WORDS["estimate.leads_level"], (title_of(leads.level),)),
                (WORDS["estimate.leads_body"], (title_of(leads.body),)),
            ),
        )
    )
    by = _people(version.actors, names)
    return _printed(
        made,
        title=say("papers.form"),
        name=assessed.description.name or case.pk,
        opening=f"{say('papers.form_opening', number=assessed.version, at=day(version.at))}: {'; '.join(by)}.",
        at=version.at,
        file=f"{case.pk}-{say('papers.file_form')}-{assessed.version}",
        sections=sections,
        matrices=tuple(matrix_of(name, assessed.estimate) for name in MATRICES),
    )


def _read(reading: Reading, leads: Leads) -> Section:
    stated = [_stated(line.title, line.said) for line in reading.lines]
    if reading.part.name == "processing" and leads.floors:
        held = [say("estimate.floor", step=leads.floor, why=floor.why) for floor in leads.floors]
        lower = [say("estimate.stated_lower")] if leads.is_stated_lower else []
        stated.append(_stated(WORDS["papers.floors"], (*held, *lower)))
    return Section(_plain(reading.part.title), tuple(stated))


def printed_decision(case: Case, outcome: Outcome, now: Initiative, names: Mapping[str, str]) -> Printed:
    """The decision on a case, as it was made; of an appeal since then, what came of it."""
    made, event = outcome.made, outcome.event
    refused = made.state is PermitState.REJECTED
    decided = None if refused else made.decided
    described = decided.description if decided else made.description
    sections = _refusal(made, outcome, names) if decided is None else _sections(made, decided, outcome, names)
    if now.appeal_outcome is not None and not refused:
        sections = (*sections, _appealed(now.appeal_outcome))
    return _printed(
        made,
        title=say("papers.decision_refused" if refused else "papers.decision"),
        name=(described.name if described else "") or case.pk,
        opening=say("papers.decision_opening", town=settings.TOWN.name, at=day(event.at)),
        at=event.at,
        file=f"{case.pk}-{say('papers.file_decision')}",
        sections=sections,
    )


def _printed(
    made: Initiative,
    *,
    title: str,
    name: str,
    opening: str,
    at: datetime.datetime,
    file: str,
    sections: Sequence[Section],
    matrices: tuple[Matrix, ...] = (),
) -> Printed:
    return Printed(
        title=title,
        name=_plain(name),
        opening=_plain(opening),
        case=made.id,
        events=made.length,
        head=made.head,
        at=at,
        file=file,
        sections=tuple(sections),
        matrices=matrices,
    )


def _sections(made: Initiative, decided: Decided, outcome: Outcome, names: Mapping[str, str]) -> tuple[Section, ...]:
    decision, unit = decided.decision, settings.TOWN.unit(decided.description.commissioning_unit)
    return (
        Section(
            say("papers.part_decided"),
            _filled(
                (WORDS["papers.analysis"], (decided.description.name,)),
                (WORDS["case.unit"], (unit.name,) if unit else ()),
                (WORDS["case.need"], (decided.description.need,)),
                *_outcome_entries(decided, decision),
                (WORDS["papers.decided_by"], _people(outcome.signers, names)),
                (WORDS["papers.covers"], (say("estimate.version_called", number=decision.covers_estimate_version),)),
            ),
        ),
        Section(
            say("papers.part_reasons"),
            _filled(
                _entry(DecisionEntry.REASONS, decision.reasons),
                _entry(DecisionEntry.MATRIX_OVERRIDE_REASON, decision.matrix_override_reason or ""),
                _entry(DecisionEntry.GROUND_OF_COMPETENCE, decision.ground_of_competence),
            ),
        ),
        Section(say("papers.part_records"), _filled(*_record_entries(decision))),
        Section(
            say("papers.part_appeal"), _filled(_entry(DecisionEntry.APPEAL_INSTRUCTIONS, decision.appeal_instructions))
        ),
    )


type _Pair = tuple[Text | str, Said]


def _outcome_entries(decided: Decided, decision: Decision) -> Iterator[_Pair]:
    # What was really decided on, which a reassessment may have moved since; the words of the decision stay.
    yield _entry(DecisionEntry.DECIDED_LEVEL, decision.decided_level and title_of(decision.decided_level))
    yield _entry(DecisionEntry.DECIDED_CLASS, decision.decided_class and title_of(decision.decided_class))
    yield _entry(DecisionEntry.VALID_UNTIL, day(decided.valid_until))
    yield title_of(DecisionEntry.CONDITIONS), decision.conditions
    yield _entry(DecisionEntry.DECIDING_BODY, decision.deciding_body and title_of(decision.deciding_body))
    yield _entry(DecisionEntry.DECIDED_ON, day(decision.decided_on))


def _record_entries(decision: Decision) -> Iterator[_Pair]:
    yield _entry(DecisionEntry.DIARY_NUMBER, decision.diary_number)
    yield _entry(DecisionEntry.PUBLICITY_CLASS, decision.publicity_class and title_of(decision.publicity_class))
    yield _entry(DecisionEntry.SECRECY_STATUTE, decision.secrecy_statute)
    if decision.retention_class is not None:
        yield _entry(DecisionEntry.RETENTION_CLASS, _kept(decision.retention_class))
        yield _entry(DecisionEntry.RETENTION_STATUTE, decision.retention_class.statute)
    yield _entry(DecisionEntry.DECISION_DOCUMENT, decision.document_digest or "")
    attached = tuple(line for each in decision.other_information for line in (each.title, each.digest))
    yield title_of(DecisionEntry.OTHER_INFORMATION), attached


def _kept(retention: RetentionClass) -> str:
    return say("papers.kept_for_ever") if retention.years is None else say("papers.kept_years", years=retention.years)


def _refusal(made: Initiative, outcome: Outcome, names: Mapping[str, str]) -> tuple[Section, ...]:
    event = outcome.event
    described = made.description
    entries = _filled(
        (WORDS["papers.analysis"], (described.name,) if described else ()),
        (WORDS["papers.outcome"], (title_of(made.state),)),
        _entry(DecisionEntry.DECIDED_ON, day(event.at)),
        (WORDS["papers.decided_by"], _people(outcome.signers, names)),
        _entry(DecisionEntry.REASONS, str(event.content.get("reason") or "")),
    )
    return (Section(say("papers.part_decided"), entries),)


def _appealed(outcome: AppealOutcome) -> Section:
    return Section(
        say("papers.part_appealed"),
        _filled(
            _entry(DecisionEntry.APPEAL_RESULT, outcome.result and title_of(outcome.result)),
            _entry(DecisionEntry.APPEAL_DECIDED_ON, day(outcome.decided_on)),
        ),
    )


def _people(actors: Sequence[Actor], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{names.get(actor.person, actor.person)}, {told(called(actor.role))}" for actor in actors)


def _entry(entry: DecisionEntry, said: Text | str | None) -> _Pair:
    return title_of(entry), (said,) if said else ()


def _filled(*pairs: _Pair) -> tuple[Stated, ...]:
    """The entries of a decision that say something: it is no form, in which what is unanswered tells something too."""
    return tuple(_stated(title, said) for title, said in pairs if any(_plain(each).strip() for each in said))


def _stated(title: Text | str, said: Said) -> Stated:
    name = _plain(title)
    return Stated(name[:1].upper() + name[1:], tuple(_plain(each) for each in said))


def _plain(word: Text | str) -> str:
    return _UNPRINTABLE.sub("", str(told(word)))
