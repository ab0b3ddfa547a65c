"""Assembling a report from what the earlier rooms sealed: a release's manifest, a definition, its results.

Nothing is counted here; every number was in a manifest or in a result.

Handbook 2.2 (understanding the results) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import LANGUAGES, Language, Text, text_from
from jalostamo.concepts.numerals import date
from jalostamo.managing.manifests import Manifest
from jalostamo.permits.terms import DataClass, title_of
from jalostamo.producing.definitions import Definition
from jalostamo.producing.results import Result
from jalostamo.utilising.publication.findings import finding_of
from jalostamo.utilising.publication.report import Answer, ChainLink, Fact, Report

_NOT_CAUSES: Final = Text(
    "Luvut kertovat eroista ja järjestyksestä, eivät syistä.",
    "Siffrorna berättar om skillnader och ordning, inte om orsaker.",
    "The figures tell of differences and of order, not of causes.",
)
_AGE: Final = Text(
    "Ikä on kalenterivuosi vähennettynä syntymävuodella; vertailut on ikävakioitu luokissa {0}.",
    "Ålder är kalenderår minus födelseår; jämförelserna är åldersstandardiserade i klasserna {0}.",
    "Age is calendar year less year of birth; comparisons are standardised over the age bands {0}.",
)
_RELEASED: Final = Text("Lapsia luovutuksessa", "Barn i utlämningen", "Children in the release")
_LEFT_OUT: Final = Text("Jätettiin pois valmistelussa", "Utelämnades i beredningen", "Left out in preparation")
_ALIKE: Final = Text("Vähintään samanlaisia (k)", "Minst lika (k)", "At least alike (k)")
_ALIKE_NOTE: Final = Text(
    "vain näiltä osin: {0}. Muu, kuten asumisaika ja palvelujen järjestys, voi silti yksilöidä ihmisen.",
    "endast i dessa avseenden: {0}. Annat, som boendetid och tjänsternas ordning, kan ändå peka ut en människa.",
    "in these alone: {0}. Other facts, such as residence and the order of services, can still single a person out.",
)
_LINKED: Final = Text(
    "Palvelun asiakkaista löytyi väestötiedoista",
    "Av tjänstens klienter hittades i befolkningsdata",
    "Of the service's customers found in the population register",
)
_LINKED_NOTE: Final = Text(
    "noin {0} erosi jonkun tunnuksesta vain välimerkin osalta eikä yhdistetty",
    "cirka {0} skilde sig från någons kod endast i mellantecknet och kopplades inte",
    "about {0} differed from someone's code in the century sign alone and were not linked",
)
_TITLES: Final = {
    "request": Text("Pyyntö", "Begäran", "Request"),
    "linked": Text("Yhdistetty tunnuksella", "Kopplat med beteckning", "Linked by identity code"),
    "prepared": Text("Valmisteltu", "Berett", "Prepared"),
    "release": Text("Luovutus", "Utlämning", "Release"),
    "result": Text("Tulokset", "Resultat", "Results"),
    "publication": Text("Tämä sivu", "Den här sidan", "This page"),
}

_CONTROLLER: Final = Text("rekisterinpitäjä: {0}", "personuppgiftsansvarig: {0}", "controller: {0}")
_ANSWERS: Final = Text("{0} vastausta", "{0} svar", "{0} answers")


@dataclass(frozen=True, slots=True)
class Seals:
    """The digests of the last two steps: the file of the results, and the publication that names it."""

    results: str
    publication: str


def assemble(
    release: Manifest, definition: Definition, results: Sequence[Result], *, language: Language, made: str, seals: Seals
) -> Report:
    """The report of all results of a definition; refused where they are not of that release and definition."""
    _refuse_others(release, definition, results)
    content = release.content
    labels = {**_labels_in(content), **definition.labels}
    return Report(
        title=text_from(content["title"], place="The release's title"),
        need=text_from(content["need"], place="The release's need"),
        language=language,
        period=(str(content["from"]), str(content["to"])),
        marking=str(content["marking"]),
        level=str(content["level"]),
        made=made,
        answers=tuple(_answer(result, definition, labels) for result in results),
        labels=labels,
        facts=_facts(content),
        loss=tuple(_loss(content)),
        chain=_chain(release, seals, made=made, results=len(results)),
    )


def _refuse_others(release: Manifest, definition: Definition, results: Sequence[Result]) -> None:
    """Refuse results of something else, and a choice among the right ones: what is asked is told, whatever it shows."""
    if any(r.release != release.digest or r.definition != definition.digest for r in results):
        raise Unfit(
            "The results are of another release or definition: answer the questions again.", reason="results_stale"
        )
    asked = list(dict.fromkeys(question.name for question in definition.questions))
    if [result.name for result in results] != asked:
        raise Unfit(
            f"{len(results)} results for {len(asked)} questions, or in another order: answer the questions again.",
            reason="results_incomplete",
        )


def _labels_in(content: Mapping[str, object]) -> dict[str, Text]:
    """What the codes of the release's fields mean, as its dictionary tells."""
    tables = cast("Mapping[str, Mapping[str, list[Mapping[str, Mapping[str, object]]]]]", content["tables"])
    fields = [field for table in tables.values() for field in table["fields"]]
    return {code: text_from(text, place=code) for field in fields for code, text in field["labels"].items()}


