"""A report is assembled of the results of one release and definition, all of them, and its chain can be followed on disk."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import PILOT, demonstration, kept_of, releases_of, replaced
from tests.made_once import folder_of_the_run

from jalostamo.concepts.errors import JalostamoError, Refused, Unfit
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.doors.home import Home
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.nonsensitive.releases import open_release
from jalostamo.producing.definitions import Definition, read_definition
from jalostamo.producing.results import Result, result_from
from jalostamo.utilising.publication.assembling import Seals, assemble
from jalostamo.utilising.publication.report import CHAIN_STEPS, Report

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]

MADE = "2026-01-31"
SEALS = Seals("a" * 64, "b" * 64)


@dataclass(frozen=True)
class Material:
    """What a report is assembled of."""

    release: Manifest
    definition: Definition
    results: tuple[Result, ...]

    def assembled(self, **changed: object) -> Report:
        """The report, of something else where a test wants it."""
        changes = dataclasses.replace(self, **changed)  # type: ignore[arg-type]  # a test knows the fields
        return assemble(changes.release, changes.definition, changes.results, language="fi", made=MADE, seals=SEALS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demonstration(folder_of_the_run(tmp_path_factory))


@pytest.fixture(scope="module")
def material(home: Home) -> Material:
    (release,), (results,) = releases_of(home), home.results.glob("*/*.json")
    found = tuple(map(result_from, json.loads(results.read_text(encoding="utf-8"))["results"]))
    return Material(open_release(release).manifest, read_definition(PILOT / "definition.toml"), found)


def changed(manifest: Manifest, **content: object) -> Manifest:
    return Manifest(manifest.step, {**manifest.content, **content})


def refusal(material: Material, **changes: object) -> JalostamoError:
    with pytest.raises((Unfit, Refused)) as refused:
        material.assembled(**changes)
    return refused.value


def test_results_of_another_release_are_refused(material: Material) -> None:
    other = changed(material.release, request="0" * 64)
    assert refusal(material, release=other).reason == "results_stale"
    one = dataclasses.replace(material.results[-1], release=other.digest)
    assert refusal(material, results=(*material.results[:-1], one)).reason == "results_stale"


def test_results_of_another_definition_are_refused(material: Material, tmp_path: Path) -> None:
    path = tmp_path / "definition.toml"
    path.write_bytes((PILOT / "definition.toml").read_bytes())
    replaced(path, "months = 12", "months = 13")
    assert refusal(material, definition=read_definition(path)).reason == "results_stale"


def test_a_choice_among_the_results_is_refused(material: Material) -> None:
    for chosen in (material.results[1:], material.results[:-1], (), material.results[::-1]):
        refused = refusal(material, results=chosen)
        assert refused.reason == "results_incomplete"
        assert refused.sentence.startswith(f"{len(chosen)} results for {len(material.results)} questions")


def test_a_release_that_is_not_marked_synthetic_is_shown_to_nobody(material: Material) -> None:
    public = changed(material.release, marking="public")
    results = tuple(dataclasses.replace(result, release=public.digest) for result in material.results)
    assert refusal(material, release=public, results=results).reason == "results_not_protected"


def texts_in(found: object) -> list[Text]:
    """Every text within a value, however deep."""
    if isinstance(found, Text):
        return [found]
    if isinstance(found, Mapping):
        return [text for value in found.values() for text in texts_in(value)]
    if isinstance(found, tuple | list):
        return [text for value in found for text in texts_in(value)]
    if dataclasses.is_dataclass(found):
        return [text for field in dataclasses.fields(found) for text in texts_in(getattr(found, field.name))]
    return []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_every_language(material: Material, language: str) -> None:
    report = material.assembled()
    said = [getattr(text, language) for text in texts_in(report)]
    assert len(said) > 50
    assert not [words for words in said if not words.strip() or "{" in words or "None" in words]


def test_finnish_and_swedish_are_not_english(material: Material) -> None:
    alike = {text.en for text in texts_in(material.assembled()) if text.en in {text.fi, text.sv}}
    # Names of the services and formulas that are spelt alike.
    assert {words for words in alike if not words.startswith("k = ")} <= {"child-protection-pilot"}


def test_every_code_of_the_results_has_its_name_from_the_dictionary_or_the_definition(material: Material) -> None:
    report = material.assembled()
    fields = [field for table in material.release.content["tables"].values() for field in table["fields"]]  # type: ignore[attr-defined]
    told = {code: Text(**label) for field in fields for code, label in field["labels"].items()}
    assert {"NOT", "ASM", "TIC"} <= set(told)
    assert report.labels == {**told, **material.definition.labels}


def test_the_report_counts_as_its_release_does(material: Material) -> None:
    report, content = material.assembled(), material.release.content
    assert [fact.value for fact in report.facts if isinstance(fact.value, int)] == [
        content[name] for name in ("released", "suppressed", "k")
    ]
    (share,) = (fact.value for fact in report.facts if isinstance(fact.value, float))
    assert 0.9 < share < 1.0
    loss = [(e["group"], e["released"] + e["suppressed"], e["suppressed"]) for e in content["loss"]]  # type: ignore[attr-defined]
    assert list(report.loss) == loss
    assert {answer.result.name for answer in report.answers} == {"reach", "results", "volumes", "paths"}


def test_the_chain_has_every_step_in_order(material: Material) -> None:
    steps = [link.step for link in material.assembled().chain]
    assert list(dict.fromkeys(steps)) == list(CHAIN_STEPS)
    assert steps.count("extract") == 2
    assert steps == sorted(steps, key=CHAIN_STEPS.index)


def sha256(path: Path) -> str:
    return sha256_of(path.read_bytes())


def sha256_of(written: bytes) -> str:
    return hashlib.sha256(written).hexdigest()


@pytest.mark.requirement("S26-06")
def test_a_figure_is_followed_back_to_the_request_digest_by_digest(home: Home, material: Material) -> None:
    pages, (results,), (release,) = (
        home.publications / "child-protection-pilot",
        home.results.glob("*/*.json"),
        releases_of(home),
    )
    files = {name.partition("-")[0]: written for name, written in kept_of(home, release).items()}
    told = {number: json.loads(written) for number, written in files.items()}
    publication = json.loads((pages / "publication.json").read_text(encoding="utf-8"))
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    request, definition = sha256(PILOT / "request.toml"), sha256(PILOT / "definition.toml")

    assert publication["results"] == sha256(results)
    for result in json.loads(results.read_text(encoding="utf-8"))["results"]:
        assert (result["release"], result["definition"]) == (sha256(release / "manifest.json"), definition)
    assert publication["release"] == sha256(release / "manifest.json")
    assert {table["sha256"] for table in manifest["tables"].values()} == {
        sha256(path) for path in release.glob("*.parquet")
    }
    assert (manifest["validated"], manifest["prepared"]) == (sha256_of(files["5"]), sha256_of(files["4"]))
    assert told["5"]["prepared"] == sha256_of(files["4"])
    assert (told["4"]["linked"], told["4"]["request"]) == (sha256_of(files["3"]), request)
    assert told["3"]["extracts"] == [sha256_of(files["1"]), sha256_of(files["2"])]
    for number in ("1", "2"):
        register = home.sources / told[number]["register"]
        assert told[number]["request"] == request
        assert told[number]["description"] == sha256(register / "register.toml")
        assert told[number]["source_file"] == sha256(register / f"{told[number]['table']}.csv")
    assert manifest["request"] == request
    assert [step["digest"] for step in manifest["earlier"]] == [sha256_of(files[number]) for number in ("1", "2", "3")]


@pytest.mark.requirement("S26-06")
def test_the_pages_show_the_same_chain(home: Home, material: Material) -> None:
    pages, (results,), (release,) = (
        home.publications / "child-protection-pilot",
        home.results.glob("*/*.json"),
        releases_of(home),
    )
    # Extracts, linked and prepared; what validation found stays inside.
    inside = [sha256_of(written) for written in [*kept_of(home, release).values()][:4]]
    chain = [sha256(PILOT / "request.toml"), *inside, sha256(release / "manifest.json"), sha256(results)]
    chain.append(sha256(pages / "publication.json"))
    report = assemble(
        material.release,
        material.definition,
        material.results,
        language="fi",
        made=MADE,
        seals=Seals(chain[-2], chain[-1]),
    )
    assert [link.digest for link in report.chain] == chain
    for language in LANGUAGES:
        page = (pages / f"index.{language}.html").read_text(encoding="utf-8")
        assert [digest for digest in chain if digest not in page] == []
