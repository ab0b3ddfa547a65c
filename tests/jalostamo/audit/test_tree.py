"""The tree's hashes and proofs are those of RFC 9162: the published vectors, a second implementation, and every small size."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.audit import second_verifier

from jalostamo.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    Head,
    consistency_proof,
    has_grown,
    inclusion_proof,
    is_included,
    leaf_hash,
)

# The test vectors of Certificate Transparency: github.com/google/certificate-transparency, cpp/merkletree, and
# github.com/transparency-dev/merkle, testonly/constants.go (Apache-2.0).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]
GROWTHS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
MOST = 40
MANY = [b"%d" % number for number in range(MOST)]
LEAVES = [leaf_hash(each) for each in MANY]


@cache
def root(size: int) -> bytes:
    """The root of the first of the many, by the second implementation."""
    return second_verifier.tree_hash(MANY[:size])


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_are_found(size: int) -> None:
    leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
    assert Frontier().extended(leaves).root.hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "steps"), INCLUSIONS)
def test_the_published_proofs_of_inclusion_are_made_and_accepted(index: int, size: int, steps: list[str]) -> None:
    leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
    proof = inclusion_proof(leaves, index)
    assert [step.hex() for step in proof] == steps
    assert is_included(leaves[index], index, size, proof=proof, root=bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "steps"), GROWTHS)
def test_the_published_proofs_of_growth_are_made_and_accepted(old: int, new: int, steps: list[str]) -> None:
    leaves = [leaf_hash(entry) for entry in ENTRIES[:new]]
    proof = consistency_proof(leaves, old)
    assert [step.hex() for step in proof] == steps
    assert has_grown(Head(old, bytes.fromhex(ROOTS[old])), Head(new, bytes.fromhex(ROOTS[new])), proof)


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_leaf_of_every_small_tree_is_proved_and_in_no_other_place(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(LEAVES[:size], index)
        assert list(proof) == second_verifier.path(index, MANY[:size])
        places = [n for n in range(size) if is_included(LEAVES[index], n, size, proof=proof, root=root(size))]
        assert places == [index]


@pytest.mark.parametrize("new", range(1, MOST + 1))
def test_every_growth_of_every_small_tree_is_proved_and_no_other(new: int) -> None:
    for old in range(1, new + 1):
        proof = consistency_proof(LEAVES[:new], old)
        assert list(proof) == second_verifier.proof(old, MANY[:new])
        assert has_grown(Head(old, root(old)), Head(new, root(new)), proof)
        assert not has_grown(Head(old, root(old + 1) if old < MOST else root(1)), Head(new, root(new)), proof)
        if old < new:
            assert not has_grown(Head(old, root(old)), Head(new, root(new - 1)), proof)


@given(st.lists(st.integers(0, 70), max_size=8))
def test_a_tree_is_the_same_however_it_grew(steps: list[int]) -> None:
    entries = [b"%d" % number for number in range(sum(steps))]
    frontier, done = Frontier(), 0
    for step in steps:
        frontier = frontier.extended([leaf_hash(each) for each in entries[done : done + step]])
        done += step
    assert (frontier.size, frontier.root) == (len(entries), second_verifier.tree_hash(entries))


@given(st.integers(2, MOST), st.data())
def test_a_proof_with_a_changed_missing_or_further_step_proves_nothing(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    proof = list(consistency_proof(LEAVES[:new], old))
    place = data.draw(st.integers(0, len(proof) - 1))
    heads = Head(old, root(old)), Head(new, root(new))
    other = hashlib.sha256(proof[place]).digest()
    for wrong in (
        [*proof[:place], other, *proof[place + 1 :]],
        [*proof[:place], *proof[place + 1 :]],
        [*proof, other],
        [],
    ):
        assert not has_grown(*heads, wrong)


def test_the_empty_tree_grows_into_every_other_and_into_itself() -> None:
    assert has_grown(Head(0, EMPTY_ROOT), Head(3, root(3)), ())
    assert has_grown(Head(0, EMPTY_ROOT), Head(0, EMPTY_ROOT), ())
    assert not has_grown(Head(0, root(1)), Head(3, root(3)), ())
    assert not has_grown(Head(0, EMPTY_ROOT), Head(3, root(3)), (root(1),))


def test_a_tree_never_shrinks() -> None:
    assert not has_grown(Head(3, root(3)), Head(2, root(2)), ())


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_is_not_included(index: int, size: int) -> None:
    assert not is_included(LEAVES[0], index, size, proof=(), root=LEAVES[0])
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(LEAVES[:size], index)


def test_a_path_that_goes_on_above_the_root_is_refused() -> None:
    assert not is_included(LEAVES[0], 0, 1, proof=(LEAVES[1],), root=LEAVES[0])


@pytest.mark.parametrize("size", [0, 4])
def test_a_growth_begins_within_the_tree(size: int) -> None:
    with pytest.raises(ValueError, match="between one"):
        consistency_proof(LEAVES[:3], size)


@pytest.mark.parametrize("peaks", [(), (LEAVES[0][:31],), (LEAVES[0], LEAVES[1])])
def test_a_frontier_has_a_peak_for_each_power_of_two(peaks: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="one peak for each"):
        Frontier(4, peaks)