def _answer(result: Result, definition: Definition, labels: Mapping[str, Text]) -> Answer:
    parts = [question for question in definition.questions if question.name == result.name]
    measure = _joined(part.measure for part in parts)
    bands = ", ".join(f"{low}\u2013{high}" for low, high in definition.age_bands)
    aged = Text(_AGE.fi.format(bands), _AGE.sv.format(bands), _AGE.en.format(bands))
    return Answer(result, parts[0].text, finding_of(result, labels), measure, (_NOT_CAUSES, aged))


def _joined(texts: Iterable[Text]) -> Text:
    found = list(texts)
    return Text(" ".join(t.fi for t in found), " ".join(t.sv for t in found), " ".join(t.en for t in found))


def _facts(content: Mapping[str, object]) -> tuple[Fact, ...]:
    facts = [Fact(_RELEASED, cast("int", content["released"]))]
    combinability = cast("Mapping[str, list[Mapping[str, int]]]", content["combinability"])
    for match in combinability.get("joined", []):
        note = Text(
            *(form.format(match["look_alikes"]) for form in (_LINKED_NOTE.fi, _LINKED_NOTE.sv, _LINKED_NOTE.en))
        )
        facts.append(Fact(_LINKED, match["matched"] / max(match["codes"], 1), note))
    facts.append(Fact(_LEFT_OUT, cast("int", content["suppressed"])))
    facts.append(Fact(_ALIKE, cast("int", content["k"]), _alike_in(content)))
    return tuple(facts)


def _alike_in(content: Mapping[str, object]) -> Text:
    """In which fields people are alike, by the titles of the quasi-identifiers."""
    tables = cast("Mapping[str, Mapping[str, list[Mapping[str, object]]]]", content["tables"])
    fields = [field for table in tables.values() for field in table["fields"] if field["quasi_identifier"]]
    titles = [text_from(field["title"], place="A field's title") for field in fields]
    listed = {language: ", ".join(t.in_language(language).lower() for t in titles) for language in LANGUAGES}
    return Text(*(_ALIKE_NOTE.in_language(language).format(listed[language]) for language in LANGUAGES))


def _loss(content: Mapping[str, object]) -> list[tuple[str, int, int]]:
    entries = cast("list[Mapping[str, object]]", content["loss"])
    found = [(str(e["group"]), cast("int", e["released"]), cast("int", e["suppressed"])) for e in entries]
    return [(group, released + suppressed, suppressed) for group, released, suppressed in found]


def _chain(release: Manifest, seals: Seals, *, made: str, results: int) -> tuple[ChainLink, ...]:
    content = release.content
    earlier = cast("list[Mapping[str, object]]", content["earlier"])
    day = Text(*(date(made, language) for language in LANGUAGES))
    answers = Text(*(form.format(results) for form in (_ANSWERS.fi, _ANSWERS.sv, _ANSWERS.en)))
    return (
        ChainLink("request", _TITLES["request"], str(content["request"]), str(content["request_id"])),
        *(_extract(step) for step in earlier if step["step"] == "extract"),
        *(ChainLink("linked", _TITLES["linked"], str(s["digest"]), "") for s in earlier if s["step"] == "linked"),
        ChainLink("prepared", _TITLES["prepared"], str(content["prepared"]), f"k = {content['k']}"),
        ChainLink("release", _TITLES["release"], release.digest, title_of(DataClass(str(content["data_class"])))),
        ChainLink("result", _TITLES["result"], seals.results, answers),
        ChainLink("publication", _TITLES["publication"], seals.publication, day),
    )


def _extract(step: Mapping[str, object]) -> ChainLink:
    controller = str(step["controller"])
    facts = Text(*(form.format(controller) for form in (_CONTROLLER.fi, _CONTROLLER.sv, _CONTROLLER.en)))
    return ChainLink("extract", text_from(step["title"], place="A register's title"), str(step["digest"]), facts)
