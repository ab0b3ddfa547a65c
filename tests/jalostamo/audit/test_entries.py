"""What an entry may say: closed lists, ids, digests, one time; no sentence, no name, no code of a person."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.audit.sample_logs import AT, digest, entry

from jalostamo.audit.acts import ACTS, Act, Part, Step
from jalostamo.audit.entries import MOST_OBJECTS, Entry, Placed, commitment_to, keeps_to, placed_from
from jalostamo.concepts.errors import Broken
from jalostamo.concepts.roles import Role
from jalostamo.permits.people import Automaton

SALT = bytes(range(32))
CLOSED = {*map(str, Act), *map(str, Role), *map(str, Automaton), *map(str, Step), ""}
OF_A_FORM = re.compile(
    r"[0-9a-f]{64}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z|[A-Za-z0-9]+([._-][A-Za-z0-9]+)*", re.ASCII
)
IDS = st.from_regex(r"[a-z]{1,8}([._-][a-z0-9]{1,4}){0,3}", fullmatch=True)
DIGESTS = st.integers(0, 1000).map(digest)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that may be made."""
    act = draw(st.sampled_from(Act))
    role = draw(st.sampled_from([*Role, *Automaton]))
    return Entry(
        act,
        draw(st.timedeltas(datetime.timedelta(), datetime.timedelta(300_000)).map(lambda since: AT + since)),
        role,
        by=draw(IDS) if isinstance(role, Role) else "",
        permit=draw(IDS),
        run=draw(IDS),
        step=draw(st.sampled_from(Step)),
        objects=tuple(draw(st.lists(DIGESTS, min_size=1, max_size=4))),
        commitments=tuple(draw(st.lists(DIGESTS, max_size=2))),
        count=draw(st.integers(0, 10**9)) if Part.COUNT in ACTS[act].needs else None,
    )


def texts_in(content: object) -> list[str]:
    """All texts of a JSON value but its keys."""
    if isinstance(content, dict):
        return [text for value in content.values() for text in texts_in(value)]
    if isinstance(content, list):
        return [text for value in content for text in texts_in(value)]
    return [content] if isinstance(content, str) else []


@given(entries(), st.integers(0, 10**12))
def test_every_text_of_every_entry_is_of_a_closed_list_or_a_closed_form(made: Entry, sequence: int) -> None:
    content = json.loads(Placed(made, sequence, 0).written)
    assert [text for text in texts_in(content) if text not in CLOSED and not OF_A_FORM.fullmatch(text)] == []
    assert set(content) == {
        *("act", "at", "by", "commitments", "count", "durable", "objects", "permit", "role", "run", "sequence", "step"),
    }


