"""The command `answerable`: before anything is counted, which differences protected counts would still show.

It reads no data: rough sizes are enough.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.languages import LANGUAGES
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.utilising.disclosure.answerability import Answerable


def _share(written: str) -> float:
    try:
        return float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)
    except ValueError:
        raise ArgumentTypeError("it is a share such as 10% or 0.1") from None


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--sizes", metavar="N", type=int, nargs=2, required=True, help="customers of the group and of its reference"
    )
    expected = parser.add_mutually_exclusive_group(required=True)
    expected.add_argument(
        "--share", metavar="SHARE", type=_share, help="what is expected of the reference, such as 10%%"
    )
    expected.add_argument("--rate", metavar="RATE", type=float, help="or customers per thousand years of the reference")
    parser.add_argument("--years", metavar="K", type=int, default=3, help="pool up to so many years, or areas (3)")
    parser.add_argument(
        "--rule", default="outside", help="whom the figures are for: outside (default) or inside the city"
    )
    parser.add_argument("--noise", metavar="TABLE", help="the noise table (the one that is used by default)")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the sentences (en)")


def _run(asked: Namespace, progress: Progress) -> Account:
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.concepts.errors import Misused
    from jalostamo.utilising.disclosure.answerability import Plan, answerable
    from jalostamo.utilising.disclosure.answerability_words import sentences
    from jalostamo.utilising.disclosure.noise import DEFAULT, noise_table
    from jalostamo.utilising.disclosure.rules import rule_of

    if not 1 <= asked.years <= _MOST_YEARS:
        raise Misused(f"--years is a number from 1 to {_MOST_YEARS}.", reason="pool")
    noise, rule, sizes = noise_table(asked.noise or DEFAULT), rule_of(asked.rule), (asked.sizes[0], asked.sizes[1])
    if asked.share is None:
        plan = Plan(sizes, asked.rate, "per_1000_years", noise, rule.least)
    else:
        plan = Plan(sizes, asked.share, "share", noise, rule.least)
    progress.step("playing through what may be counted")
    found = answerable(plan, pool=range(1, asked.years + 1))
    texts = sentences(found)
    return Account(
        # On a terminal a line is not broken at spaces.
        tuple(text.in_language(asked.language).replace("\u00a0", " ") for text in texts),
        {**_facts(found), "rule": rule.id, "sentences": [text.as_mapping() for text in texts]},
    )


def _facts(found: Answerable) -> dict[str, object]:
    plan, noise = found.plan, found.plan.noise
    return {
        "sizes": plan.sizes,
        "expected": plan.expected,
        "scale": plan.scale,
        "noise": None if noise is None else noise.id,
        "smallest": asdict(found.upward),
        "smallest_lower": found.downward,
        "pooled": [asdict(smallest) for smallest in found.pooled],
    }


_MOST_YEARS: Final = 20

COMMAND: Final = Command(
    name="answerable",
    purpose="Before anything is counted: the smallest difference between two groups that protected counts would show.",
    example="jalostamo answerable --sizes 40 2000 --share 10% --years 3",
    add_arguments=_add_arguments,
    run=_run,
)
