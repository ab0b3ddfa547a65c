"""Medians, survival, maps of steps and associations reach whoever reads a printed cube, by one command and in words."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import PILOT, Told, home_in, in_the_open_room, jalostamo, request_in

from jalostamo.concepts.languages import LANGUAGES, Language
from jalostamo.doors import open_room
from jalostamo.doors.cube_figures import association_shown, maps_shown, quantiles_shown, survivals_shown
from jalostamo.doors.cube_words import Speech, laid_out
from jalostamo.producing.cubes.definition import Measure
from jalostamo.producing.results import Estimate
from jalostamo.utilising.disclosure.figures.asked import Asked, AskedAssociation, association_asked
from jalostamo.utilising.disclosure.figures.correlations import Association
from jalostamo.utilising.disclosure.figures.maps import StepMap, step_cell, step_map
from jalostamo.utilising.disclosure.figures.quantiles import CumulativeCounts, Quantile, quantile
from jalostamo.utilising.disclosure.figures.survival import Survival, SurvivalPoint
from jalostamo.utilising.disclosure.gate import open_printed
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.queries import Query
from jalostamo.utilising.disclosure.withheld import SENTENCES, Withheld

pytestmark = pytest.mark.slow

BY_AGE = """
[[dimension]]
name = "sex"
field = "sex"
values = ["1", "2"]
title = { fi = "Sukupuoli", sv = "Kön", en = "Sex" }

[[measure]]
name = "customers"
kind = "units"
table = "events"
title = { fi = "Asiakkaita", sv = "Klienter", en = "Customers" }

[[dimension]]
name = "service"
field = "service"
hierarchy = "hierarchies/service_group.csv"
levels = [2]
title = { fi = "Palvelu", sv = "Tjänst", en = "Service" }
"""
"""Beside what the pilot's cube of waiting by age holds: a dimension without order, and one that holds a person twice."""


