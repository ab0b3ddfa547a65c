"""What the lane of cells tells of its own process is printed or rounded: no true count of people leaves with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.jalostamo.doors.counting_lane import counting
from tests.jalostamo.doors.homes import Told, home_in, jalostamo, request_in

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Broken
from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.home import Home
from jalostamo.doors.process_words import process_sentences
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.process_counts import ProcessCount, Tree
from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.process_counts import printed_facts

pytestmark = pytest.mark.slow

type Facts = Mapping[str, object]

TOLD = ("combinability", "exclusions", "without_value")
NOISE = noise_table("d10-v8-js4-p30")


@pytest.fixture(scope="module")
def run(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Facts, dict[str, Tree]]:
    """Cells printed in a series: what the command told, the manifest it wrote, and the true counts with their keys."""
    folder = tmp_path_factory.mktemp("process")
    home, request = home_in(folder, sources), request_in(folder)
    words = ("closed-room", "cells", request, request.with_name("waiting.toml"), "--home", home.folder)
    told = jalostamo(*words, "--series", "monthly")
    assert told.code == 0, told.err
    manifest = json.loads(Path(str(told.account["cube"])).with_suffix(".json").read_text(encoding="utf-8"))
    keys = series_in(home, "by.hand/monthly")
    with counting(home, request, keys) as opened:
        return told, manifest, dict(opened.process)


def series_in(home: Home, about: str) -> RecordKeys:
    """The keys of a series of this home."""
    with opened_vault(home) as vault:
        return RecordKeys.of_series(vault.keys, about)


def leaves(tree: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Everything in nested facts, by where it stands."""
    match tree:
        case Mapping():
            for step, branch in tree.items():
                yield from leaves(branch, f"{place}/{step}")
        case list() | tuple():
            for number, branch in enumerate(tree):
                yield from leaves(branch, f"{place}/{number}")
        case _:
            yield place, tree


def leaks(told: Facts, true: Mapping[str, Tree]) -> list[str]:
    """Where a number is told that the rule of cells does not give for the true one."""
    counts = {place: count for place, count in leaves(true) if isinstance(count, ProcessCount)}
    found = {
        place: number for place, number in leaves(told) if isinstance(number, int) and not isinstance(number, bool)
    }
    assert found.keys() == counts.keys()
    return [place for place, number in found.items() if number != by_rule(counts[place])]


def by_rule(count: ProcessCount) -> int:
    """What may leave of a count, reckoned in another way than the product does: the table's row is walked by hand."""
    if count.key is None:
        return 5 * round(count.n / 5)
    edge = 0
    for noise, chance in NOISE.rows[min(count.n, len(NOISE.rows) - 1)]:
        edge += round(chance * 10**8)
        if count.key < edge:
            return count.n + noise
    raise AssertionError("a row of the table ends below the last key")


def unprotected(tree: Tree) -> object:
    """The facts with the protection taken out: every count as it is."""
    match tree:
        case ProcessCount():
            return tree.n
        case Mapping():
            return {step: unprotected(branch) for step, branch in tree.items()}
        case list() | tuple():
            return [unprotected(branch) for branch in tree]
        case _:
            return tree


def numbers_in(sentences: object) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(r"(?<![\w'-])\d[\d,]*", str(sentences))]


def test_every_count_in_the_manifest_and_the_account_is_printed(run: tuple[Told, Facts, dict[str, Tree]]) -> None:
    told, manifest, true = run
    for facts in (manifest, told.account):
        assert leaks({name: facts[name] for name in ("combinability", "exclusions")}, true) == []
    assert dict(leaves(manifest["without_value"])) == {}


def test_without_the_protection_true_counts_would_leave(run: tuple[Told, Facts, dict[str, Tree]]) -> None:
    *_, true = run
    bare = unprotected(true)
    assert isinstance(bare, dict)
    assert len(leaks(bare, true)) > 3


def test_every_number_in_the_sentences_is_one_of_the_printed_ones(run: tuple[Told, Facts, dict[str, Tree]]) -> None:
    told, *_ = run
    facts = {name: told.account[name] for name in TOLD}
    summary = told.account["summary"]
    assert isinstance(summary, list)
    about = [line for line in summary if line.startswith(("Exclusions", "About", "Linked", "Of '"))]
    assert about == list(process_sentences(facts))
    printed = [number for _, number in leaves(facts) if isinstance(number, int)]
    assert set(numbers_in(about)) <= set(printed)


@pytest.mark.parametrize("unit", [CustomerKind.PERSON, CustomerKind.HOUSEHOLD])
@pytest.mark.parametrize("series", ["", "monthly"])
def test_no_count_of_the_linking_has_noise_that_many_runs_would_average(
    sources: Path, tmp_path: Path, unit: CustomerKind, series: str
) -> None:
    """Keys are others in every series, and a definition names its table of noise: a count by keys would be many prints."""
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    keys = series_in(home, f"by.hand/{series}") if series else RecordKeys()
    with counting(home, request, keys, unit) as opened:
        counts = [count for _, count in leaves(opened.process) if isinstance(count, ProcessCount)]
    assert max(count.n for count in counts) > 1_000
    assert all(count.key is None for count in counts)


def test_a_digest_that_leaves_cannot_be_tried_out_from_what_else_is_known(sources: Path, tmp_path: Path) -> None:
    """Who tries out what the counts may be needs all that a digest is made of; the files' own digests stay inside."""
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    with counting(home, request, RecordKeys()) as opened:
        linked = opened.steps[-1]
        public = hashlib.sha256(json.dumps(opened.facts, default=str).encode()).hexdigest()
        told = json.dumps(opened.facts, default=str)
    files = linked.content["files"]
    assert isinstance(files, list)
    assert files
    assert not any(file in told for file in files)
    tried = Manifest("linked", {**linked.content, "files": [public] * len(files)})
    assert tried.digest != linked.digest


def test_a_number_that_is_no_process_count_does_not_leave() -> None:
    with pytest.raises(Broken):
        printed_facts({"joined": [{"matched": 61}]}, noise=NOISE)  # type: ignore[dict-item]  # what must not be


def test_what_is_told_of_nobody_and_of_no_register_is_said_so() -> None:
    assert process_sentences({"exclusions": {"told": False}}) == (
        "No register of exclusions lies in 'exclusions': nobody's objection or safety ban was known.",
    )
