"""Parquet files that are cut, changed, of wrong types or of more than they should be."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from tests.jalostamo.managing.corpus.cases import Case, Verdict, refused
from tests.jalostamo.managing.delivered import SECRET, field, table

from jalostamo.concepts.registers import FieldType, RegisterTable

_DECLARED = table(format="parquet")


def written(columns: pa.Table, **options: Any) -> bytes:
    """A Parquet file."""
    file = io.BytesIO()
    pyarrow.parquet.write_table(columns, file, **options)
    return file.getvalue()


def _of(**columns: Any) -> bytes:
    return written(pa.table({"id": [1, 2], "name": [SECRET, "b"]} | columns))


def _at_most(records: int) -> RegisterTable:
    return RegisterTable(
        "persons",
        "persons.parquet",
        (field("id", FieldType.INTEGER), field("name")),
        _DECLARED.writing,
        records_at_most=records,
    )


_WHOLE = written(pa.table({"id": range(2_000), "name": [f"{SECRET} {n}" for n in range(2_000)]}), compression="zstd")
_BAD: dict[str, Case] = {
    "nothing": refused(b"", "file_form", _DECLARED),
    "text": refused(b"id,name\n1,Salainen\n", "file_form", _DECLARED),
    "its mark alone": refused(b"PAR1", "file_form", _DECLARED),
    "its marks alone": refused(b"PAR1PAR1", "file_form", _DECLARED),
    "encrypted": refused(_WHOLE[:-4] + b"PARE", "file_form", _DECLARED),
    "a footer too long": refused(_WHOLE[:-8] + b"\xff\xff\xff\x7fPAR1", "file_form", _DECLARED),
    "a footer of no length": refused(_WHOLE[:-8] + b"\0\0\0\0PAR1", "file_form", _DECLARED),
    "a footer of noise": refused(_WHOLE[:-200] + b"\xff" * 192 + _WHOLE[-8:], "file_form", _DECLARED),
    "a page of noise": refused(
        _WHOLE[:40] + b"\xff" * (len(_WHOLE) // 2) + _WHOLE[40 + len(_WHOLE) // 2 :], "file_form", _DECLARED
    ),
    "text behind": refused(_WHOLE + b"Salainen", "file_form", _DECLARED),
    "lists": refused(_of(name=[["a"], ["b"]]), "column_type", _DECLARED),
    "structures": refused(_of(name=[{"a": 1}, {"a": 2}]), "column_type", _DECLARED),
    "maps": refused(_of(name=pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64()))), "column_type", _DECLARED),
    "bytes": refused(_of(name=[b"a", b"b"]), "column_type", _DECLARED),
    "bytes of one width": refused(_of(name=pa.array([b"ab", b"cd"], pa.binary(2))), "column_type", _DECLARED),
    "a column less": refused(written(pa.table({"id": [1], "nimi": [SECRET]})), "column_missing", _DECLARED),
    "no column": refused(written(pa.table({"a": [1]})), "column_missing", _DECLARED),
    "capitals": refused(written(pa.table({"ID": [1], "NAME": [SECRET]})), "column_missing", _DECLARED),
    "a name twice": refused(
        written(pa.table([pa.array([1]), pa.array([SECRET]), pa.array([SECRET])], names=["id", "name", "name"])),
        "column_doubled",
        _DECLARED,
    ),
    "more records than declared": refused(_WHOLE, "too_many_records", _at_most(1_999)),
    "as many records as declared": Case(_WHOLE, Verdict(2_000), _at_most(2_000)),
    "decimals for whole numbers": Case(_of(id=[1.5, 2.0]), Verdict(0, (("not_integer", "id", 2, (1, 2)),)), _DECLARED),
    "texts for whole numbers": Case(_of(id=["1", SECRET]), Verdict(1, (("not_integer", "id", 1, (2,)),)), _DECLARED),
    "truths for whole numbers": Case(_of(id=[True, False]), Verdict(0, (("not_integer", "id", 2, (1, 2)),)), _DECLARED),
    "nulls": Case(_of(id=pa.array([None, None], pa.null())), Verdict(2), _DECLARED),
    "no record": Case(written(pa.table({"id": pa.array([], pa.int64()), "name": pa.array([], pa.string())})), Verdict(0), _DECLARED),
    "ten thousand row groups": Case(written(pa.table({"id": range(2_000), "name": ["a"] * 2_000}), row_group_size=1), Verdict(2_000), _DECLARED),  # noqa: E501  # one case a line
    "a million bytes of metadata": Case(
        written(pa.table({"id": [1], "name": ["a"]}).replace_schema_metadata({"note": SECRET * 125_000})), Verdict(1), _DECLARED
    ),
}  # fmt: skip
PARQUET: dict[str, Case] = _BAD | {
    f"cut after {share} hundredths": refused(_WHOLE[: len(_WHOLE) * share // 100], "file_form", _DECLARED)
    for share in (*range(1, 100, 5), 98, 99)
}
