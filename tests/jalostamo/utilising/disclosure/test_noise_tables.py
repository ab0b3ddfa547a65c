"""The shipped noise tables are those of greatest entropy, say what they are, and are refused when they are not what they say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jalostamo.utilising.disclosure import dual_entropy

import noise_tables as script
from jalostamo.concepts.errors import Unfit
from jalostamo.utilising.disclosure.noise import (
    DEFAULT,
    KEY_SPACE,
    NoiseTable,
    last_row,
    moments,
    noise_table,
    shipped_tables,
    table_from,
)

SMALL = "d2-v1-js0-p50"
FOLDER = script.FOLDER

type File = dict[str, object]


def written(named: str = DEFAULT) -> File:
    content: File = json.loads((FOLDER / f"{named}.json").read_text(encoding="utf-8"))
    return content


def rows(content: File) -> list[dict[str, list[float]]]:
    return content["rows"]  # type: ignore[return-value]  # a file of JSON has no types


@pytest.mark.parametrize("named", shipped_tables())
def test_every_row_is_that_of_an_independent_solver(named: str) -> None:
    table = noise_table(named)
    for n, row in enumerate(table.rows[1:], start=1):
        other = dual_entropy.row(table.largest, table.variance, table.never, table.stay, n)
        assert dict(row) == pytest.approx(other, abs=1e-6)


def test_the_independent_solver_would_notice_a_table_without_the_bound_of_no_noise() -> None:
    table = noise_table()
    other = dual_entropy.row(table.largest, table.variance, table.never, 0.45, 8)
    assert max(abs(p - other[v]) for v, p in table.rows[8]) > 1e-3


@pytest.mark.parametrize(
    ("n", "printed"),
    [
        (1, {0: 0.734, 3: 0.137, 4: 0.073, 5: 0.037, 6: 0.019}),
        (2, {0: 0.409, 3: 0.407}),
        (8, {8: 0.5, 7: 0.094, 9: 0.094, 6: 0.072, 10: 0.072, 5: 0.047, 11: 0.047, 4: 0.025, 3: 0.012, 13: 0.012}),
        (5000, {5000: 0.5, 4999: 0.094, 5001: 0.094, 5002: 0.072, 4997: 0.047, 5004: 0.025, 4995: 0.012}),
    ],
)
def test_the_default_table_is_the_published_one(n: int, printed: dict[int, float]) -> None:
    found = noise_table().distribution(n)
    assert {value: found[value] for value in printed} == pytest.approx(printed, abs=5e-4)


def test_a_true_one_prints_as_zero_or_as_three_to_six() -> None:
    assert set(noise_table().distribution(1)) == {0, 3, 4, 5, 6}


def test_a_count_is_kept_less_often_where_the_variance_cannot_be_met_otherwise() -> None:
    stay = {row["n"]: row["stay"] for row in rows(written("d5-v3-js0-p50"))}
    assert stay == {0: 1, 1: 0, 2: pytest.approx(0.3), 3: 0.5, 4: 0.5, 5: 0.5}
    assert moments(*zip(*noise_table("d5-v3-js0-p50").rows[2], strict=True))["variance"] == pytest.approx(3, abs=5e-4)


def test_counts_that_are_never_printed_have_no_bound_that_could_be_lowered() -> None:
    for named in shipped_tables():
        table = noise_table(named)
        assert [row["stay"] for row in rows(written(named))[1 : table.never + 1]] == [0] * table.never


def test_the_default_is_shipped_beside_others_with_more_and_with_less_noise() -> None:
    tables = [noise_table(named) for named in shipped_tables()]
    assert len(tables) >= 6
    assert {table.never for table in tables} == {0, 1, 2, 4}
    assert noise_table() == noise_table(DEFAULT) == noise_table("d5-v3-js2-p50")
    default = noise_table()
    assert min(t.variance for t in tables) < default.variance < max(t.variance for t in tables)
    assert min(t.largest for t in tables) < default.largest < max(t.largest for t in tables)


@pytest.mark.parametrize("named", shipped_tables())
def test_no_row_has_a_bias_or_more_variance_than_stated(named: str) -> None:
    table = noise_table(named)
    for row in table.rows:
        keys = {v: round(p * KEY_SPACE) for v, p in row}
        assert sum(keys.values()) == KEY_SPACE
        assert sum(v * k for v, k in keys.items()) == 0
        assert sum(v * v * k for v, k in keys.items()) <= table.variance * KEY_SPACE


@pytest.mark.parametrize("named", shipped_tables())
def test_noise_of_large_counts_is_symmetric(named: str) -> None:
    last = noise_table(named).rows[-1]
    assert [(-v, p) for v, p in reversed(last)] == list(last)


@pytest.mark.parametrize("named", shipped_tables())
def test_a_name_says_all_public_parameters(named: str) -> None:
    table = noise_table(named)
    assert named == f"d{table.largest}-v{table.variance:g}-js{table.never}-p{100 * table.stay:.0f}"
    assert len(table.rows) - 1 == last_row(table.largest, table.never)


def test_the_table_of_a_running_series_has_not_changed_by_a_key() -> None:
    # Another digest is another noise: cells that were printed before would be printed again with other numbers.
    assert noise_table().digest == "f04d9556f4e63642d276b67489c94f860b5e25851cdf4b9daa460986d991f2f2"


def bias_left_in(content: File) -> None:
    row = rows(content)[8]
    row["p"][0], row["p"][-1] = row["p"][0] + 1e-8, row["p"][-1] - 1e-8


def bias_left_in_and_said(content: File) -> None:
    row = rows(content)[8]
    row["p"][4], row["p"][6] = row["p"][4] - 1e-3, row["p"][6] + 1e-3
    row.update(moments(row["noise"], row["p"]))  # type: ignore[arg-type]


def sum_too_large(content: File) -> None:
    rows(content)[8]["p"][5] += 1e-8


def more_variance(content: File) -> None:
    content["variance"] = 2.9


def two_printed(content: File) -> None:
    rows(content)[7].update({**rows(content)[8], "n": 7})  # type: ignore[dict-item]


def three_printed_and_said_never(content: File) -> None:
    content["never"] = 3
    rows(content).append({**rows(content)[8], "n": 9})  # type: ignore[dict-item]


def largest_noise_understated(content: File) -> None:
    content["largest"] = 4


def below_zero(content: File) -> None:
    rows(content)[1]["noise"][0] = -2
    rows(content)[1].update(moments(rows(content)[1]["noise"], rows(content)[1]["p"]))  # type: ignore[arg-type]


def zero_with_noise(content: File) -> None:
    zero: dict[str, object] = {"noise": [-1, 0, 1], "p": [0.25, 0.5, 0.25], "stay": 0.5}
    rows(content)[0].update({**zero, "mean": 0.0, "variance": 0.5, "unchanged": 0.5, "entropy": 1.5})  # type: ignore[arg-type]


def descending(content: File) -> None:
    row = rows(content)[8]
    row["noise"].reverse()
    row["p"].reverse()


def fraction_of_a_key(content: File) -> None:
    row = rows(content)[8]
    row["p"][0], row["p"][5], row["p"][-1] = row["p"][0] - 5e-9, row["p"][5] + 1e-8, row["p"][-1] - 5e-9


def one_noise_without_probability(content: File) -> None:
    rows(content)[8]["p"].pop()


def probability_of_zero(content: File) -> None:
    rows(content)[8]["p"][0] = 0.0


def not_a_number(content: File) -> None:
    rows(content)[8]["p"][0] = float("nan")


def mean_not_a_number(content: File) -> None:
    rows(content)[8]["mean"] = float("nan")  # type: ignore[assignment]


def other_moment(name: str) -> Callable[[File], None]:
    def spoil(content: File) -> None:
        rows(content)[8][name] += 2e-6  # type: ignore[operator]

    spoil.__name__ = f"other_{name}"
    return spoil


def falling(content: File) -> None:
    # Larger noise more likely than smaller: no bias, the same sum, less variance.
    row = rows(content)[8]
    row["p"][3], row["p"][4] = row["p"][4], row["p"][3]
    row["p"][7], row["p"][6] = row["p"][6], row["p"][7]
    row.update(moments(row["noise"], row["p"]))  # type: ignore[arg-type]
    content["variance"] = 4.0


def kept_less_often(content: File) -> None:
    rows(content)[8]["stay"] = 0.51  # type: ignore[assignment]


def bound_kept_of_another_table(content: File) -> None:
    content["stay"] = 0.45


def kept_more_often_said(content: File) -> None:
    content["stay"] = 0.55


def kept_not_a_number(content: File) -> None:
    rows(content)[8]["stay"] = float("nan")  # type: ignore[assignment]


def all_kept_not_a_number(content: File) -> None:
    content["stay"] = float("nan")


def variance_not_a_number(content: File) -> None:
    content["variance"] = float("nan")


def variance_without_bound(content: File) -> None:
    content["variance"] = float("inf")


def row_missing(content: File) -> None:
    rows(content).pop()


def row_in_between_missing(content: File) -> None:
    rows(content).pop(3)


def other_name(content: File) -> None:
    content["id"] = SMALL


def unknown_field(content: File) -> None:
    content["seed"] = 1


def field_missing(content: File) -> None:
    del content["never"]


def text_for_a_number(content: File) -> None:
    content["largest"] = "5"


SPOILT = [
    (bias_left_in, "bias"),
    (bias_left_in_and_said, "bias"),
    (sum_too_large, "sum to one"),
    (more_variance, "varies more"),
    (two_printed, "never printed"),
    (three_printed_and_said_never, "never printed"),
    (largest_noise_understated, "larger than stated"),
    (below_zero, "never printed"),
    (zero_with_noise, "never printed"),
    (descending, "not ascending"),
    (fraction_of_a_key, "whole number of keys"),
    (one_noise_without_probability, "each noise a probability"),
    (probability_of_zero, "each noise a probability"),
    (not_a_number, "each noise a probability"),
    (mean_not_a_number, "mean"),
    *((other_moment(name), f"its {name}") for name in ("mean", "variance", "unchanged", "entropy")),
    (falling, "fall on the way"),
    (kept_less_often, "keeps fewer"),
    (bound_kept_of_another_table, "keeps fewer"),
    (kept_more_often_said, "fewer large counts"),
    (kept_not_a_number, "keeps fewer"),
    (all_kept_not_a_number, "fewer large counts"),
    (variance_not_a_number, "variance is no number"),
    (variance_without_bound, "variance is no number"),
    (row_missing, "row too few"),
    (row_in_between_missing, "not in order"),
    (other_name, "another name"),
    (unknown_field, "of its fields"),
    (field_missing, "of its fields"),
    (text_for_a_number, "of its fields"),
]


@pytest.mark.parametrize(("spoil", "said"), SPOILT, ids=lambda value: getattr(value, "__name__", ""))
def test_a_table_that_is_not_what_it_says_is_refused(spoil: Callable[[File], None], said: str) -> None:
    content = written()
    spoil(content)
    with pytest.raises(Unfit, match=said) as refused:
        table_from(json.dumps(content), named=DEFAULT)
    assert refused.value.reason == "noise_table_claims"


def test_a_table_that_was_not_spoilt_is_read() -> None:
    assert table_from(json.dumps(written()), named=DEFAULT) == noise_table()


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(Unfit, match="of its fields"):
        table_from("{", named=DEFAULT)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{0: 1.0}, {0: 0.5, 1: 0.5}], "bias"),
        ([{0: 1.0}, {-1: 0.5, 1: 0.5}, {}], "whole number"),
        ([{0: 1.0}, {0: 0.5, -1: 0.25}], "sum to one"),
        ([{0: 1.0}], "row too few"),
    ],
    ids=["bias", "empty", "sum", "rows"],
)
def test_a_table_built_otherwise_is_held_to_the_same_claims(rows: list[dict[int, float]], said: str) -> None:
    with pytest.raises(Unfit, match=said):
        NoiseTable("own", 1, 1.0, 0, 0.5, tuple(tuple(sorted(row.items())) for row in rows))


@pytest.mark.parametrize("named", ["d9-v9-js9-p99", "../noise_tables/" + DEFAULT, "", f"{DEFAULT}.json"])
def test_an_unknown_table_is_refused_with_those_that_there_are(named: str) -> None:
    with pytest.raises(Unfit, match=DEFAULT) as refused:
        noise_table(named)
    assert refused.value.reason == "noise_table_unknown"


def test_another_probability_makes_another_digest() -> None:
    digests = {noise_table(named).digest for named in shipped_tables()}
    table = noise_table()
    other = NoiseTable("renamed", table.largest, table.variance, table.never, table.stay, table.rows)
    assert len(digests | {other.digest}) == len(shipped_tables()) + 1


def test_what_is_shipped_is_what_the_script_solves(capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main(["--check"]) == 0, capsys.readouterr().out
    assert {wanted.id for wanted in script.TABLES} == set(shipped_tables())


@pytest.fixture
def one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the smallest table, of a script that knows no other."""
    monkeypatch.setattr(script, "TABLES", tuple(wanted for wanted in script.TABLES if wanted.id == SMALL))
    shutil.copy(FOLDER / f"{SMALL}.json", tmp_path)
    return tmp_path


