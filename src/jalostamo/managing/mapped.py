"""Mappings of codes: files beside a request that bring fields of several sources to one code list, read and held against them.

What is mapped by them is `managing.sensitive.harmonising`.

Handbook 2.2 (master data).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.code_lists import CodeList, code_list_from
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import NEVER_RELEASED, FieldType
from jalostamo.managing.sections import toml_in

if TYPE_CHECKING:
    from jalostamo.concepts.registers import Field
    from jalostamo.managing.dictionary import Described
    from jalostamo.managing.requests import Harmonisation, Request, Source

_KEYS: Final = {"name", "version", "codes", "map"}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A harmonised field: its code list, the mapping of each source's codes to it, and the digest of the file with them."""

    name: str
    file: str
    code_list: CodeList
    by_source: Mapping[str, Mapping[str, str]]
    digest: str
    fields: tuple[Field, ...]

    @property
    def made_by(self) -> str:
        """How the field was made, as the dictionary of a release tells it."""
        return f"{self.file}, version {self.code_list.version}, sha256 {self.digest}"

    def as_mapping(self) -> dict[str, str]:
        """The mapping as manifests name it."""
        return {"name": self.name, "mapping": self.file, "version": self.code_list.version, "sha256": self.digest}


def mapped_in(request: Request, extracts: Sequence[Described]) -> tuple[Mapped, ...]:
    """The mappings that a request names, read and held against its sources."""
    found = tuple(_mapped(request, wanted, extracts) for wanted in request.harmonised)
    names = [mapped.name for mapped in found]
    taken = {field.name for extract in extracts for field in extract.declared.fields}
    if len(set(names)) != len(names) or set(names) & taken or any(name.endswith("_") for name in names):
        raise Unfit(
            "[[harmonise]]: names differ from each other and from the sources' fields, and end with no underscore.",
            reason="harmonise_names",
        )
    return found


def _mapped(request: Request, wanted: Harmonisation, extracts: Sequence[Described]) -> Mapped:
    by_name = {name: e for e in extracts if (name := request.called(e.source, wanted.fields))}
    missing = sorted(set(wanted.fields) - set(by_name))
    if missing:
        raise Unfit(f"[[harmonise]] '{wanted.name}' names no source: {', '.join(missing)}.", reason="harmonise_names")
    if any(_is_as_of_alone(request, extract.source) for extract in by_name.values()):
        raise Unfit(
            f"[[harmonise]] '{wanted.name}' names a source of [[linking.as_of]] alone: what such a join brings is not "
            "harmonised. Leave it out.",
            reason="harmonise_names",
        )
    fields = tuple(extract.declared.field_named(wanted.fields[name]) for name, extract in by_name.items())
    if any(
        field.sensitivity in NEVER_RELEASED or field.type not in {FieldType.CODE, FieldType.TEXT} for field in fields
    ):
        raise Unfit(
            f"[[harmonise]] '{wanted.name}': codes and short texts are harmonised, no identifiers and no free text.",
            reason="harmonise_field",
        )
    path = request.folder / wanted.mapping
    written = _read(path)
    code_list, by_source = _content(path.name, written, names=set(by_name))
    return Mapped(wanted.name, path.name, code_list, by_source, hashlib.sha256(written).hexdigest(), fields)


def _is_as_of_alone(request: Request, source: Source) -> bool:
    linking = request.linking
    if linking is None or request.called(source, linking.joins):
        return False
    return any(join.source == source.name for join in linking.as_of)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Misused(
            f"Mapping {path.name} is missing or cannot be read: name a file beside the request.",
            reason="mapping_missing",
        ) from None


def _content(file: str, written: bytes, *, names: set[str]) -> tuple[CodeList, Mapping[str, Mapping[str, str]]]:
    content = toml_in(written, unfit=lambda fault: Unfit(f"{file} is not a TOML file: {fault}.", reason="mapping_form"))
    code_list, maps = code_list_from(content), content.get("map")
    words_alone = isinstance(maps, dict) and all(
        isinstance(codes, dict) and all(isinstance(code, str) for code in codes.values()) for codes in maps.values()
    )
    if set(content) != _KEYS or not words_alone or set(cast("Mapping[str, object]", maps)) != names:
        raise Unfit(
            f"{file} has name, version, codes, and under [map] one table of codes for each source of the harmonised "
            f"field: {', '.join(sorted(names))}.",
            reason="mapping_form",
        )
    by_source = cast("Mapping[str, Mapping[str, str]]", maps)
    strange = {code for codes in by_source.values() for code in codes.values()} - set(code_list.allowed)
    if strange:
        raise Unfit(f"{file} maps to {', '.join(sorted(strange))}, not in its own codes.", reason="mapping_form")
    return code_list, by_source
