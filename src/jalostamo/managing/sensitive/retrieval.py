"""Retrieving: the asked fields of each source are read by its description into an extract, which names its request.

What is not asked for is not read. The analyst takes no part in it.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.descriptions import register_from
from jalostamo.concepts.errors import Misused, Objection, Refused, Unfit
from jalostamo.concepts.registers import FieldType, Marking, Register, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.profiling import FieldProfile, profile_of, suspected_in
from jalostamo.managing.reading import Reading, read_table, refuse_rejected
from jalostamo.managing.requests import Request, Source

DESCRIPTION: Final = "register.toml"

# Laxer than the form of a code, so that a living person's code is found also with a small letter or a space too many.
_LIVING: Final = r"[0-3]\d[01]\d{3}[-+YXWVUABCDEFyxwvuabcdef][0-8]\d{2}[0-9A-Ya-y]"


@dataclass(frozen=True, slots=True, repr=False)
class Extract:
    """An extract is what one source gave for one request; it is destroyed on that request's schedule.

    `path` is its Parquet file in the vault, `declared` the part of the source's description that was asked.
    """

    source: Source
    register: Register
    declared: RegisterTable
    path: Path
    profile: tuple[FieldProfile, ...]
    manifest: Manifest

    def __repr__(self) -> str:
        return f"Extract({self.source.register}.{self.source.table}, content hidden)"

    def table(self, engine: Engine) -> ir.Table:
        """The extract as a table of an engine."""
        return engine.read_parquet(self.path)


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey tells of one table what may be known before anything is asked of it: counts, and a profile per field.

    `rejections` are sentences with file, line and column, without what was recorded.
    """

    table: str
    records: int
    loaded: int
    rejections: tuple[str, ...]
    profile: tuple[FieldProfile, ...]


def read_register(folder: Path) -> Register:
    """Read a register's own description from its folder."""
    path = folder / DESCRIPTION
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Misused(
            f"{folder.name}/{DESCRIPTION} is missing: every source is described before it is read.",
            reason="file_missing",
        ) from None
    except OSError as error:
        raise Misused(
            f"{folder.name}/{DESCRIPTION} cannot be read: {error.strerror}. Check its permissions.",
            reason="file_unreadable",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unfit(f"{folder.name}/{DESCRIPTION} is not a TOML file: {error}.", reason="description_form") from None
    return register_from(content, place=f"{folder.name}/{DESCRIPTION}")


def retrieve(engine: Engine, request: Request, source: Source, *, sources: Path, vault: Path) -> Extract:
    """Retrieve one source of a request into the vault.

    At this level of isolation only synthetic and public sources may be read, and no code outside the artificial range.
    """
    folder = sources / source.register
    register = read_register(folder)
    _refuse_misnamed(register, source)
    _refuse_personal(register)
    declared = _asked(register.table_named(source.table), source)
    code_lists = {code_list.name: code_list for code_list in register.code_lists}
    path = vault / f"{source.register}.{source.table}.parquet"
    reading = read_table(engine, declared, folder, code_lists=code_lists)
    refuse_rejected(reading, at_most=source.rejected_at_most)
    _refuse_living(engine, reading)
    profile = profile_of(engine, reading.table, declared)
    engine.write_parquet(reading.table, path)
    manifest = _manifest(request, register, reading, profile, folder=folder, path=path)
    return Extract(source, register, declared, path, profile, manifest)


def survey(engine: Engine, folder: Path) -> tuple[Survey, ...]:
    """Read every table of a register by its description, keep none of it, and tell how it went and what it is like."""
    register = read_register(folder)
    _refuse_personal(register)
    code_lists = {code_list.name: code_list for code_list in register.code_lists}
    found = []
    for table in register.tables:
        reading = read_table(engine, table, folder, code_lists=code_lists)
        _refuse_living(engine, reading)
        rejections = tuple(rejection.sentence(table) for rejection in reading.rejections)
        profile = profile_of(engine, reading.table, table)
        found.append(Survey(table.name, reading.records, reading.loaded, rejections, profile))
    return tuple(found)


def _refuse_misnamed(register: Register, source: Source) -> None:
    """A request names registers; names that are paths would lead it to other folders."""
    if register.name != source.register or any(Path(name).name != name for name in (source.register, source.table)):
        raise Unfit(
            "A [[source]] names a register and a table as the register's own description does: plain names, no paths.",
            reason="register_name",
        )


def _asked(table: RegisterTable, source: Source) -> RegisterTable:
    """The table with the asked fields alone; its key tells records apart only where the whole key was asked."""
    fields = tuple(table.field_named(name) for name in source.fields)
    key = table.key if set(table.key) <= set(source.fields) else ()
    return dataclasses.replace(table, fields=fields, key=key)


def _refuse_personal(register: Register) -> None:
    if register.marking is Marking.PERSONAL:
        sentence = (
            f"Register '{register.name}' holds personal data; this installation is at the level of a demonstration, "
            "where one user holds everything. Use synthetic or public sources."
        )
        raise Refused([Objection(sentence, "2.6")], reason="level_demo")


def _refuse_living(engine: Engine, reading: Reading) -> None:
    names = [f.name for f in reading.declared.fields if f.type is FieldType.PERSONAL_IDENTITY_CODE]
    for name in names:
        found = reading.table.filter(cast("ir.StringColumn", reading.table[name]).re_search(_LIVING))
        living = engine.only_row(found.agg(n=found[name].nunique()))["n"]
        if living:
            sentence = (
                f"{living} personal identity codes of field '{name}' are outside the artificial range 900-999 and may be "
                "living persons'; at the level of a demonstration none are read."
            )
            raise Refused([Objection(sentence, "2.6")], reason="level_demo")


def _manifest(
    request: Request,
    register: Register,
    reading: Reading,
    profile: tuple[FieldProfile, ...],
    *,
    folder: Path,
    path: Path,
) -> Manifest:
    rejected = [{"reason": r.reason, "field": r.field, "records": r.records} for r in reading.rejections]
    content: Mapping[str, object] = {
        "request": request.digest,
        "register": register.name,
        "table": reading.declared.name,
        "controller": register.controller,
        "marking": register.marking.value,
        "fields": [field.name for field in reading.declared.fields],
        "source_file": digest_of(folder / reading.declared.file),
        "description": digest_of(folder / DESCRIPTION),
        "records": reading.records,
        "loaded": reading.loaded,
        "rejected": rejected,
        "suspected_identifiers": list(suspected_in(profile)),
        "extract_file": digest_of(path),
    }
    return Manifest("extract", content)
