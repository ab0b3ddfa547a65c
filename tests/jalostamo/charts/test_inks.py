"""Eight colours that colour-blind readers and a grey printer tell apart, on light paper and on dark."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from jalostamo.charts.inks import EVERY_INK, MUTED, PALETTE, PAPER, TEXT, ink_of, sign_of

type Colour = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIGHT: dict[str, Colour] = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
TO_LMS = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
TO_OKLAB = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
LEAST_SEEN = 0.05  # in OKLab; a just noticeable difference is about 0.02


def linear(colour: str) -> Colour:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> Colour:
    return np.cbrt(np.clip(SIGHT[sight] @ linear(colour), 0, 1) @ TO_LMS.T) @ TO_OKLAB.T


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(float(LUMINANCE @ linear(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def grey(colour: str) -> float:
    return float(116 * np.cbrt(LUMINANCE @ linear(colour)) - 16)


@pytest.mark.parametrize("paper", ["light", "dark"])
@pytest.mark.parametrize("sight", list(SIGHT))
def test_any_two_colours_are_told_apart(sight: str, paper: str) -> None:
    colours = [getattr(ink, paper) for ink in PALETTE]
    distances = [np.linalg.norm(seen(a, sight) - seen(b, sight)) for a, b in combinations(colours, 2)]
    assert min(distances) >= LEAST_SEEN


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_the_three_language_groups_are_told_apart_in_grey(paper: str) -> None:
    greys = [grey(getattr(ink_of(group, among=()), paper)) for group in ("fi", "sv", "foreign")]
    assert min(abs(a - b) for a, b in combinations(greys, 2)) >= 5


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_every_colour_stands_out_from_the_paper(paper: str) -> None:
    assert min(contrast(getattr(ink, paper), getattr(PAPER, paper)) for ink in PALETTE) >= 3


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_texts_are_readable(paper: str) -> None:
    assert min(contrast(getattr(ink, paper), getattr(PAPER, paper)) for ink in (TEXT, MUTED)) >= 4.5


def test_each_light_ink_has_one_dark_counterpart() -> None:
    assert len({ink.light for ink in EVERY_INK}) == len(EVERY_INK)


def test_a_language_group_keeps_its_ink_whatever_stands_beside_it() -> None:
    alone, among_others = ink_of("foreign", among=("foreign",)), ink_of("foreign", among=("north", "fi", "foreign"))
    assert alone == among_others
    assert ink_of("domestic", among=()) == ink_of("fi", among=())


def test_other_groups_differ_from_language_groups_and_from_each_other() -> None:
    groups = ("fi", "sv", "foreign", "north", "south")
    assert len({ink_of(group, among=groups) for group in groups}) == 5


def test_ink_is_never_the_only_difference() -> None:
    assert len({sign_of(group, among=()) for group in ("fi", "sv", "foreign")}) == 3
