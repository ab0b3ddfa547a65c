"""What can be answered, said in the three languages for who has the need; figures are rounded away from hope.

Handbook 2.6, phase 1, and 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

import math
from typing import Final

from jalostamo.concepts.languages import LANGUAGES, Language, Text
from jalostamo.concepts.numerals import NO_BREAK, number
from jalostamo.utilising.disclosure.answerability import Answerable, Smallest

_WHOLE_FROM: Final = 5
_NOTICED: Final = 0.02
_SLACK: Final = 0.1

_SEEN: Final = Text(
    "Kun ryhmissä on {first} ja {second} asiakasta, ero ei näkyisi, jos se on alle {difference}.",
    "Med {first} och {second} kunder skulle en skillnad under {difference} inte synas.",
    "With {first} and {second} customers a difference under {difference} would not be seen.",
)
_UNSEEN: Final = Text(
    "Kun ryhmissä on {first} ja {second} asiakasta, mikään ero ei näkyisi.",
    "Med {first} och {second} kunder skulle ingen skillnad synas.",
    "With {first} and {second} customers no difference would be seen.",
)
_AGAINST: Final = Text(
    "{actual} näkyisi, kun vertailuryhmässä on {expected}: se on {ratio}-kertainen.",
    "{actual} mot {expected} skulle synas: {ratio} gånger så mycket.",
    "{actual} against {expected} would be seen: {ratio} times as much.",
)
_LOWER: Final = Text(
    "Pienempi luku näkyisi, jos se on vähintään {difference} pienempi.",
    "Ett lägre tal skulle synas om det är minst {difference} lägre.",
    "A lower figure would be seen when it is at least {difference} lower.",
)
_NOT_LOWER: Final = Text(
    "Pienempi luku ei näkyisi lainkaan.",
    "Ett lägre tal skulle inte synas alls.",
    "A lower figure would not be seen at all.",
)
_PROTECTED: Final = Text(
    "Siitä {share} johtuu henkilöiden suojaamisesta, muu sattumasta.",
    "Av det beror {share} på skyddet av personer, resten på slumpen.",
    "Of that, {share} is due to the protection of persons, the rest to chance.",
)
_FREE: Final = Text(
    "Henkilöiden suojaaminen ei juuri vaikuta siihen.",
    "Skyddet av personer påverkar det knappast.",
    "The protection of persons hardly adds to it.",
)
_HIDDEN: Final = Text(
    "Ilman henkilöiden suojaamista raja olisi {difference}.",
    "Utan skyddet av personer vore gränsen {difference}.",
    "Without the protection of persons the limit would be {difference}.",
)
_POOLED: Final = Text(
    "Jos {times} vuotta tai aluetta lasketaan yhdeksi, raja on {difference}.",
    "Om {times} år eller områden räknas som ett är gränsen {difference}.",
    "With {times} years or areas counted as one the limit is {difference}.",
)
_NOT_POOLED: Final = Text(
    "Vaikka {times} vuotta tai aluetta laskettaisiin yhdeksi, mikään ero ei näkyisi.",
    "Även om {times} år eller områden räknades som ett skulle ingen skillnad synas.",
    "Even with {times} years or areas counted as one no difference would be seen.",
)


def sentences(found: Answerable) -> tuple[Text, ...]:
    """What a plan can answer: the smallest difference, what of it protects, the other direction, and pooling."""
    upward = found.upward
    said = [_say(_UNSEEN if upward.difference is None else _SEEN, found, upward)]
    if upward.difference is not None:
        protected = (upward.due_to_protection or 0.0) >= _NOTICED
        rest = (_PROTECTED if protected else _FREE, _AGAINST, _LOWER if found.downward else _NOT_LOWER)
        said += [_say(text, found, upward) for text in rest]
    elif upward.unprotected is not None:
        said.append(_say(_HIDDEN, found, upward))
    said += [_of_pooled(found, smallest) for smallest in found.pooled if smallest.sizes != upward.sizes]
    return tuple(said)


def _of_pooled(found: Answerable, smallest: Smallest) -> Text:
    return _say(_NOT_POOLED if smallest.difference is None else _POOLED, found, smallest)


def _say(text: Text, found: Answerable, smallest: Smallest) -> Text:
    return Text(*(text.in_language(each).format(**_values(text, found, smallest, each)) for each in LANGUAGES))


def _values(text: Text, found: Answerable, smallest: Smallest, language: Language) -> dict[str, str]:
    told = {_LOWER: found.downward, _HIDDEN: smallest.unprotected}.get(text, smallest.difference)
    expected, of_share = found.plan.expected, found.plan.scale == "share"
    return {
        "first": number(smallest.sizes[0], language),
        "second": number(smallest.sizes[1], language),
        "times": str(smallest.sizes[0] // found.plan.sizes[0]),
        "difference": _points(told or 0.0, language, of_share=of_share),
        "actual": _level(expected + (smallest.difference or 0.0), language, of_share=of_share),
        "expected": _level(expected, language, of_share=of_share),
        "ratio": number(smallest.ratio or 1.0, language, places=1),
        "share": f"{number(100 * (smallest.due_to_protection or 0.0), language)}{_percent(language)}",
    }


def _points(difference: float, language: Language, *, of_share: bool) -> str:
    """A difference, rounded up: one that is said to be seen must be (but for a tenth of the last figure)."""
    value = 100 * difference if of_share else difference
    places = 0 if value >= _WHOLE_FROM else 1 if value >= 1 else 2
    written = number(math.ceil(value * 10**places - _SLACK) / 10**places, language, places=places)
    points: dict[Language, str] = {"fi": "prosenttiyksikköä", "sv": "procentenheter", "en": "percentage points"}
    return f"{written}{NO_BREAK}{points[language]}" if of_share else f"{written} {_per(language)}"


def _level(value: float, language: Language, *, of_share: bool) -> str:
    value = 100 * value if of_share else value
    written = number(value, language, places=0 if value >= _WHOLE_FROM else 1)
    return f"{written}{_percent(language)}" if of_share else f"{written} {_per(language)}"


def _per(language: Language) -> str:
    told: dict[Language, str] = {"fi": "tuhatta vuotta kohti", "sv": "per tusen år", "en": "per thousand years"}
    return told[language]


def _percent(language: Language) -> str:
    return "%" if language == "en" else f"{NO_BREAK}%"
