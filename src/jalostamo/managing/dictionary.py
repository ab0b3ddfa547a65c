"""The dictionary of a release: what each field is, how it was made coarse, and what its codes mean.

Handbook 2.2 (data descriptions) and 2.6, phase 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType
from jalostamo.managing.prepared import PSEUDONYM, ReleasedField
from jalostamo.managing.requests import AsOf, Generalisation, Lookup

if TYPE_CHECKING:
    from jalostamo.concepts.code_lists import CodeList
    from jalostamo.concepts.registers import Register, RegisterTable
    from jalostamo.managing.requests import Source

_NO_LABELS: Final[Mapping[str, Text]] = {}
_KINDS: Final = {
    FieldType.INTEGER: "integer",
    FieldType.DECIMAL: "decimal",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
}

PSEUDONYMS: Final[Mapping[str, ReleasedField]] = {
    "person": ReleasedField(
        "person",
        "text",
        Text("Henkilön peitetunnus", "Personens pseudonym", "Pseudonym of the person"),
        PSEUDONYM,
        False,
        _NO_LABELS,
    ),
    "household": ReleasedField(
        "household",
        "text",
        Text("Kotitalouden peitetunnus", "Hushållets pseudonym", "Pseudonym of the household"),
        PSEUDONYM,
        False,
        _NO_LABELS,
    ),
}
RESIDENCE: Final = (
    ReleasedField(
        "resident_from",
        "date",
        Text("Asunut kunnassa alkaen (kuukausi)", "Bosatt i kommunen från (månad)", "Resident from (month)"),
        "month; missing where before the time frame",
        False,
        _NO_LABELS,
    ),
    ReleasedField(
        "resident_to",
        "date",
        Text("Asunut kunnassa asti (kuukausi)", "Bosatt i kommunen till (månad)", "Resident to (month)"),
        "month; missing where beyond the time frame",
        False,
        _NO_LABELS,
    ),
)
ORDER: Final = ReleasedField(
    "order",
    "integer",
    Text("Tapahtuman järjestys henkilöllä", "Händelsens ordning för personen", "Place among the person's events"),
    "counted from 1 by the day; ties as in the source's file",
    False,
    _NO_LABELS,
)
OPENED: Final = ReleasedField(
    "opening",
    "boolean",
    Text("Voimassa ajanjakson alkaessa", "Gällde när tidsramen började", "Open when the time frame began"),
    "true where it began before the time frame and was open on its first day; when it began is missing",
    False,
    _NO_LABELS,
)


class Described(Protocol):
    """What is described of a source: its register, what of its table is asked, under the names by which it is called."""

    @property
    def source(self) -> Source: ...
    @property
    def register(self) -> Register: ...
    @property
    def declared(self) -> RegisterTable: ...


class Harmonised(Protocol):
    """What is told of a harmonised field: its code list, the fields that it is made of, and by what."""

    @property
    def name(self) -> str: ...
    @property
    def code_list(self) -> CodeList: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...
    @property
    def made_by(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """The fields that a preparation may draw on, by the names it uses, and what the codes of each mean.

    A name that two registers use stands for the fields of both; the name of a lookup or of an as-of join stands for the
    field that it brings, that of a harmonised field for all that it is made of. `made` tells by which mapping, `origins` from which
    fields of registers. Of `disputed` names a code means one thing in one source, and another in the next.
    """

    fields: Mapping[str, tuple[Field, ...]]
    labels: Mapping[str, Mapping[str, Text]]
    made: Mapping[str, str] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def released(self, wanted: Generalisation) -> ReleasedField:
        """The dictionary's entry for a generalised field; codes keep their labels only at level 0."""
        at_level_0 = wanted.hierarchy is None and len(wanted.fields) == 1
        labels = self.labels.get(wanted.fields[0], _NO_LABELS) if at_level_0 else _NO_LABELS
        made_by = f"{wanted.hierarchy}, level {wanted.level}" if wanted.hierarchy else wanted.calendar or "as recorded"
        mappings = [self.made[name] for name in wanted.fields if name in self.made]
        made_by = "; ".join([*mappings, made_by] if wanted.hierarchy or not mappings else mappings)
        made_of = tuple(sorted({origin for name in wanted.fields for origin in self.origins.get(name, ())}))
        return ReleasedField(
            wanted.name, self._kind(wanted), wanted.title, made_by, wanted.is_quasi_identifier, labels, made_of
        )

    def _kind(self, wanted: Generalisation) -> str:
        if wanted.calendar:
            return "integer" if wanted.calendar == "year" else "date"
        if wanted.hierarchy or len(wanted.fields) > 1:
            return "text"
        return _KINDS.get(self.fields[wanted.fields[0]][0].type, "text")


def declared_in(
    extracts: Sequence[Described], brought: Sequence[Lookup | AsOf] = (), mapped: Sequence[Harmonised] = ()
) -> Declared:
    """What the descriptions of all extracts say of their fields, under the names by which a preparation knows them."""
    fields: dict[str, tuple[Field, ...]] = {}
    labels: dict[str, Mapping[str, Text]] = {}
    disputed = set[str]()
    for extract in extracts:
        for field_ in extract.declared.fields:
            fields[field_.name] = (*fields.get(field_.name, ()), field_)
            if field_.code_list:
                entries = extract.register.code_list_named(field_.code_list).codes
                told = {entry.code: entry.label for entry in entries}
                known = labels.get(field_.name, _NO_LABELS)
                if any(known.get(code, label) != label for code, label in told.items()):
                    disputed.add(field_.name)
                labels[field_.name] = {**known, **told}
    for bringing in brought:
        fields[bringing.name] = (*fields.get(bringing.name, ()), *fields.get(bringing.field, ()))
        if bringing.field in labels:
            labels[bringing.name] = labels[bringing.field]
    made = {}
    for found in mapped:
        fields[found.name] = found.fields
        labels[found.name] = {entry.code: entry.label for entry in found.code_list.codes}
        made[found.name] = found.made_by
    return Declared(fields, labels, made, frozenset(disputed), _origins(extracts, brought, mapped))


def _origins(
    extracts: Sequence[Described], brought: Sequence[Lookup | AsOf], mapped: Sequence[Harmonised]
) -> dict[str, tuple[str, ...]]:
    """Which fields of registers stand behind each name, as their registers call them and as they were ordered."""
    found: dict[str, tuple[str, ...]] = {}
    for extract in extracts:
        own = {name: field_ for field_, name in extract.source.called.items()}
        for name in (field_.name for field_ in extract.declared.fields):
            found[name] = (*found.get(name, ()), f"{extract.source.name}.{own.get(name, name)}")
    for bringing in brought:
        found[bringing.name] = (*found.get(bringing.name, ()), *found.get(bringing.field, ()))
    for made in mapped:
        found[made.name] = tuple(origin for each in made.fields for origin in found.get(each.name, ()))
    return found