@given(entries(), st.integers(0, 10**12))
def test_an_entry_is_read_back_as_it_was_written(made: Entry, sequence: int) -> None:
    placed = Placed(made, sequence, sequence // 2)
    assert placed_from(placed.written) == placed


@given(entries(), st.data())
def test_a_changed_byte_is_no_entry_or_another_one(made: Entry, data: st.DataObject) -> None:
    placed = Placed(made, 7, 7)
    written = bytearray(placed.written)
    written[data.draw(st.integers(0, len(written) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(ValueError):
        assert placed_from(bytes(written)) != placed


@pytest.mark.parametrize(
    "text",
    [
        "Aino Virtanen",
        "010190-900A",
        "x-010190A900A",
        "aino@espoo.fi",
        "+358401234567",
        "0401234567",
        "ä",
        "a" * 65,
        "a..b",
        "-a",
        "a\n",
        "a/b",
        '"',
    ],
)
def test_a_staff_id_is_no_name_code_number_address_or_sentence(text: str) -> None:
    with pytest.raises(Broken, match="not well-formed: by"):
        replace(entry(1), by=text)


@pytest.mark.parametrize("text", ["a child of 7", "010190-900A", "run-010190-900A", "a@b"])
@pytest.mark.parametrize("name", ["run", "permit"])
def test_a_run_and_a_permit_are_plain_ids(name: str, text: str) -> None:
    with pytest.raises(Broken, match=f"not well-formed: {name}"):
        replace(entry(1), **{name: text})


@pytest.mark.parametrize("text", ["2026-17", "run-20261123-0012", "3f2a", "a.b_c-d"])
def test_ordinary_ids_are_taken(text: str) -> None:
    assert replace(entry(1), run=text).run == text


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": AT.replace(tzinfo=None)},
        {"objects": ("Virtanen",)},
        {"objects": (digest(1).upper(),)},
        {"objects": (digest(1),) * (MOST_OBJECTS + 1)},
        {"commitments": ("",)},
        {"count": -1},
        {"count": 3},
        {"by": ""},
        {"role": Automaton.SCHEDULER},
        {"role": "analyst"},
        {"act": "looked"},
        {"step": "looking"},
    ],
    ids=range(12),
)
def test_what_is_not_well_formed_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Broken, match="not well-formed"):
        replace(entry(1), **wrong)  # type: ignore[arg-type]


def test_every_act_is_described() -> None:
    assert set(ACTS) == set(Act)
    assert len({described.words for described in ACTS.values()}) == len(Act)


@pytest.mark.parametrize("act", Act)
def test_an_act_names_what_it_needs(act: Act) -> None:
    whole = {
        Part.PERMIT: ("permit", "case-1"),
        Part.RUN: ("run", "r-1"),
        Part.STEP: ("step", Step.LINK),
        Part.OBJECTS: ("objects", (digest(1),)),
        Part.COUNT: ("count", 3),
    }
    needs = ACTS[act].needs
    given_parts = {name: value for part, (name, value) in whole.items() if part in needs}
    assert Entry(act, AT, Automaton.CLOSED_ROOM, **given_parts).act is act  # type: ignore[arg-type]
    for part in needs:
        rest = {name: value for name, value in given_parts.items() if name != whole[part][0]}
        with pytest.raises(Broken, match=f"no {part}"):
            Entry(act, AT, Automaton.CLOSED_ROOM, **rest)  # type: ignore[arg-type]


def test_a_time_is_written_in_one_zone() -> None:
    helsinki = datetime.timezone(datetime.timedelta(hours=2))
    same = replace(entry(1), at=AT.astimezone(helsinki))
    assert Placed(same, 0, 0).written == Placed(entry(1), 0, 0).written


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"{}",
        b"[]",
        b"1",
        b"\xff",
        b"[" * 100_000,
        Placed(entry(1), 1, 1).written + b" ",
        Placed(entry(1), 1, 1).written.replace(b'"sequence":1', b'"sequence":0'),
        Placed(entry(1), 1, 1).written.replace(b'"sequence":1', b'"sequence":true'),
        Placed(entry(1), 1, 1).written.replace(b'"count":null', b'"count":null,"note":"x"'),
        Placed(entry(1), 1, 1).written.replace(b"aino", b"Aino V"),
    ],
    ids=range(11),
)
def test_what_is_not_written_by_us_is_not_read(written: bytes) -> None:
    with pytest.raises(ValueError, match="not an entry|not a place|Expecting|decode|valid"):
        placed_from(written)


def test_a_commitment_binds_a_content_and_tells_nothing_without_its_salt() -> None:
    bound = commitment_to(b"a pseudonym", SALT)
    assert keeps_to(bound, b"a pseudonym", SALT)
    assert not keeps_to(bound, b"another", SALT)
    assert not keeps_to(bound, b"a pseudonym", bytes(32))
    assert replace(entry(1), commitments=(bound,)).commitments == (bound,)


def test_a_commitment_without_a_whole_salt_is_refused() -> None:
    with pytest.raises(Broken, match="32 random bytes"):
        commitment_to(b"a pseudonym", b"")
