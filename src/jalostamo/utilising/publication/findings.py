"""Findings in a sentence: what a result says, with its interval, in three languages and in words a council uses.

A difference is only said to be one when it is larger than chance explains; a step comes after another, never by it.

Handbook 2.2 (understanding and assessing the results; pilot).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.producing.results import Comparison, Result, Scale
from jalostamo.utilising.publication.comparable import (
    FEW,
    comparable,
    estimates_of,
    is_standardised,
    scale_of,
    subjects_of,
)
from jalostamo.utilising.publication.numerals import said
from jalostamo.utilising.publication.speech import Speech, lowered

type Labels = Mapping[str, Text]

# The forms that Finnish asks for after a share ("35 % of ...") and in "with ...", and Swedish with an article.
_OF: Final[dict[str, Text]] = {
    "fi": Text("suomenkielisistä lapsista", "de finskspråkiga barnen", "Finnish-speaking children"),
    "sv": Text("ruotsinkielisistä lapsista", "de svenskspråkiga barnen", "Swedish-speaking children"),
    "foreign": Text(
        "vieraskielisistä lapsista", "barnen med ett främmande språk som modersmål", "foreign-language children"
    ),
    "domestic": Text(
        "suomen- ja ruotsinkielisistä lapsista",
        "de finsk- och svenskspråkiga barnen",
        "Finnish- and Swedish-speaking children",
    ),
}
_WITH: Final[dict[str, str]] = {
    "fi": "suomenkielisillä lapsilla",
    "sv": "ruotsinkielisillä lapsilla",
    "foreign": "vieraskielisillä lapsilla",
    "domestic": "suomen- ja ruotsinkielisillä lapsilla",
}
_SCALES: Final[dict[Scale, Text]] = {
    "ratio": Text("suhde {0}", "kvot {0}", "ratio {0}"),
    "difference": Text(
        "erotus {0}\u00a0prosenttiyksikköä", "skillnad {0}\u00a0procentenheter", "difference {0}\u00a0percentage points"
    ),
}
_INTERVAL: Final = Text("95\u00a0%:n luottamusväli {0}", "95\u00a0% konfidensintervall {0}", "95\u00a0% interval {0}")
_AGED: Final = Text("ikävakioitu", "åldersstandardiserat", "ages standardised")
_TOO_FEW: Final = Text(
    "Asiakkaita on liian vähän ryhmien vertailuun.",
    "Klienterna är för få för att grupperna ska kunna jämföras.",
    "There are too few customers to compare the groups.",
)
_NO_DIFFERENCE: Final = Text("Eroa ei havaittu – ", "Ingen skillnad hittades – ", "No difference was found – ")

# {a} and {b} are the two groups' values, {group} and {reference} their forms.
_REACHED: Final = Text(
    "{subject} tavoittivat {a} {group} ja {b} {reference}",
    "{subject} nådde {a} av {group} och {b} av {reference}",
    "{subject} reached {a} of {group} and {b} of {reference}",
)
_SHARES: Final = Text(
    "{subject}: {a} {group} ja {b} {reference}",
    "{subject}: {a} av {group} och {b} av {reference}",
    "{subject}: {a} of {group} and {b} of {reference}",
)
_RATES: Final = Text(
    "{subject}: asiakkaita tuhatta lapsivuotta kohden {a} {group} ja {b} {reference}",
    "{subject}: {a} klienter per tusen barnår bland {group} och {b} bland {reference}",
    "{subject} had {a} customers per 1,000 child-years among {group} and {b} among {reference}",
)
_KNOWN: Final[dict[str, Text]] = {
    "lighter": Text(
        "Ensimmäisen ilmoituksen jälkeen sijoitusta kevyemmät palvelut tavoittivat {a} {group} ja {b} {reference}",
        "Efter en första anmälan nådde tjänster lättare än placering {a} av {group} och {b} av {reference}",
        "After a first notification, services lighter than placement reached {a} of {group} and {b} of {reference}",
    ),
    "no_placement_12_months": Text(
        "Kevyemmän palvelun jälkeen ilman sijoitusta oli 12 kuukautta {a} {group} ja {b} {reference}",
        "Efter en lättare tjänst var {a} av {group} och {b} av {reference} utan placering i 12 månader",
        "After a lighter service, {a} of {group} and {b} of {reference} were not placed for 12 months",
    ),
}
_MORE: Final = Text("yleisempi on {0}", "{0} vanligare", "{0} is more common")
_LESS: Final = Text("harvinaisempi on {0}", "{0} ovanligare", "{0} is less common")
_VOLUMES: Final = Text(
    "{with_group} {most}; käyttö eroaa kielen mukaan {differing}/{all} palvelussa",
    "Bland {group} är {most}; användningen skiljer sig efter språk i {differing} av {all} tjänster",
    "Among {group}, {most}; use differs by language in {differing} of {all} services",
)
_NO_VOLUMES: Final = Text(
    "Eroa kielen mukaan ei havaittu yhdessäkään palvelussa ({all} vertailtiin)",
    "Ingen skillnad efter språk hittades i någon tjänst ({all} jämfördes)",
    "No difference by language was found in any service ({all} were compared)",
)
_AND: Final = Text(" ja ", " och ", " and ")
_STEP: Final = Text(
    "Palvelun ”{source}” jälkeen seuraava askel oli ”{target}” {a}:lla {group} ja {b}:lla {reference}",
    "Efter {source} var nästa steg {target} för {a} av {group} och {b} av {reference}",
    "After {source}, the next step was {target} for {a} of {group} and {b} of {reference}",
)
_FIRST_STEP: Final = Text(
    "Seuraava askel oli ”{target}” {a}:lla {group} ja {b}:lla {reference}",
    "Nästa steg var {target} för {a} av {group} och {b} av {reference}",
    "The next step was {target} for {a} of {group} and {b} of {reference}",
)
_STEP_COUNT: Final = Text(
    "; kielen mukaan eroaa {differing}/{all} askelta",
    "; {differing} av {all} steg skiljer sig efter språk",
    "; differing by language: {differing} of {all} steps",
)


def finding_of(result: Result, labels: Labels) -> Text:
    """What a result found, as sentences in three languages; the first says the most."""
    if not result.comparisons:
        return _TOO_FEW
    if result.flows:
        word = _paths
    elif len(result.comparisons) > FEW:
        word = _volumes
    else:
        word = _subject_by_subject
    return Text(*(f"{word(result, Speech(labels, language))}." for language in LANGUAGES))


def _subject_by_subject(result: Result, speech: Speech) -> str:
    places = {subject: place for place, subject in enumerate(subjects_of(result))}
    ordered = sorted(result.comparisons, key=lambda comparison: places.get(comparison.subject, len(places)))
    return ". ".join(_clause(result, comparison, speech) for comparison in ordered)


def _clause(result: Result, comparison: Comparison, speech: Speech) -> str:
    subject = speech.name(comparison.subject)
    scale = scale_of(result, comparison.subject)
    form = _RATES if scale == "per_1000_years" else _REACHED if "reach" in {result.name, result.method} else _SHARES
    form = _KNOWN.get(comparison.subject, form)
    values = _values(result, comparison, speech)
    sentence = speech.words(form).format(subject=subject, **values)
    if not comparison.differs:
        sentence = speech.words(_NO_DIFFERENCE) + lowered(sentence)
    return f"{sentence} ({_evidence(result, [comparison], speech)})"


def _values(result: Result, comparison: Comparison, speech: Speech) -> dict[str, str]:
    scale = scale_of(result, comparison.subject)
    estimates = estimates_of(result, comparison.subject)
    found = {estimate.group: said(comparable(result, estimate), scale, speech.language).value for estimate in estimates}
    missing = [group for group in (comparison.group, comparison.reference) if group not in found]
    if missing:
        sentence = f"Result '{result.name}' compares {', '.join(missing)} without an estimate of it."
        raise Unfit(sentence, reason="comparison_without_estimate")
    return {
        "a": found[comparison.group],
        "b": found[comparison.reference],
        "group": _form(comparison.group, speech),
        "reference": _form(comparison.reference, speech),
    }


def _volumes(result: Result, speech: Speech) -> str:
    differing = [comparison for comparison in result.comparisons if comparison.differs]
    if not differing:
        return speech.words(_NO_VOLUMES).format(all=len(result.comparisons))
    ordered = sorted(differing, key=_distance, reverse=True)
    highest, lowest = ordered[0], ordered[-1]
    both = _distance(lowest) < 0 < _distance(highest)
    told = [highest, lowest] if both else [max(differing, key=lambda c: abs(_distance(c)))]
    most = speech.words(_AND).join(_more_or_less(c, speech) for c in told)
    group = told[0].group
    sentence = speech.words(_VOLUMES).format(
        with_group=_capital(_WITH.get(group, speech.name(group))),
        group=_form(group, speech),
        most=most,
        differing=len(differing),
        all=len(result.comparisons),
    )
    return f"{sentence} ({_evidence(result, told, speech, named=True)})"


def _more_or_less(comparison: Comparison, speech: Speech) -> str:
    form = _MORE if _distance(comparison) > 0 else _LESS
    return speech.words(form).format(lowered(speech.name(comparison.subject)))


def _paths(result: Result, speech: Speech) -> str:
    differing = [comparison for comparison in result.comparisons if comparison.differs]
    told = max(differing or result.comparisons, key=lambda c: abs(_distance(c)))
    source, _, target = told.subject.rpartition(">")
    names = {
        "source": lowered(speech.name(source)) if source else "",
        "target": lowered(speech.name(target)),
    }
    form = _STEP if source else _FIRST_STEP
    sentence = speech.words(form).format(**names, **_values(result, told, speech))
    if differing:
        counts = {"differing": len(differing), "all": len(result.comparisons)}
        sentence += speech.words(_STEP_COUNT).format(**counts)
    else:
        sentence = speech.words(_NO_DIFFERENCE) + lowered(sentence)
    return f"{sentence} ({_evidence(result, [told], speech)})"


def _evidence(result: Result, comparisons: Sequence[Comparison], speech: Speech, *, named: bool = False) -> str:
    between = "; " if speech.language == "fi" else ", "
    told = []
    for comparison in comparisons:
        written = said(comparison.estimate, comparison.scale, speech.language)
        scale = speech.words(_SCALES[comparison.scale]).format(written.value)
        name = f"{lowered(speech.name(comparison.subject))}: " if named else ""
        told.append(f"{name}{scale}{between}{speech.words(_INTERVAL).format(written.interval)}")
    all_aged = all(is_standardised(result, comparison.subject) for comparison in comparisons)
    aged = [speech.words(_AGED)] if all_aged else []
    return "; ".join([*aged, *told])


def _distance(comparison: Comparison) -> float:
    value = comparison.estimate.value
    if comparison.scale != "ratio":
        return value
    return math.log(value) if value > 0 else -math.inf


def _form(group: str, speech: Speech) -> str:
    return speech.words(_OF[group]) if group in _OF else speech.name(group)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
