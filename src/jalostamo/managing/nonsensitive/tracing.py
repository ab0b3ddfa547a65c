"""Tracing: from any step of the corridor back to the decision that allowed it, and forward to what was made of it.

Only manifests are read: each names the digest of what it was made from. A chain that is broken is told as such.

Handbook 2.6 (what is done is documented).
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.manifests import Manifest, digest_of, read_manifest
from jalostamo.permits.events import SIGNED, Event

_SHORTEST: Final = 8
_DECISIONS: Final = frozenset({"confirm_low", "decide_to_continue"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the chain: which step it is, what it is called, and the digest by which the next one names it.

    `made_from` are the digests of the steps before it.
    """

    step: str
    name: str
    digest: str
    made_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """The folders in which releases, results and publications stand, each below the name of its request."""

    releases: Path
    results: Path
    publications: Path
    cubes: Path

    def links(self, events: Sequence[Event]) -> tuple[Link, ...]:
        """Every link that can be read, the decision first and the publication last."""
        released = [link for place in sorted(self.releases.glob("*/[!.]*/manifest.json")) for link in _released(place)]
        printed = [link for place in sorted(self.cubes.glob("*/*.json")) for link in _printed(place)]
        results = [_result(place) for place in sorted(self.results.glob("*/*.json"))]
        shown = [_shown(place) for place in sorted(self.publications.glob("*/publication.json"))]
        found = [*_decided(events), *released, *printed, *results, *shown]
        return _once(found)


def chain(links: Sequence[Link], asked: str) -> tuple[Link, ...]:
    """What a link was made from, itself, and what was made of it, in the order of the corridor.

    `asked` is a digest, or how it begins (8 characters at least), or the path of a release, a cube, a result or a
    publication.
    """
    start = _asked(links, asked)
    by_digest = {link.digest: link for link in links}
    back, forward, left = {start.digest}, {start.digest}, [start]
    while left:
        for digest in left.pop().made_from:
            if digest in by_digest and digest not in back:
                back.add(digest)
                left.append(by_digest[digest])
    while more := {link.digest for link in links if forward & set(link.made_from)} - forward:
        forward |= more
    return tuple(link for link in links if link.digest in back | forward)


def broken(links: Sequence[Link], whole: Sequence[Link]) -> tuple[str, ...]:
    """The digests that links name, and that nothing in the exchange or in the permit's events has."""
    known = {link.digest for link in whole}
    return tuple(dict.fromkeys(digest for link in links for digest in link.made_from if digest not in known))


def _once(found: Sequence[Link]) -> tuple[Link, ...]:
    """Each link once: several runs may have the same extract, and several orders the same cube of a series."""
    links: dict[str, Link] = {}
    for link in found:
        known = links.setdefault(link.digest, link)
        made_from = tuple(dict.fromkeys((*known.made_from, *link.made_from)))
        links[link.digest] = Link(known.step, known.name, known.digest, made_from)
    return tuple(links.values())


def _asked(links: Sequence[Link], asked: str) -> Link:
    wanted = asked.lower()
    if len(wanted) < _SHORTEST or set(wanted) - set(string.hexdigits):
        wanted = _digest_at(Path(asked))
    found = [link for link in links if link.digest.startswith(wanted)]
    if not found:
        raise Misused(
            "nothing in this home has that digest: give a release, a result or a page.", reason="trace_unknown"
        )
    if len(found) > 1:
        raise Misused(f"{len(found)} digests begin so: give more of it.", reason="trace_several")
    return found[0]


def _digest_at(place: Path) -> str:
    """The digest of what a path leads to: a folder of a release or of pages, a page, a file of results or of cells."""
    folder = place if place.is_dir() else place.parent
    for name in ("publication.json", "manifest.json"):
        if (folder / name).is_file() and (place.is_dir() or place.suffix in {".html", ".json", ".parquet"}):
            return hashlib.sha256((folder / name).read_bytes()).hexdigest()
    if place.suffix == ".parquet" and place.is_file():
        return digest_of(place)
    manifest = place.with_suffix(".json")
    if not manifest.is_file():
        raise Misused("there is no such release, result or page.", reason="trace_unknown")
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


def _released(place: Path) -> Iterator[Link]:
    manifest = read_manifest(place)
    content = manifest.content
    yield from _earlier(content)
    before = tuple(str(step["digest"]) for step in _steps(content))
    yield Link("prepared", "preparation", str(content["prepared"]), before)
    yield Link("validated", "validation", str(content["validated"]), (str(content["prepared"]),))
    made_from = (str(content["validated"]), *_ordered(content))
    yield Link("release", place.parent.name, manifest.digest, made_from)


def _printed(place: Path) -> Iterator[Link]:
    try:
        manifest = read_manifest(place)
    except Unfit:
        return
    yield from _earlier(manifest.content)
    before = tuple(str(step["digest"]) for step in _steps(manifest.content))
    name = f"{place.stem}, by hand, under no permit" if "by_hand" in manifest.content else place.stem
    yield Link(manifest.step, name, manifest.digest, (*before, *_ordered(manifest.content)))
    if "cube" in manifest.content:
        cube = str(manifest.content["cube"])
        yield Link("cube", f"of definition {str(manifest.content['definition'])[:_SHORTEST]}", cube, (manifest.digest,))


def _earlier(content: Mapping[str, object]) -> Iterator[Link]:
    extracts: list[str] = []
    for step in _steps(content):
        digest = str(step["digest"])
        if step["step"] == "extract":
            extracts.append(digest)
            # The same extract may be made again, under another order or under none: what left names its own.
            yield Link("extract", f"{step['register']}.{step['table']}", digest)
        else:
            yield Link(str(step["step"]), str(step["step"]), digest, tuple(extracts))


def _steps(content: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    return cast("Sequence[Mapping[str, object]]", content.get("earlier", []))


def _ordered(content: Mapping[str, object]) -> tuple[str, ...]:
    order = content.get("order")
    return (str(order["head"]),) if isinstance(order, Mapping) else ()


def _result(place: Path) -> Link:
    written = place.read_bytes()
    found = cast("Sequence[Mapping[str, object]]", json.loads(written)["results"])
    made_from = dict.fromkeys(str(result["release"]) for result in found)
    return Link("results", place.name, hashlib.sha256(written).hexdigest(), tuple(made_from))


def _shown(place: Path) -> Link:
    manifest: Manifest = read_manifest(place)
    return Link("publication", place.parent.name, manifest.digest, (str(manifest.content["results"]),))


def _decided(events: Sequence[Event]) -> Iterator[Link]:
    """The decision and the orders among the events of permits, each order made from its permit's last decision."""
    decision: dict[str, str] = {}
    for event in events:
        if event.name == SIGNED:
            continue
        if event.command in _DECISIONS:
            decision[event.case] = event.digest
            yield Link("decision", f"{event.case}, event {event.number}, {event.at:%Y-%m-%d}", event.digest)
        elif event.command == "order_run":
            made_from = (decision[event.case],) if event.case in decision else ()
            yield Link("order", f"{event.case}, {event.subject}, {event.at:%Y-%m-%d}", event.digest, made_from)
