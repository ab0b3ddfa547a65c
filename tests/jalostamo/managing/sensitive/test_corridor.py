"""The corridor leads from a request to a release, and leaves nothing of anybody behind, however it ends."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.canaries import contents, found_in, hidings
from tests.jalostamo.managing.sensitive.failures import FAILURES, LIVING, Failure, canaries, codes_in, people, spells
from tests.jalostamo.managing.sensitive.small_town import TODAY, request_in, rooms_in
from tests.jalostamo.managing.sensitive.watched import Outcome, outcome

from jalostamo.concepts.errors import JalostamoError, Misused, Refused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.corridor import STEPS, refine


@pytest.fixture(scope="module")
def success(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return outcome(tmp_path_factory.mktemp("success"))


@pytest.fixture(scope="module", params=FAILURES)
def failed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Failure, Outcome]:
    failure = FAILURES[request.param]
    return failure, outcome(tmp_path_factory.mktemp("failure"), failure)


def test_a_run_takes_its_steps_in_order_and_ends(success: Outcome) -> None:
    assert success.error is None
    assert tuple(success.watcher.steps) == STEPS


def test_after_a_success_only_the_release_and_the_manifests_are_left(success: Outcome) -> None:
    (release,) = (success.rooms.releases / "small-town").iterdir()
    files = {
        f"releases/small-town/{release.name}/{name}" for name in ("persons.parquet", "events.parquet", "manifest.json")
    }
    steps = ("1-extract", "2-extract", "3-linked", "4-prepared", "5-validated")
    assert success.left == files | {f"vault/small-town/{release.name}/{step}.json" for step in steps}


@pytest.mark.requirement("S26-02")
def test_after_a_success_the_key_is_destroyed_and_in_no_file(success: Outcome) -> None:
    key = success.watcher.key
    assert key is not None
    assert not any(key._key)
    assert len(success.watcher.secret) == 32
    assert found_in(success.home, [success.watcher.secret]) == set()


def test_a_key_in_a_file_would_be_found(success: Outcome, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"key={success.watcher.secret.hex()}")
    assert found_in(tmp_path, [success.watcher.secret]) == {"log"}


def test_every_failure_happens_in_the_step_where_it_was_planted(failed: tuple[Failure, Outcome]) -> None:
    failure, ended = failed
    assert ended.error is not None
    assert (ended.watcher.steps[-1], ended.error.reason) == (failure.step, failure.reason)


def test_after_a_failure_nothing_is_left(failed: tuple[Failure, Outcome]) -> None:
    failure, ended = failed
    assert ended.left == set(failure.leaves)


def test_after_a_failure_the_key_is_destroyed_and_in_no_file(failed: tuple[Failure, Outcome]) -> None:
    _, ended = failed
    assert ended.watcher.key is not None
    assert not any(ended.watcher.key._key)
    assert found_in(ended.home, [ended.watcher.secret]) == set()


@pytest.mark.requirement("S22-12")
def test_nothing_of_anybody_is_in_the_exchange_or_the_vault_after_a_success(success: Outcome) -> None:
    for place in ("releases", "vault", "workspace"):
        assert found_in(success.home / place, canaries()) == set()
    # The same search finds them all in the registers, which are not the exchange's.
    assert found_in(success.home / "sources", canaries()) >= {"population/persons.csv", "social/decisions.csv"}


def test_nothing_of_anybody_is_left_or_told_by_a_failure(failed: tuple[Failure, Outcome]) -> None:
    _, ended = failed
    assert ended.error is not None
    for place in ("releases", "vault", "workspace"):
        assert found_in(ended.home / place, canaries()) == set()
    told = "".join(traceback.format_exception(ended.error)).encode()
    assert not [form for secret in (*canaries(), LIVING) for form in hidings(secret) if form in told]


def test_the_failures_cover_every_step() -> None:
    # Validation raises nothing: it reports, and admission refuses by the report.
    assert {failure.step for failure in FAILURES.values()} == set(STEPS) - {"validating"}
    assert sum(failure.reason == "validation_failed" for failure in FAILURES.values()) >= 2


def test_each_step_names_the_one_before_it(engine: Engine, tmp_path: Path) -> None:
    request, rooms = request_in(tmp_path), rooms_in(tmp_path, people(), spells())
    refined = refine(engine, request, rooms, progress=lambda _: None, today=TODAY)
    linked, prepared, validated = refined.linked.manifest, refined.prepared.manifest, refined.validation.manifest
    assert {extract.manifest.content["request"] for extract in refined.extracts} == {request.digest}
    assert linked.content["extracts"] == [extract.manifest.digest for extract in refined.extracts]
    assert (prepared.content["linked"], validated.content["prepared"]) == (linked.digest, prepared.digest)
    release = refined.release.manifest.content
    assert (release["prepared"], release["validated"]) == (prepared.digest, validated.digest)
    assert (release["request"], release["marking"]) == (request.digest, "synthetic")


def test_a_second_run_keeps_the_first_release_and_its_manifests(tmp_path: Path, engine: Engine) -> None:
    request, rooms = request_in(tmp_path), rooms_in(tmp_path, people(), spells())
    first, second = (refine(engine, request, rooms, progress=lambda _: None, today=TODAY).release for _ in range(2))
    assert first.digest != second.digest
    for release in (first, second):
        assert release.folder.is_dir()
        assert len(list((rooms.vault / "small-town" / release.folder.name).glob("*.json"))) == 5


def test_what_a_killed_run_left_goes_with_the_next_one(tmp_path: Path, engine: Engine) -> None:
    request, rooms = request_in(tmp_path), rooms_in(tmp_path, people(), spells())
    left = rooms.vault / "small-town" / "rows" / "population.persons.parquet"
    left.parent.mkdir(parents=True)
    left.write_text(codes_in(people())[0])
    refine(engine, request, rooms, progress=lambda _: None, today=TODAY)
    assert found_in(rooms.vault, codes_in(people())) == set()


def interrupted(_: str) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stop", [interrupted], ids=["by the keyboard"])
def test_an_interrupted_run_leaves_nothing(stop: Callable[[str], None], engine: Engine, tmp_path: Path) -> None:
    request, rooms = request_in(tmp_path), rooms_in(tmp_path, people(), spells())
    with pytest.raises(KeyboardInterrupt):
        refine(engine, request, rooms, progress=stop, today=TODAY)
    assert contents(rooms.vault) == {}


@pytest.mark.parametrize(("kind", "code"), [(Misused, 2), (Refused, 3), (Unfit, 4)])
def test_failures_of_each_kind_were_tried(kind: type[JalostamoError], code: int) -> None:
    assert kind in {failure.kind for failure in FAILURES.values()}
    assert kind.exit_code == code
