"""Reading what a recipe asks of the release beside k, l and t, and of which population its people are some.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.preparing.anonymity.limits import Limits
from jalostamo.managing.sensitive.preparing.anonymity.recipe import Part, PopulationAsked

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Writing

MODELS: Final = (
    "k_map",
    "presence",
    "maximum_risk",
    "average_risk",
    "sample_uniqueness",
    "population_uniqueness",
    "against",
)
"""The keys of [model] that are read here."""

_SHARE: Final = "a share from 0 to 1"
_RISK: Final = "a risk above 0 and up to 1"
_AGAINST: Final = ("sample", "population")


def limits_of(model: Part, people: Part | None) -> Limits:
    """The models beside k, l and t; those that the recipe's population cannot answer are refused."""
    least, most = _presence(model.part("presence"))
    found = Limits(
        k_map=_whole(model, "k_map"),
        least_presence=least,
        most_presence=most,
        maximum_risk=_share(model, "maximum_risk", above_0=True),
        average_risk=_share(model, "average_risk", above_0=True),
        sample_uniqueness=_share(model, "sample_uniqueness"),
        population_uniqueness=_share(model, "population_uniqueness"),
        against_population=model.chosen("against", _AGAINST, missing="sample") == "population",
        population_size=_whole(people, "size") if people else None,
    )
    if "against" in model.content and found.maximum_risk is None and found.average_risk is None:
        raise model.unfit("against", "said of a maximum_risk or an average_risk: neither is asked for")
    _refuse_unanswered(model, people, found)
    return found


def population_of(people: Part | None, folder: Path, *, writing: Callable[[Part], Writing]) -> PopulationAsked | None:
    """The population's file, which lies beside the recipe; None where there is none, or its size alone is known."""
    if people is None:
        return None
    if ("file" in people.content) == ("size" in people.content):
        raise Unfit(
            f"{people.place}: give either 'file', its rows, or 'size', how many people they are.", reason="recipe_value"
        )
    if "size" in people.content:
        people.refuse_unknown(("size",))
        return None
    people.refuse_unknown(("file", "delimiter", "encoding", "quote"))
    return PopulationAsked(folder / people.text("file"), writing(people))


def _presence(part: Part | None) -> tuple[float | None, float | None]:
    if part is None:
        return None, None
    part.refuse_unknown(("least", "most"))
    least, most = _share(part, "least"), _share(part, "most", above_0=True)
    if least is None and most is None:
        raise Unfit(f"{part.place}: give 'least', 'most' or both.", reason="recipe_value")
    if least is not None and least > (1 if most is None else most):
        raise part.unfit("least", f"at most 'most', which is {most:g}: no share is both")
    # That a share is at least 0 says nothing.
    return least or None, most if most is not None else (1.0 if not least else None)


def _refuse_unanswered(model: Part, people: Part | None, found: Limits) -> None:
    counted, read = found.counts_population, found.reads_population
    if people is None and read:
        raise Unfit(
            f"{model.place}: {', '.join(read)} {'is' if len(read) == 1 else 'are'} read from the population: name it in a "
            "[population], by its file" + (" or its size." if read == ("population_uniqueness",) else "."),
            reason="recipe_population",
        )
    if counted and found.population_size is not None:
        raise Unfit(
            f"{model.place}: {', '.join(counted)} cannot be told from the population's size: name its file in [population].",
            reason="recipe_population",
        )
    if people is not None and not read:
        raise Unfit(
            f"{people.place}: no model is read from it: ask in [model] for k_map, presence or population_uniqueness, or for "
            'a risk with against = "population"; or leave it out.',
            reason="recipe_population",
        )


def _whole(part: Part, key: str) -> int | None:
    wanted = "a whole number of 1 or more"
    found = part.number(key, wanted)
    if found is not None and (not isinstance(found, int) or found < 1):
        raise part.unfit(key, wanted)
    return found


def _share(part: Part, key: str, *, above_0: bool = False) -> float | None:
    wanted = _RISK if above_0 else _SHARE
    found = part.number(key, wanted)
    if found is not None and (not 0 <= found <= 1 or (above_0 and not found)):
        raise part.unfit(key, wanted)
    return found
