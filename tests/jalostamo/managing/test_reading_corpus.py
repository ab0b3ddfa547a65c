"""Every file of the corpus has its one right outcome, and nothing that stands in it is repeated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jalostamo.managing.corpus.books import BOOKS
from tests.jalostamo.managing.corpus.cases import Case
from tests.jalostamo.managing.corpus.forms import COLUMNS, ENCODINGS, HEADERS, NO_TEXT, QUOTES
from tests.jalostamo.managing.corpus.others import DATABASES, FIXED, JSON
from tests.jalostamo.managing.corpus.packed import PARQUET
from tests.jalostamo.managing.corpus.places import OUTSIDE, PLACES
from tests.jalostamo.managing.corpus.values import VALUES
from tests.jalostamo.managing.delivered import CODE_LISTS, SECRET, field, sentences, told

from jalostamo.concepts.errors import JalostamoError, Unfit
from jalostamo.concepts.registers import RegisterTable
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.reading import Reading, read_table
from jalostamo.managing.reading.reader import Reader

GROUPS = {
    "value": VALUES,
    "encoding": ENCODINGS,
    "quotes": QUOTES,
    "columns": COLUMNS,
    "header": HEADERS,
    "no text": NO_TEXT,
    "place": PLACES,
    "parquet": PARQUET,
    "workbook": BOOKS,
    "fixed width": FIXED,
    "JSON lines": JSON,
    "database": DATABASES,
}
CORPUS = {f"{group}: {name}": case for group, cases in GROUPS.items() for name, case in cases.items()}
APART = 20
"""On the way to main, one of so many is read in a process of its own, as all are in the deep tests; each is read here."""

ONLY_APART = frozenset(
    {
        *("encoding: two marks of UTF-8", "header: a hard space", "header: a zero-width space"),
        *("header: control characters", "no text: tar"),
        *(f"{of}: more records than declared" for of in ("parquet", "workbook: sheet", "fixed width", "database")),
    }
)
"""What comes of these is decided by the process that asks: it counts again, and repeats no name that cannot be printed."""

CASES = [
    pytest.param(
        case,
        apart,
        id=f"{name.replace(' ', '-')}{'-apart' if apart else ''}",
        marks=pytest.mark.deep if apart and place % APART and name not in ONLY_APART else (),
    )
    for cases in (
        list(enumerate((f"{group}: {name}", case) for name, case in of.items())) for group, of in GROUPS.items()
    )
    for place, (name, case) in cases
    for apart in (False, True)
    if apart or name not in ONLY_APART
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine, and what keeps it company."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def outcome_of(engine: Engine, case: Case, folder: Path, *, apart: bool) -> Reading | JalostamoError:
    """What becomes of a case, read in a process of its own or in this one."""
    case.deliver(folder)
    reader = engine.company(Reader, lambda: Reader(engine.workspace))
    try:
        if not apart:
            return read_table(engine, case.declared, folder, code_lists=CODE_LISTS)
        return reader.read(engine, case.declared, folder, code_lists=CODE_LISTS)
    except JalostamoError as error:
        return error


def test_the_ways_of_reading_are_tried_on_each_group() -> None:
    ways = {(str(case.id).partition(":")[0], case.values[1]) for case in CASES if not case.marks}
    assert {group for group, apart in ways if apart} == {name.replace(" ", "-") for name in GROUPS}


@pytest.mark.parametrize(("case", "apart"), CASES)
def test_a_file_of_the_corpus_has_its_outcome(case: Case, apart: bool, engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "delivered"
    folder.mkdir()
    outcome = outcome_of(engine, case, folder, apart=apart)
    if isinstance(case.outcome, str):
        assert isinstance(outcome, JalostamoError)
        assert outcome.reason == case.outcome
        assert outcome.exit_code in {2, 4}
        assert SECRET[:4] not in outcome.sentence
        assert outcome.sentence.isprintable()
        assert len(outcome.sentence) <= 2_000
        return
    assert isinstance(outcome, Reading), outcome
    assert (outcome.loaded, tuple(told(outcome))) == (case.outcome.loaded, case.outcome.rejected)
    assert outcome.records == case.outcome.records
    assert SECRET[:4] not in sentences(outcome)
    found = engine.only_row(outcome.table.agg(n=outcome.table.count()))
    assert found["n"] == case.outcome.loaded


def test_the_corpus_is_large_and_its_names_tell_cases_apart() -> None:
    assert len(CORPUS) == sum(map(len, GROUPS.values())) >= 300


@pytest.mark.parametrize("file", OUTSIDE)
def test_a_file_outside_of_its_folder_cannot_be_declared(file: str) -> None:
    with pytest.raises(Unfit) as refused:
        RegisterTable("persons", file, (field("id"),))
    assert refused.value.reason == "table_file"
