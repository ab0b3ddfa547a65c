"""A public table without identifiers goes through the corridor as the example says, and comes out as polars says it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import polars as pl
import pytest
from tests.jalostamo.managing.sensitive.canaries import contents
from tests.jalostamo.managing.sensitive.pilot import ROOT
from tests.jalostamo.managing.sensitive.small_town import TODAY

from jalostamo.concepts.errors import Refused
from jalostamo.engine.connection import open_engine
from jalostamo.managing.requests import Request, read_request
from jalostamo.managing.sensitive.corridor import Refined, Rooms, refine

EXAMPLE = ROOT / "examples" / "adult"
LEVELS = {
    "sex": 0,
    "age": 3,
    "race": 0,
    "marital_status": 1,
    "education": 2,
    "native_country": 1,
    "workclass": 1,
    "occupation": 1,
}
K = 5


@dataclass(frozen=True)
class Run:
    request: Request
    rooms: Rooms
    refined: Refined
    expected: pl.DataFrame

    @property
    def rows(self) -> pl.DataFrame:
        return pl.read_parquet(self.refined.release.folder / "rows.parquet")


def put_in_place(home: Path, adult: Path) -> Path:
    """The example set up as the head of its request says; its request in the home."""
    for folder in ("sources", "requests"):
        (home / folder / "adult").mkdir(parents=True)
    copyfile(EXAMPLE / "register.toml", home / "sources/adult/register.toml")
    copyfile(adult / "adult.csv", home / "sources/adult/adult.csv")
    copyfile(EXAMPLE / "request.toml", home / "requests/adult/request.toml")
    (home / "requests/adult/hierarchies").symlink_to(adult)
    return home / "requests/adult/request.toml"


def generalised(adult: Path) -> pl.DataFrame:
    """The recipe worked out in polars, before anybody is left out."""
    recorded = pl.read_csv(adult / "adult.csv", separator=";", infer_schema=False)
    recorded.columns = [name.replace("-", "_") for name in recorded.columns]
    columns = []
    for name, level in LEVELS.items():
        file = adult / f"adult_hierarchy_{name.replace('_', '-')}.csv"
        levels = pl.read_csv(file, separator=";", has_header=False, infer_schema=False)
        coarse = dict(zip(levels.to_series(0), levels.to_series(level), strict=True))
        columns.append(pl.col(name).replace_strict(coarse))
    return recorded.with_columns(columns).with_columns(alike=pl.len().over(list(LEVELS)))


@pytest.fixture(scope="module")
def adult(shared_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    home, folder = tmp_path_factory.mktemp("adult"), shared_data("adult/adult.csv").parent
    request = read_request(put_in_place(home, folder))
    rooms = Rooms(home / "sources", home / "vault", home / "releases")
    with open_engine(workspace=tmp_path_factory.mktemp("workspace")) as engine:
        refined = refine(engine, request, rooms, progress=lambda _: None, today=TODAY)
    return Run(request, rooms, refined, generalised(folder))


def test_released_are_the_rows_with_enough_alike(adult: Run) -> None:
    expected = adult.expected.filter(pl.col("alike") >= K).drop("alike")
    assert adult.rows.height == expected.height == 28_914
    assert adult.rows.sort(adult.rows.columns).equals(expected.select(adult.rows.columns).sort(adult.rows.columns))


def test_every_class_of_the_release_has_k_rows(adult: Run) -> None:
    sizes = adult.rows.group_by(*LEVELS).len()["len"]
    assert (sizes.min(), len(sizes), sizes.sum()) == (K, 384, 28_914)


def test_a_smaller_k_would_be_noticed(adult: Run) -> None:
    with_three = adult.expected.filter(pl.col("alike") >= 3)
    assert with_three.group_by(*LEVELS).len()["len"].min() == 3


def test_the_reports_tell_what_happened(adult: Run) -> None:
    prepared, validation = adult.refined.prepared, adult.refined.validation
    assert (prepared.released, prepared.suppressed, prepared.smallest) == (28_914, 1_248, {"row": 5})
    assert (validation.classes, validation.smallest, validation.rows) == (384, {"row": 5}, {"rows": 28_914})
    by_race = adult.expected.group_by("race").agg(kept=(pl.col("alike") >= K).sum(), gone=(pl.col("alike") < K).sum())
    assert {(loss.group, loss.released, loss.suppressed) for loss in prepared.loss} == set(by_race.rows())


def test_the_release_says_what_it_is_in_rounded_counts(adult: Run) -> None:
    content = adult.refined.release.manifest.content
    told = {key: content[key] for key in ("marking", "k", "units", "released", "suppressed", "combinability")}
    assert told == {
        "marking": "public",
        "k": 5,
        "units": ["row"],
        "released": 28_915,
        "suppressed": 1_250,
        "combinability": {},
    }


def test_the_dictionary_names_every_field_and_how_it_was_made(adult: Run) -> None:
    fields = {field.name: field for field in adult.refined.prepared.tables["rows"]}
    assert list(fields) == [*LEVELS, "salary_class"] == adult.rows.columns
    assert {name: field.is_quasi_identifier for name, field in fields.items()} == dict.fromkeys(LEVELS, True) | {
        "salary_class": False
    }
    assert fields["age"].made_by == "hierarchies/adult_hierarchy_age.csv, level 3"


def test_rows_stand_in_the_order_of_their_content(adult: Run) -> None:
    assert adult.rows.equals(adult.rows.sort(adult.rows.columns))


def test_nothing_but_manifests_is_left_in_the_vault(adult: Run) -> None:
    assert {Path(name).name for name in contents(adult.rooms.vault)} == {
        "1-extract.json",
        "2-linked.json",
        "3-prepared.json",
        "4-validated.json",
    }


def test_a_stricter_limit_refuses_the_recipe(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    path = put_in_place(tmp_path, shared_data("adult/adult.csv").parent)
    path.write_text(path.read_text().replace("suppression_limit = 0.05", "suppression_limit = 0.04"))
    rooms = Rooms(tmp_path / "sources", tmp_path / "vault", tmp_path / "releases")
    (tmp_path / "workspace").mkdir()
    with open_engine(workspace=tmp_path / "workspace") as engine, pytest.raises(Refused, match="1248 of 30162"):
        refine(engine, read_request(path), rooms, progress=lambda _: None, today=TODAY)
    assert not (tmp_path / "releases").exists()