@pytest.fixture(scope="module")
def cubes(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The pilot's two cubes of waiting, printed of a small town in one series."""
    folder = tmp_path_factory.mktemp("printed")
    home, request = home_in(folder, sources), request_in(folder)
    by_age = request.with_name("waiting-by-age.toml")
    written = by_age.read_text(encoding="utf-8").replace(
        'levels = [1]\nordered = true\ntitle = { fi = "Synt', 'levels = [2]\nordered = true\ntitle = { fi = "Synt'
    )
    by_age.write_text(written, encoding="utf-8")
    both = request.with_name("both.toml")
    head = (PILOT / "waiting-by-age.toml").read_text(encoding="utf-8").partition("[[dimension]]")[0]
    both.write_text(head.replace("waiting-by-age", "both") + BY_AGE, encoding="utf-8")
    found = {}
    for name in ("waiting", "waiting-by-age", "both"):
        told = jalostamo(
            "closed-room", "cells", request, request.with_name(f"{name}.toml"), "--home", home.folder, "--series", "s"
        )
        assert told.code == 0, told.err
        found[name] = Path(str(told.account["cube"]))
    return found


@pytest.fixture(scope="module")
def waiting(cubes: Mapping[str, Path]) -> Path:
    """The file with medians, survival and steps."""
    return cubes["waiting"]


@pytest.fixture(scope="module")
def printed(waiting: Path) -> PrintedCube:
    """The same, opened."""
    return open_printed(waiting)


def rows_of(told: Told) -> list[dict[str, object]]:
    """The rows of an answer; the test fails where there is none."""
    assert told.code == 0, told.err
    rows = told.account["rows"]
    assert isinstance(rows, list)
    return rows


def shown(*words: str | Path) -> str:
    """What the terminal shows, as the command prints it without --json."""
    told = in_the_open_room("cube", *words)
    assert told.code == 0, told.err
    return "\n".join(str(line) for line in told.account["summary"])  # type: ignore[attr-defined]  # a list of lines


def test_a_median_is_told_by_code_from_the_printed_cells_alone(waiting: Path, printed: PrintedCube) -> None:
    rows = rows_of(in_the_open_room("cube", waiting, "--median", "--by", "language"))
    assert [row["language"] for row in rows] == ["fi", "sv", "foreign", "unknown"]
    measure = next(m for m in printed.measures if m.name == "waiting")
    for row in rows:
        counts = [printed.count("waiting", place, language=str(row["language"])) for place in measure.places]
        base, *below = (count or 0 for count in counts)
        by_hand = quantile(
            CumulativeCounts(tuple(map(float, measure.grid)), tuple(below), base),
            0.5,
            noise=printed.noise,
            rule=printed.rule,
        )
        assert (row["base"], row["withheld"]) == (base, by_hand.withheld)
        assert row["value"] == (by_hand.estimate.value if by_hand.estimate else None)
    assert [row["withheld"] for row in rows if row["language"] == "unknown"] == ["few_units"]
    assert rows[0]["value"] is not None


def test_a_quantile_lies_above_the_median(waiting: Path) -> None:
    (median,) = rows_of(in_the_open_room("cube", waiting, "--quantile", "0.5"))
    (upper,) = rows_of(in_the_open_room("cube", waiting, "--quantile", "0.8"))
    assert median == rows_of(in_the_open_room("cube", waiting, "--median"))[0]
    assert float(str(upper["value"])) > float(str(median["value"]))


def test_survival_falls_from_time_to_time_and_says_where_half_are_left(waiting: Path, printed: PrintedCube) -> None:
    told = in_the_open_room("cube", waiting, "--survival", "served")
    rows = rows_of(told)
    staying = [float(str(row["staying"])) for row in rows]
    assert staying == sorted(staying, reverse=True)
    assert all(row["staying_low"] <= row["staying"] <= row["staying_high"] for row in rows)  # type: ignore[operator]  # numbers
    assert [row["at_risk"] for row in rows] == [printed.count("assessed", str(row["time"])[:-2]) for row in rows]
    (curve,) = told.account["curves"]  # type: ignore[misc]  # a list of one
    assert (curve["median"] is None) == (curve["withheld"] == "not_reached")


def test_a_map_holds_every_step_that_prints_and_says_how_many_do_not(waiting: Path, printed: PrintedCube) -> None:
    told = in_the_open_room("cube", waiting, "--map")
    rows = rows_of(told)
    places = next(m for m in printed.measures if m.name == "steps").places
    counts = {place: printed.count("steps", place) for place in places}
    by_place = {f"{row['step']}:{row['source']}>{row['target']}": row["printed"] for row in rows}
    assert by_place == {place: count for place, count in counts.items() if count}
    (told_of,) = told.account["maps"]  # type: ignore[misc]  # a list of one
    assert told_of["dropped"] == sum(count == 0 for count in counts.values()) > 0
    assert f"All: {told_of['dropped']} steps" in shown(waiting, "--map")


def test_two_ordered_dimensions_correlate(cubes: Mapping[str, Path]) -> None:
    (row,) = rows_of(
        in_the_open_room("cube", cubes["waiting-by-age"], "--association", "--by", "wait", "--by", "birth")
    )
    assert (row["first"], row["second"], row["kind"]) == ("birth", "wait", "correlation")
    assert -1 <= float(str(row["value_low"])) <= float(str(row["value"])) <= float(str(row["value_high"])) <= 1


def test_dimensions_of_which_one_has_no_order_have_cramers_v(cubes: Mapping[str, Path]) -> None:
    cube = open_printed(cubes["waiting-by-age"])
    assert [dimension.ordered for dimension in cube.dimensions] == [True, True]
    unordered = tuple(replace(dimension, ordered=False) for dimension in cube.dimensions[:1]) + cube.dimensions[1:]
    content = replace(cube.content, definition=replace(cube.definition, dimensions=unordered))
    object.__setattr__(cube, "content", content)
    query = Query("served", by={"birth": 0, "wait": 0})
    found = association_asked(cube, query)
    assert not found.is_ordered
    assert found.association.estimate is not None
    assert found.association.estimate.low >= 0


def test_a_table_that_holds_a_person_in_several_cells_tells_of_no_association(cubes: Mapping[str, Path]) -> None:
    told = in_the_open_room("cube", cubes["both"], "--association", "--by", "sex", "--by", "service")
    assert (told.code, told.account["reason"]) == (2, "figure_overlap")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--median", "--measure", "steps"], "figure_kind"),
        (["--map", "--measure", "waiting"], "figure_kind"),
        (["--survival", "waiting"], "figure_kind"),
        (["--survival", "nothing"], "figure_kind"),
        (["--survival", "served", "--measure", "waiting"], "figure_kind"),
        (["--association", "--by", "language"], "figure_dimensions"),
        (["--association", "--by", "language", "--by", "a", "--by", "b"], "figure_dimensions"),
        (["--quantile", "0"], "figure_share"),
        (["--quantile", "1"], "figure_share"),
        (["--quantile", "-0.1"], "figure_share"),
        (["--quantile", "nan"], "figure_share"),
        (["--quantile", "half"], "usage"),
        (["--median", "--by", "age"], "query_unknown"),
        (["--median", "--by", "language:1"], "query_unknown"),
        (["--median", "--where", "language=de"], "filter_unknown"),
        (["--median", "--where", "language=fi,sv"], "cells_not_added"),
        (["--median", "--map"], "usage"),
        (["--median", "--top", "2"], "query_unknown"),
        (["--map", "--of", "waiting"], "query_unknown"),
        (["--survival", "served", "--order", "most"], "query_unknown"),
        (["--picture", "x.svg"], "query_unknown"),
        (["--median", "--picture", "x.svg"], "query_unknown"),
        (["--map", "--by", "language", "--picture", "x.svg"], "picture_one_map"),
        (["--survival", "served", "--where", "language=unknown", "--picture", "x.svg"], "picture_empty"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_do(
    waiting: Path, words: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = in_the_open_room("cube", waiting, *words)
    assert (told.code, told.account["reason"]) == (2, reason)
    assert list(tmp_path.iterdir()) == []


def test_an_association_of_three_dimensions_is_refused(cubes: Mapping[str, Path]) -> None:
    words = ("--by", "sex", "--by", "service", "--by", "birth")
    told = in_the_open_room("cube", cubes["both"], "--association", *words)
    assert (told.code, told.account["reason"]) == (2, "figure_dimensions")


def test_the_rows_for_a_spreadsheet_are_those_of_the_answer(waiting: Path, tmp_path: Path) -> None:
    told = in_the_open_room("cube", waiting, "--median", "--by", "language", "--csv", tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as opened:
        read = list(csv.DictReader(opened))
    assert [row["base"] for row in read] == [str(row["base"]) for row in rows_of(told)]
    assert [row["withheld"] for row in read][-1] == "few_units"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_told_in_the_readers_language(waiting: Path, language: Language) -> None:
    text = shown(waiting, "--median", "--by", "language", "--language", language)
    assert SENTENCES[Withheld.FEW_UNITS].in_language(language) in text


def test_a_picture_of_a_map_names_itself_and_every_step(waiting: Path, tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    rows = rows_of(in_the_open_room("cube", waiting, "--map", "--picture", path))
    svg = path.read_text(encoding="utf-8")
    assert "<title" in svg
    described = re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
    assert described is not None
    names = {"NOT": "Child welfare notification", "ASM": "Assessment of service need", "FC": "Family counselling"}
    for service in {str(row["source"]) for row in rows} & names.keys():
        assert names[service] in described[1]


def test_a_picture_of_survival_says_each_point_that_is_in_the_table(waiting: Path, tmp_path: Path) -> None:
    path = tmp_path / "curve.svg"
    words = ("--survival", "served", "--picture", path)
    rows = rows_of(in_the_open_room("cube", waiting, *words))
    described = re.search(r"<desc[^>]*>(.*?)</desc>", path.read_text(encoding="utf-8"), re.DOTALL)
    assert described is not None
    for row in rows:
        assert f"{row['time']:g}: {100 * float(str(row['staying'])):.0f} %" in described[1]


@pytest.fixture(scope="module", params=LANGUAGES)
def speech(printed: PrintedCube, request: pytest.FixtureRequest) -> Iterator[Speech]:
    """The words of the cube in each language."""
    yield Speech(printed, request.param)


MEASURE = Measure("waiting", "at_most", "steps", SENTENCES[Withheld.FEW_UNITS], of="months", grid=(0, 1, 2))
QUANTILES = {
    ("fi",): Quantile(0.5, 543, 1.0, Estimate(5.0, 4.69, 5.61)),
    ("sv",): Quantile(0.5, 55, 1.0, Estimate(2.0, 0.0, 2.0), open_low=True, open_high=True),
    ("foreign",): Quantile(0.5, 4, 1.0, None, Withheld.FEW_UNITS),
    ("unknown",): None,
}
GOLDEN_QUANTILES = {
    "fi": [
        "  Äidinkieli        Pohjana  Mediaani (95 %:n väli)",
        "  suomenkieliset    543      5 (4,7–5,6)",
        "  ruotsinkieliset   55       2 (<0,0–>2,0)",
        "  vieraskieliset    4        – Yksiköitä on liian vähän.",
        "  kieli tuntematon  .        .",
    ],
    "sv": [
        "  Modersmål                   Bas  Median (95 % intervall)",
        "  finskspråkiga               543  5 (4,7–5,6)",
        "  svenskspråkiga              55   2 (<0,0–>2,0)",
        "  de med främmande modersmål  4    – Enheterna är för få.",
        "  okänt språk                 .    .",
    ],
    "en": [
        "  Native language   Base  Median (95 % interval)",
        "  Finnish-speaking  543   5 (4.7–5.6)",
        "  Swedish-speaking  55    2 (<0.0–>2.0)",
        "  foreign-language  4     – There are too few units.",
        "  language unknown  .     .",
    ],
}


def test_quantiles_are_written_so(speech: Speech) -> None:
    found = quantiles_shown(Asked(MEASURE, ("language",), QUANTILES), 0.5, speech)
    assert laid_out(found.heads, found.lines) == GOLDEN_QUANTILES[speech.language]
    assert found.sentences[0].startswith("< ")


def test_a_curve_that_is_cut_says_where_and_why(speech: Speech) -> None:
    grid = replace(MEASURE, kind="at_risk")
    point = SurvivalPoint(0.0, 40, 5, Estimate(0.875, 0.8, 0.95))
    curve = Survival((point,), 1.0, None, withheld=Withheld.NOT_REACHED)
    found = survivals_shown(Asked(grid, (), {(): curve}), speech)
    assert (
        found.sentences
        == {
            "fi": [
                "Kaikki: – Puolella tapahtumaa ei ole vielä nähty.",
                "Kaikki: ajasta 1 alkaen ei näytetä mitään, koska seurannassa on liian vähän.",
            ],
            "sv": [
                "Alla: – För hälften har händelsen ännu inte setts.",
                "Alla: från tiden 1 visas inget, eftersom för få är kvar i uppföljningen.",
            ],
            "en": [
                "All: – Half have not yet been seen to have the event.",
                "All: nothing is shown from 1 on, since too few are at risk.",
            ],
        }[speech.language]
    )


def test_a_map_is_written_so(speech: Speech, printed: PrintedCube) -> None:
    measure = next(m for m in printed.measures if m.name == "steps")
    steps = step_map([step_cell("1:>NOT", 1200), step_cell("1:NOT>", 0)], noise=None)
    found = maps_shown(Asked(measure, (), {(): steps}), speech)
    assert (
        found.lines
        == {
            "fi": [["1", "(alkaa)", "Lastensuojeluilmoitus", "1 200"]],
            "sv": [["1", "(börjar)", "Barnskyddsanmälan", "1 200"]],
            "en": [["1", "(begins)", "Child welfare notification", "1,200"]],
        }[speech.language]
    )
    assert len(found.sentences) == 1
    assert isinstance(steps, StepMap)


def test_an_association_is_written_so(speech: Speech) -> None:
    names = ("language", "language")
    found = association_shown(
        AskedAssociation(MEASURE, names, True, Association(30, 28, Estimate(-0.25, -0.5, 0.1))), speech
    )
    assert (
        found.lines[0][-1]
        == {
            "fi": "−0,25 (−0,50 … 0,10)",
            "sv": "−0,25 (−0,50 till 0,10)",
            "en": "−0.25 (−0.50 to 0.10)",
        }[speech.language]
    )


def test_the_terminal_shows_what_the_json_tells(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert open_room.main(["cube", str(waiting), "--median"]) == 0
    assert capsys.readouterr().out.strip() == shown(waiting, "--median").strip()
