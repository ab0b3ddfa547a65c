"""The whole suite on written files: a sound release withstands it, each spoilt one is caught by the attack it invites."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.village import (
    columns,
    recoded,
    released,
    village,
    with_stars,
    write,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.attacks.case import Case, Written
from jalostamo.managing.sensitive.validation.attacks.columns import Column
from jalostamo.managing.sensitive.validation.attacks.criteria import read_criteria
from jalostamo.managing.sensitive.validation.attacks.evidence import Evidence
from jalostamo.managing.sensitive.validation.attacks.rates import Sample
from jalostamo.managing.sensitive.validation.attacks.sequences import PrintedCounts
from jalostamo.managing.sensitive.validation.attacks.suite import attack

SOURCE = village(1, 6_000)
QUASI = columns(3, 2)
FINE = columns(1, 1)
SAMPLE = Sample(seed=11, size=2_000)


def case_of(engine: Engine, path: Path, quasi: tuple[Column, ...] = QUASI, source: pl.DataFrame = SOURCE) -> Case:
    return Case(Written(path, quasi), engine.in_memory(source.to_arrow()), ("ill",), generalisations=8)


def run(engine: Engine, case: Case) -> Evidence:
    return attack(engine, case, read_criteria("outside"), sample=SAMPLE)


def succeeded(found: Evidence) -> set[str]:
    return {finding.figure for finding in found.findings if finding.outcome == "succeeded"}


def test_a_sound_release_withstands_every_attack(engine: Engine, tmp_path: Path) -> None:
    found = run(engine, case_of(engine, write(released(SOURCE, QUASI, k=11), tmp_path / "out.parquet")))
    assert [finding for finding in found.findings if finding.outcome not in {"withstood", "told"}] == []
    assert found.withstood


def test_one_row_under_stars_is_caught(engine: Engine, tmp_path: Path) -> None:
    starred = with_stars(SOURCE, FINE, k=40)
    one = pl.concat([starred.filter(pl.col("age") == "*").head(1), starred.filter(pl.col("age") != "*")])
    found = run(engine, case_of(engine, write(one.sort(one.columns), tmp_path / "out.parquet"), FINE))
    assert {"insider.certain", "insider.fewest_candidates", "homogeneity.one_value"} <= succeeded(found)


def test_small_classes_are_caught(engine: Engine, tmp_path: Path) -> None:
    quasi = columns(0, 0)
    found = run(engine, case_of(engine, write(released(SOURCE, quasi, k=1), tmp_path / "out.parquet"), quasi))
    assert {"singling_out.risk", "singling_out.smallest_class", "inference.risk"} <= succeeded(found)


def test_rows_in_the_order_of_their_source_are_caught(engine: Engine, tmp_path: Path) -> None:
    found = run(engine, case_of(engine, write(recoded(SOURCE, QUASI), tmp_path / "out.parquet")))
    assert succeeded(found) == {"row_order.risk"}


def test_an_earlier_release_that_crosses_is_caught(engine: Engine, tmp_path: Path) -> None:
    fine, other = columns(1, 3, 1), columns(4, 0, 1)
    paths = [write(released(SOURCE, q, k=11), tmp_path / f"{n}.parquet") for n, q in enumerate((fine, other))]
    alone = case_of(engine, paths[0], fine)
    crossed = replace(alone, earlier=(Written(paths[1], other),))
    assert "crossing.fewest_candidates" not in succeeded(run(engine, alone))
    assert "crossing.fewest_candidates" in succeeded(run(engine, crossed))


def test_an_earlier_release_without_the_sensitive_column_is_crossed_by_its_people(
    engine: Engine, tmp_path: Path
) -> None:
    path = write(released(SOURCE, QUASI, k=11), tmp_path / "out.parquet")
    bare = write(released(SOURCE, QUASI, k=11).drop("ill"), tmp_path / "bare.parquet")
    found = run(engine, replace(case_of(engine, path), earlier=(Written(bare, QUASI),)))
    assert "crossing.one_value" not in {finding.figure for finding in found.findings}
    assert found.withstood


def test_printed_cells_beside_a_release_are_taken_apart(engine: Engine, tmp_path: Path) -> None:
    odd = SOURCE.head(3).with_columns(pl.lit("79").alias("age"), pl.lit("23").alias("area"), pl.lit("F").alias("sex"))
    source = pl.concat([SOURCE.filter(~((pl.col("age") >= "40") & (pl.col("area") >= "12"))), odd])
    path = write(released(source, QUASI, k=11), tmp_path / "out.parquet")
    cells = {(label,): count for label, count in recoded(source, columns(3, 3))["age"].value_counts().iter_rows()}
    case = case_of(engine, path, source=source)
    assert "differencing.small" in succeeded(run(engine, replace(case, printed=(PrintedCounts({"age": 3}, cells),))))
    assert run(engine, case).withstood


def test_a_choice_among_too_many_generalisations_is_caught(engine: Engine, tmp_path: Path) -> None:
    path = write(released(SOURCE, QUASI, k=11), tmp_path / "out.parquet")
    assert succeeded(run(engine, replace(case_of(engine, path), generalisations=60))) == {"minimality.bits"}


def test_a_release_of_nobody_tells_of_nobody(engine: Engine, tmp_path: Path) -> None:
    path = write(released(SOURCE, QUASI, k=100_000), tmp_path / "out.parquet")
    sound = write(released(SOURCE, QUASI, k=11), tmp_path / "sound.parquet")
    assert run(engine, replace(case_of(engine, path), earlier=(Written(sound, QUASI),))).withstood
    assert run(engine, replace(case_of(engine, sound), earlier=(Written(path, QUASI),))).withstood


def test_evidence_names_its_suite_its_criteria_and_its_release_and_no_value(engine: Engine, tmp_path: Path) -> None:
    found = run(engine, case_of(engine, write(with_stars(SOURCE, FINE, k=40), tmp_path / "out.parquet"), FINE))
    told = json.dumps(found.as_mapping()) + " ".join(found.sentences()) + repr(found)
    assert found.as_mapping()["suite"] == "3"
    criteria = found.as_mapping()["criteria"]
    assert isinstance(criteria, dict)
    limits = {limit["figure"]: limit["read"] for limit in criteria.pop("limits")}
    assert criteria == {"dated": "2026-11-23", "recipient": "outside"}
    assert limits.keys() == read_criteria("outside").by_figure.keys()
    assert len(found.release) == 64
    assert "anonymous" not in told.lower()
    assert not any(value in told for value in ("ill3", "+5", "of4"))


def test_the_same_seed_finds_the_same(engine: Engine, tmp_path: Path) -> None:
    case = case_of(engine, write(released(SOURCE, FINE, k=5), tmp_path / "out.parquet"), FINE)
    assert run(engine, case) == run(engine, case)


def test_without_its_criterion_an_attack_is_told_and_not_judged(engine: Engine, tmp_path: Path) -> None:
    case, criteria = (
        case_of(engine, write(recoded(SOURCE, QUASI), tmp_path / "out.parquet")),
        read_criteria("outside"),
    )
    lax = replace(criteria, by_figure={f: c for f, c in criteria.by_figure.items() if f != "row_order.risk"})
    assert not attack(engine, case, criteria, sample=SAMPLE).withstood
    assert attack(engine, case, lax, sample=SAMPLE).withstood


def test_rows_without_any_other_column_may_stand_in_any_order(engine: Engine, tmp_path: Path) -> None:
    path = write(recoded(SOURCE, QUASI).drop("ill"), tmp_path / "out.parquet")
    assert run(engine, replace(case_of(engine, path), sensitive=())).withstood


def test_a_kept_column_is_led_back_by_the_order_of_rows_too(engine: Engine, tmp_path: Path) -> None:
    path = write(recoded(SOURCE, QUASI), tmp_path / "out.parquet")
    assert succeeded(run(engine, replace(case_of(engine, path), sensitive=()))) == {"row_order.risk"}


def test_another_source_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = write(released(SOURCE, QUASI, k=11), tmp_path / "out.parquet")
    with pytest.raises(Unfit) as refused:
        run(engine, case_of(engine, path, source=village(2, 6_000)))
    assert refused.value.reason == "other_source"


def test_a_column_that_is_not_there_is_named(engine: Engine, tmp_path: Path) -> None:
    path = write(released(SOURCE, QUASI, k=11), tmp_path / "out.parquet")
    case = case_of(engine, path)
    for missing in (
        replace(case, sensitive=("shoe",)),
        replace(case, units=("shoe",)),
        replace(case, earlier=(Written(path, (Column("shoe"),)),)),
    ):
        with pytest.raises(Unfit, match="no column 'shoe'"):
            run(engine, missing)


def test_a_level_that_is_not_there_is_refused() -> None:
    with pytest.raises(Unfit, match="levels 0 to 1; level 2"):
        columns(0, 0, 2)


def test_a_control_group_of_others_finds_the_same_of_a_sound_release(engine: Engine, tmp_path: Path) -> None:
    path = write(released(SOURCE, QUASI, k=11), tmp_path / "out.parquet")
    control = engine.in_memory(village(2, 6_000).to_arrow())
    found = run(engine, replace(case_of(engine, path), control=control))
    assert found.withstood
    assert found.as_mapping()["control_group"] == "people not in the release"


def test_too_few_people_decide_nothing(engine: Engine, tmp_path: Path) -> None:
    case = case_of(engine, write(released(SOURCE, QUASI, k=11), tmp_path / "out.parquet"))
    found = attack(engine, case, read_criteria("outside"), sample=Sample(seed=1, size=20))
    assert {f.figure for f in found.findings if f.outcome == "undecided"} == {"linkability.risk", "inference.risk"}
    assert not found.withstood
    assert any("draw more people" in sentence for sentence in found.sentences())


def test_one_column_has_no_halves_to_join(engine: Engine, tmp_path: Path) -> None:
    source, quasi = SOURCE.select("age", "ill"), (QUASI[0],)
    path = write(released(source, quasi, k=11), tmp_path / "out.parquet")
    found = run(engine, case_of(engine, path, quasi, source))
    assert "linkability.risk" not in {finding.figure for finding in found.findings}
    assert found.withstood


def test_a_class_of_one_family_is_caught_where_households_are_counted(engine: Engine, tmp_path: Path) -> None:
    family = SOURCE.head(12).with_columns(
        pl.lit("79").alias("age"), pl.lit("23").alias("area"), pl.lit("F").alias("sex")
    )
    others = SOURCE.filter(~((pl.col("age") >= "40") & (pl.col("area") >= "12") & (pl.col("sex") == "F")))
    source = pl.concat([others, family]).with_row_index("person").with_columns(pl.col("person").cast(pl.String))
    home = pl.when(pl.col("person").cast(pl.Int64) >= others.height).then(pl.lit("home")).otherwise(None)
    source = source.with_columns(home.alias("household"))
    release = released(source.drop("person", "household"), QUASI, k=11)
    case = case_of(engine, write(release, tmp_path / "out.parquet"), source=source)
    assert "insider.fewest_units" not in succeeded(run(engine, replace(case, units=("person",))))
    assert "insider.fewest_units" in succeeded(run(engine, replace(case, units=("person", "household"))))
