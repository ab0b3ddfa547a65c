"""The page of an analysis: every method is drawn, tabled and told in three languages, and says what is not said to differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.utilising.sample_analyses import analysis_of, found_by

from jalostamo.charts.framing import Sheet
from jalostamo.charts.typesetting import inter
from jalostamo.concepts.languages import LANGUAGES, Language
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.analyses.findings import Findings, Found
from jalostamo.producing.analyses.methods import METHODS
from jalostamo.utilising.analysis_page.claims import claim_of
from jalostamo.utilising.analysis_page.columns import column_of
from jalostamo.utilising.analysis_page.differences import differences_chart, differences_told
from jalostamo.utilising.analysis_page.figures import charts_of
from jalostamo.utilising.analysis_page.paging import analysis_page
from jalostamo.utilising.analysis_page.speech import Speech
from jalostamo.utilising.analysis_page.tables import tables_of


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all methods."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.mark.parametrize("method", [method.name for method in METHODS])
def test_every_method_is_drawn_tabled_and_told_in_three_languages(
    method: str, engine: Engine, assets: Path, tmp_path: Path
) -> None:
    findings, analysis = found_by(method, engine, tmp_path)
    typeface, said = inter(assets), dict[Language, str]()
    for language in LANGUAGES:
        speech = Speech.of(analysis, language, time_unit=findings.time_unit)
        said[language] = claim_of(findings, analysis, speech)
        drawn = [
            chart[1](Sheet(typeface, narrow))
            for chart in charts_of(findings, analysis, speech)
            for narrow in (True, False)
        ]
        assert drawn
        assert all(drawing.description and drawing.height > 0 for drawing in drawn)
        tables = tables_of(findings, speech)
        assert tables.keys() == {name for name, table in findings.tables.items() if table.rows}
        written = [said[language], *(cell for table in tables.values() for row in table.rows for cell in row)]
        # An arrow is not among the letters of the page.
        assert not any("\u2192" in text for text in [*written, *(drawing.description for drawing in drawn)])
    heads = {(t, c): column_of(method, t, c).head for t, table in findings.tables.items() for c in table.columns}
    assert [column for (_, column), head in heads.items() if head.in_language("sv") == column and column != "p"] == []
    assert len(set(said.values())) == len(LANGUAGES)
    assert analysis.method.title.in_language("fi") != said["fi"]


def compared(*differs: bool) -> Found:
    """A table of differences of ten points, each with whether it differs."""
    columns = (
        "subject",
        "group",
        "reference",
        "difference",
        "low",
        "high",
        "effect_size",
        "p",
        "adjusted_p",
        "differs",
    )
    rows = tuple((f"S{n}", "ours", "theirs", 0.1, 0.02, 0.18, 0.2, 0.01, 0.01, each) for n, each in enumerate(differs))
    return Found(columns, rows)


def test_what_does_not_differ_is_not_said_to_and_what_is_not_drawn_is_told(assets: Path, tmp_path: Path) -> None:
    analysis = analysis_of("rework", tmp_path)
    speech = Speech.of(analysis, "en", time_unit="months")
    pair = analysis.setting.compare

    def told(*differs: bool) -> list[str]:
        tables = {"differences": compared(*differs)}
        findings = Findings("page", "rework", "d", "s", "person", "person", "months", {}, tables)
        chart = differences_chart(findings, speech)
        drawn = chart[1](Sheet(inter(assets), False)).description if chart else ""
        return [*differences_told(findings, speech, pair=pair), drawn]

    none, drawn = told(False, False)
    assert "not said to differ" in none
    assert drawn.count("no difference found") == 2
    one, drawn = told(False, True)
    assert one.startswith("Groups differ in 1 of 2 comparisons; most in: S1")
    assert drawn.startswith("S1: +10 (2\u201318).")
    assert told(*([False] * 20))[1] == "The picture shows 12, the table all 20."
    assert told() == ["There are too few customers to compare the groups.", ""]


def test_a_page_loads_nothing_and_says_whose_figures_it_shows(engine: Engine, assets: Path, tmp_path: Path) -> None:
    findings, analysis = found_by("step_map", engine, tmp_path)
    page = analysis_page(findings, analysis, "en", source="log", assets=assets).decode()
    assert re.search(r"<h1>The commonest step is notification \u2013 ASM: 90 of 90\u00a0customers</h1>", page)
    assert "True figures, not for publication" in page
    assert "Customers who have: Notification" in page
    assert "the one recorded first comes first" in page
    assert f"{findings.facts['tied_neighbour_pairs']} neighbouring events were at one time" in page
    assert {findings.definition, findings.source} <= set(re.findall(r"<code>(\w{64})</code>", page))
    assert not re.findall(r"(?:src|href)=\"(?!#|data:)", page)
    assert "<script" not in page


def test_a_page_of_printed_cells_says_that_it_is_protected_and_tells_no_more(
    engine: Engine, assets: Path, tmp_path: Path
) -> None:
    findings, analysis = found_by("step_map", engine, tmp_path)
    untold = {"events", "median", "mean", "starts", "ends"}

    def printed(table: Found) -> Found:
        kept = [column not in untold for column in table.columns]
        rows = (tuple(value if keep else None for value, keep in zip(row, kept, strict=True)) for row in table.rows)
        return Found(table.columns, tuple(rows))

    tables = {name: printed(table) for name, table in findings.tables.items()}
    protected = replace(findings, protected=True, facts={"cases": 90}, left=(), tables=tables)
    page = analysis_page(protected, analysis, "fi", source="cells", assets=assets).decode()
    assert "Suojatut luvut" in page
    assert "Todelliset luvut" not in page
    assert "Peräkkäisistä tapahtumista" not in page
