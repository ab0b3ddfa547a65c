"""The cells of an analysis: the same frozen file as a definition that the closed room counts, margins looked up and not added.

Its digest is that of the file, so that what is ordered, what is printed and what is read afterwards is one.

Handbook 2.3 (repeatability) and 2.6, phases 4 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.inside.derivations import (
    AWAY,
    BESIDE,
    EVENTS,
    PERSONS,
    RELATION,
    RELATIONS,
    Derivation,
    Part,
)
from jalostamo.producing.analyses.inside.narrowed import AGE, Narrowed
from jalostamo.producing.analyses.inside.refusals import OTHERS, printing_of
from jalostamo.producing.analyses.inside.told import COMPETING, ENDS, REACHED, TOLD, Told, codes_told, telling
from jalostamo.producing.analyses.journeys import GAP, SERVICE, Grain
from jalostamo.producing.analyses.methods.before_after import Asked
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.producing.analyses.waiting import STATUS, TIME, USUAL
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Filter, Measure

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.methods.time_to_event import Asked as TimeAsked
    from jalostamo.producing.analyses.printing import Printing
    from jalostamo.producing.analyses.setting import Groups

GROUP: Final = "group"
_TITLES: Final[Mapping[str, Text]] = {
    "cases": Text("Henkilöitä", "Personer", "Persons"),
    "customers": Text("Asiakkaita", "Klienter", "Customers"),
    "any": Text("Palvelua käyttäneitä", "De som har använt tjänsten", "Who used the service"),
    "starts": Text("Palvelusta alkaneita", "De som började med tjänsten", "Who began with the service"),
    "ends": Text("Palveluun päättyneitä", "De som slutade med tjänsten", "Who ended with the service"),
    "steps": Text("Askeleen ottaneita", "De som tog steget", "Who took the step"),
    "gap": Text("Askeleen kesto", "Stegets längd", "How long the step took"),
    "index": Text("Lähtöpalvelua käyttäneitä", "De som har använt indextjänsten", "Who used the index service"),
    "both": Text("Kumpaakin käyttäneitä", "De som har använt båda", "Who used both"),
    "before": Text("Aiemmin käyttäneitä", "De som hade använt förut", "Who used it before"),
    "same": Text("Samaan aikaan käyttäneitä", "De som använde samtidigt", "Who used it at the same time"),
    "after": Text("Myöhemmin käyttäneitä", "De som använde efteråt", "Who used it after"),
    "away_before": Text("Aika ennen", "Tiden före", "How long before"),
    "away_after": Text("Aika jälkeen", "Tiden efter", "How long after"),
    "base": Text("Henkilöitä, joista kerrotaan", "Personer som det berättas om", "Persons who are told of"),
    "ever": Text("Joskus käyttäneitä", "De som någon gång har använt", "Who ever used it"),
    "used": Text("Jakson aikana käyttäneitä", "De som använde under perioden", "Who used it in the period"),
    "here": Text("Jakson aikana asuneita", "De som bodde här under perioden", "Who lived here in the period"),
    "active": Text("Jakson asiakkaita", "Periodens klienter", "Customers of the period"),
    "paths": Text("Polun kulkeneita", "De som gick vägen", "Who walked the path"),
    "links": Text("Askeleen ottaneita", "De som tog steget", "Who took the step"),
    "nodes": Text("Askeleella olleita", "De som var vid steget", "Who were at the step"),
    "months": Text("Tilassa olleita", "De som var i tillståndet", "Who were in the state"),
    "there": Text("Silloin seurattuja", "De som då följdes", "Who were then followed"),
    "waiting": Text("Vielä odottavia", "De som ännu väntar", "Who still wait"),
    REACHED: Text("Palveluun päässeitä", "De som nådde tjänsten", "Who came to the service"),
    COMPETING: Text("Muuhun päätyneitä", "De som kom till något annat", "Who came to something else"),
}


def cube_of(analysis: Analysis, *, grain: Grain) -> CubeDefinition:
    """What the closed room counts for an analysis; one that cannot be told in printed cells is refused with what to do."""
    printing = printing_of(analysis, codes_of(analysis))
    measures = _MEASURES.get(analysis.method.name, _told)(analysis, grain)
    codes = _codes(analysis, grain)
    return CubeDefinition(
        name=analysis.name,
        title=analysis.title or Text(analysis.name, analysis.name, analysis.name),
        population=printing.population,
        unit=CustomerKind.PERSON,
        first_day=analysis.first_day,  # type: ignore[arg-type]  # printing_of refuses an analysis without
        last_day=analysis.last_day,  # type: ignore[arg-type]
        dimensions=(*_by_group(analysis.setting.groups), *_by_service(analysis, codes)),
        filters=(),
        measures=measures,
        structural_zeros=(),
        noise=printing.noise,
        single_unit_differences=printing.single_unit_differences,
        digest=analysis.digest,
        described_in=PERSONS,
    )


def codes_of(analysis: Analysis) -> tuple[str, ...]:
    """The services of an analysis as its cells name them; those of an index are no code beside it."""
    index = analysis.parameters.index if isinstance(analysis.parameters, Asked) else ()
    return tuple(service for service in dict.fromkeys(analysis.services) if service not in index)


def steps_of(analysis: Analysis) -> Mapping[str, tuple[str, str]]:
    """Every step that there can be, by its code; none where the method looks at no steps."""
    services = codes_of(analysis) if analysis.method.name == "step_map" else ()
    return {f"{one}{STEP}{other}": (one, other) for one in services for other in services}


def _step_map(analysis: Analysis, grain: Grain) -> tuple[Measure, ...]:
    steps = Filter(SERVICE, tuple(steps_of(analysis)))
    grid = cast("Printing", analysis.printing).grid
    gaps = (_grown("gap", _table(analysis, Part.GAPS, grain), GAP, (steps,), grid=grid),) if grid else ()
    return (
        *_customers(analysis, grain),
        _units("starts", _table(analysis, Part.STARTS, grain), _services(analysis)),
        _units("ends", _table(analysis, Part.ENDS, grain), _services(analysis)),
        _units("steps", _table(analysis, Part.STEPS, grain), steps),
        *gaps,
    )


def _before_after(analysis: Analysis, grain: Grain) -> tuple[Measure, ...]:
    around, distances = (_table(analysis, part, grain) for part in (Part.AROUND, Part.DISTANCES))
    near = [Filter(RELATION, (relation,), (*RELATIONS, BESIDE)) for relation in RELATIONS]
    grid = cast("Printing", analysis.printing).grid
    far = [Filter(RELATION, (side,), ("before", "after")) for side in ("before", "after")]
    return (
        *_customers(analysis, grain),
        _units("index", _table(analysis, Part.INDEX, grain)),
        _units("both", around),
        *(_units(each.values[0], around, each) for each in near),
        *(_grown(f"away_{each.values[0]}", distances, AWAY, (each,), grid=grid) for each in far if grid),
    )


def _told(analysis: Analysis, grain: Grain) -> tuple[Measure, ...]:
    """What else is told of persons: who they are, and by codes of each kind what they did, or how they waited."""
    tables = {told: telling(analysis, told, _narrowed(analysis, grain)).table for told in Told}
    cases = PERSONS if not analysis.filters else tables[Told.CASES]
    by_code = [
        _units(told.value, tables[told], Filter(SERVICE, codes)) for told, codes in codes_told(analysis, grain).items()
    ]
    waits = _waits(tables[Told.WAITS], _bounds(analysis, grain)) if analysis.method.name == "time_to_event" else ()
    return (_units("cases", cases), _units("base", tables[Told.BASE]), *by_code, *waits)


def _bounds(analysis: Analysis, grain: Grain) -> tuple[int, ...]:
    asked = cast("TimeAsked", analysis.parameters)
    return asked.classes or USUAL[grain.value]


def _waits(table: str, bounds: tuple[int, ...]) -> tuple[Measure, ...]:
    """Who still waits at each bound, and how many had come to each end below it; times are whole."""
    below = tuple(bound - 1 for bound in bounds)
    ends = {REACHED: Filter(STATUS, (REACHED,), ENDS), COMPETING: Filter(STATUS, (COMPETING,), ENDS)}
    return (
        Measure("waiting", "at_risk", table, _TITLES["waiting"], of=TIME, grid=(0, *bounds)),
        *(_units(name, table, end) for name, end in ends.items()),
        *(
            Measure(f"{name}_by", "ended", table, _TITLES[name], of=TIME, where=(end,), grid=below)
            for name, end in ends.items()
        ),
    )


def _customers(analysis: Analysis, grain: Grain) -> tuple[Measure, ...]:
    """Persons, customers, and who used each service: counted from the plain tables where no filter chooses among them.

    So a plain definition of the same cells is seen to count the same persons.
    """
    plain = not analysis.filters
    return (
        _units("cases", PERSONS if plain else _table(analysis, Part.CASES, grain)),
        _units("customers", _table(analysis, Part.CUSTOMERS, grain)),
        _units("any", EVENTS if plain else _table(analysis, Part.USES, grain), _services(analysis)),
    )


def _table(analysis: Analysis, part: Part, grain: Grain) -> str:
    beside = part in {Part.INDEX, Part.AROUND, Part.DISTANCES}
    return Derivation(part, _narrowed(analysis, grain), cast("Asked", analysis.parameters) if beside else None).table


def _narrowed(analysis: Analysis, grain: Grain) -> Narrowed:
    return Narrowed(tuple(sorted(set(analysis.services))), analysis.filters, analysis.setting.tie, grain)


def _services(analysis: Analysis) -> Filter:
    return Filter(SERVICE, codes_of(analysis))


def _units(name: str, table: str, *where: Filter) -> Measure:
    return Measure(name, "units", table, _TITLES[name], where=where)


def _grown(name: str, table: str, of: str, where: tuple[Filter, ...], *, grid: tuple[int | float, ...]) -> Measure:
    return Measure(name, "at_most", table, _TITLES[name], of=of, where=where, grid=grid)


def _by_group(groups: Groups | None) -> Iterable[Dimension]:
    if groups is None:
        return
    yield _dimension(
        GROUP,
        groups.field,
        Text("Ryhmä", "Grupp", "Group"),
        groups.by_value,
        labels={},
        other=Text("muut", "övriga", "others"),
    )
    if groups.age_bands:
        ages = {str(age): f"{low}-{high}" for low, high in groups.age_bands for age in range(low, high + 1)}
        title, other = Text("Ikä", "Ålder", "Age"), Text("muut iät", "andra åldrar", "other ages")
        yield _dimension(AGE, AGE, title, ages, labels={}, other=other)


def _codes(analysis: Analysis, grain: Grain) -> tuple[str, ...]:
    """Every code beside steps: services and, of what else is told, all that there can be."""
    if analysis.method.name not in TOLD:
        return codes_of(analysis)
    return tuple(dict.fromkeys(code for codes in codes_told(analysis, grain).values() for code in codes))


def _by_service(analysis: Analysis, codes: tuple[str, ...]) -> Iterable[Dimension]:
    """Services and steps as codes of one dimension: in two, a cube would have cells of services by steps."""
    if not codes:
        return
    labels = {name: analysis.setting.labels.get(name, Text(name, name, name)) for name in codes}
    labels |= {code: _joined(labels[one], labels[other]) for code, (one, other) in steps_of(analysis).items()}
    title = Text("Palvelu tai askel", "Tjänst eller steg", "Service or step")
    yield _dimension(SERVICE, SERVICE, title, {code: code for code in labels}, labels=labels)


def _joined(one: Text, other: Text) -> Text:
    return Text(*(f"{first}{STEP}{second}" for first, second in zip(_words(one), _words(other), strict=True)))


def _words(text: Text) -> tuple[str, str, str]:
    return text.fi, text.sv, text.en


def _dimension(
    name: str,
    field: str,
    title: Text,
    values: Mapping[str, str],
    *,
    labels: Mapping[str, Text],
    other: Text | None = None,
) -> Dimension:
    """A dimension of one level; with `other`, whoever has no listed value, or none at all, is one code more."""
    codes = tuple(dict.fromkeys((*values.values(), *((OTHERS,) if other else ()))))
    told = {code: labels.get(code, Text(code, code, code)) for code in codes} | ({OTHERS: other} if other else {})
    rest = OTHERS if other else None
    return Dimension(name, field, title, (codes,), {}, values, told, other=rest, missing=rest)


_MEASURES: Final = {"step_map": _step_map, "before_after": _before_after}
