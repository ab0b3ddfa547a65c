"""The closed room's twin of a case: drawn from printed marginals, beside the one for which townhall asked first.

Who asked for no twin is given none. Marginals are printed once for a request: two runs of it could be compared.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jalostamo.concepts.errors import JalostamoError
from jalostamo.doors.closed_room.at_work import opened_engine

if TYPE_CHECKING:
    from jalostamo.doors.closed_room.attempts import Attempt
    from jalostamo.managing.manifests import Manifest
    from jalostamo.managing.process_counts import Tree
    from jalostamo.managing.requests import Request
    from jalostamo.managing.twins.marginals import Marginals


def draw_twin(attempt: Attempt, request: Request, counted: Mapping[str, Tree]) -> tuple[str, ...]:
    """Draw the next twin of a request from what was counted, once that is printed; what is told of it, if it was drawn."""
    try:
        return _drawn(attempt, request, counted)
    except (JalostamoError, KeyError, TypeError, ValueError):
        # What was ordered has left; anybody may write where twins stand.
        return (
            "No twin was drawn by printed marginals: what stands beside it cannot be read, or it cannot be written.",
        )


def _drawn(attempt: Attempt, request: Request, counted: Mapping[str, Tree]) -> tuple[str, ...]:
    from jalostamo.managing.twins.writing import Asked, write_twin

    home = attempt.home
    earlier = list(_twins(home.twins, request))
    if not earlier or any(manifest.content.get("marginals") for manifest in earlier):
        return ()
    persons, seed = (cast("int", earlier[-1].content[name]) for name in ("persons", "seed"))
    asked = Asked(int(persons), int(seed), printed_marginals(counted))
    with opened_engine(within=home.private("workspace"), worker=attempt.worker) as engine:
        twin = write_twin(engine, request, home.sources, twins=home.twins, asked=asked, before=attempt.record.printed)
    return (f"A synthetic twin by printed marginals stands beside the first one: {twin.folder.name}.",)


def printed_marginals(counted: Mapping[str, Tree]) -> Marginals:
    """Marginals as they may leave: every count printed by the rule of counts that tell of a process."""
    from jalostamo.managing.twins.marginals import Marginals, Printed
    from jalostamo.utilising.disclosure.noise import noise_table
    from jalostamo.utilising.disclosure.process_counts import printed_facts

    return Marginals(cast("Printed", printed_facts(counted, noise=noise_table())))


def _twins(twins: Path, request: Request) -> Iterator[Manifest]:
    """The manifests of the twins of a request that stand in the exchange, in their order."""
    from jalostamo.managing.manifests import read_manifest
    from jalostamo.managing.nonsensitive.releases import MANIFEST, folder_of

    places = [place for place in (twins / folder_of(request.permit)).glob("*/") if place.name.isdigit()]
    for place in sorted(places, key=lambda place: int(place.name)):
        manifest = read_manifest(place / MANIFEST)
        if manifest.content.get("request") == request.digest:
            yield manifest