def test_the_script_writes_what_it_then_finds_unchanged(one_table: Path) -> None:
    path = one_table / f"{SMALL}.json"
    shipped = path.read_bytes()
    path.unlink()
    assert script.main(["--check"], one_table) == 1
    assert script.main([], one_table) == 0
    assert path.read_bytes() == shipped
    assert script.main(["--check"], one_table) == 0


def test_the_script_notices_other_probabilities(one_table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = one_table / f"{SMALL}.json"
    content = written(SMALL)
    row = rows(content)[2]
    row["p"] = [0.125 / 2, 0.5 - 0.25 - 0.125 / 2, 0.5, 0.5 - 0.25 - 0.125 / 2, 0.125 / 2]
    row.update(moments(row["noise"], row["p"]))  # type: ignore[arg-type]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert script.main(["--check"], one_table) == 1
    assert "row 2" in capsys.readouterr().out


def test_the_script_notices_a_table_that_is_not_its_own(one_table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(FOLDER / f"{DEFAULT}.json", one_table)
    assert script.main(["--check"], one_table) == 1
    assert DEFAULT in capsys.readouterr().out


def test_a_variance_that_no_noise_without_bias_can_have_is_refused() -> None:
    # A true 2 that never prints as 1 to 4 prints as 0 or from 5 on: that is a variance of 6 at least.
    with pytest.raises(SystemExit, match="allow a larger one"):
        list(script.rows_of(script.Wanted(largest=5, variance=3, never=4, stay=0.5)))
