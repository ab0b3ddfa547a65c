"""Names of persons in fields that are not marked as such: words compared with the names that the registers themselves hold.

The words are compared within the engine; what comes out is how many records, and how many different names, never which.

Handbook 2.6 (recognising personal data).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.registers import Field, FieldType, RegisterTable, Sensitivity
from jalostamo.engine.connection import Engine
from jalostamo.managing.profiling import identifier_hits
from jalostamo.managing.reading import Reading

_NOT_LETTERS: Final = r"[^\p{L}]+"
SHORTEST: Final = 3
LEAST_SHARE: Final = 0.001
LEAST_NAMES: Final = 5
"""Some names are words too (Onni is luck, Virta a stream): a few of them in a text are no suspicion yet."""

_MEDIA: Final = (
    r"(?i)(\.(jpe?g|png|gif|tiff?|heic|bmp|wav|mp3|m4a|ogg|flac|amr|mp4|avi|mov)$|^data:(image|audio|video)/)"
)


@dataclass(frozen=True, slots=True)
class NamesFound:
    """What was found in one field: records that hold a name, how many different names, and records that hold two or more."""

    field: str
    filled: int
    records: int
    names: int
    together: int = 0

    @property
    def is_suspected(self) -> bool:
        """Whether these are so many that persons are probably named."""
        return self.names >= LEAST_NAMES and self.records > LEAST_SHARE * max(self.filled, 1)


def name_fields(declared: RegisterTable) -> tuple[Field, ...]:
    """The fields in which a table says that it holds names: texts that are direct identifiers."""
    return tuple(
        f for f in declared.fields if f.type is FieldType.TEXT and f.sensitivity is Sensitivity.DIRECT_IDENTIFIER
    )


def unmarked_texts(declared: RegisterTable) -> tuple[Field, ...]:
    """The texts that may leave: neither direct identifiers nor free text."""
    marked = {Sensitivity.DIRECT_IDENTIFIER, Sensitivity.FREE_TEXT}
    return tuple(f for f in declared.fields if f.type is FieldType.TEXT and f.sensitivity not in marked)


def known_names(engine: Engine, tables: Iterable[ir.Table]) -> ir.Table | None:
    """Every word of tables that hold nothing but names, kept in the engine; None where there is no such table."""
    columns = [table[name] for table in tables for name in table.columns]
    words = [_words(column.name("text").as_table().filter(lambda t: t.text.notnull())) for column in columns]
    if not words:
        return None
    together = words[0]
    for more in words[1:]:
        together = together.union(more)
    # E-mail addresses and telephone numbers are identifiers too: their words are few letters, or rare and harmless here.
    return engine.keep(together.distinct())


def names_of(engine: Engine, readings: Iterable[Reading]) -> ir.Table | None:
    """The known names of tables of which the fields of names were read, and no others."""
    return known_names(engine, [r.table.select(*(field.name for field in r.declared.fields)) for r in readings])


def names_in(engine: Engine, column: ir.Column, names: ir.Table, *, field: str) -> NamesFound:
    """How many records of a column hold a word that is a name; each different text is looked at once."""
    texts = column.name("text").as_table().filter(lambda t: t.text.notnull())
    counted = engine.keep(texts.group_by("text").agg(n=texts.count()))
    words = _words(counted, keep=("text", "n"))
    hits = engine.keep(words.semi_join(names, "word").distinct())
    found = engine.only_row(hits.agg(names=hits.word.nunique()))
    with_names = hits.group_by("text", "n").agg(words=hits.count())
    several = with_names.n.sum(where=with_names.words > 1)
    records = engine.only_row(with_names.agg(n=with_names.n.sum(), together=several))
    filled = engine.only_row(counted.agg(n=counted.n.sum()))
    return NamesFound(field, _int(filled["n"]), _int(records["n"]), _int(found["names"]), _int(records["together"]))


def free_texts(declared: RegisterTable) -> tuple[Field, ...]:
    """The texts that are described as free, and never leave."""
    return tuple(f for f in declared.fields if f.type is FieldType.TEXT and f.sensitivity is Sensitivity.FREE_TEXT)


def identifiers_in(engine: Engine, column: ir.Column) -> dict[str, int]:
    """How many records of a text hold what looks like each direct identifier."""
    found = engine.only_row(column.as_table().agg(**identifier_hits(column)))
    return {name: _int(n) for name, n in found.items()}


def media_in(engine: Engine, column: ir.Column) -> int:
    """How many records of a text column name or hold an image, a sound or a film."""
    text = cast("ir.StringColumn", column)
    found = engine.only_row(text.as_table().agg(n=text.re_search(_MEDIA).sum()))
    return _int(found["n"])


def _words(texts: ir.Table, *, keep: tuple[str, ...] = ()) -> ir.Table:
    split = cast("ir.StringColumn", texts["text"]).lower().re_split(_NOT_LETTERS)
    words = texts.select(*keep, word=split.unnest())
    return words.filter(words.word.length() >= SHORTEST)


def _int(value: object) -> int:
    return cast("int | None", value) or 0
