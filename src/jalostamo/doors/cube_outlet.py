"""How a printed cube appears in the exchange, with the order by which it was printed; one that a killed run left is finished.

What is noted before printing holds printed numbers and digests alone: no true count outlives its run.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Unfit
from jalostamo.doors.home import Home, made

if TYPE_CHECKING:
    from jalostamo.managing.nonsensitive.admission import Leave
    from jalostamo.permits.orders import Order
    from jalostamo.producing.cubes.definition import CubeDefinition
    from jalostamo.utilising.disclosure.ledger.ledger import Ledger
    from jalostamo.utilising.disclosure.printed import PrintedCube

type Facts = Mapping[str, object]

BY_HAND: Final = {"by_hand": "no permit"}
"""Stands in the manifest of what nobody has ordered, in the place of its order."""

_NAMED_BY: Final = 12
_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,60}[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outlet:
    """The place where the cells of one run come out.

    `before` is told of a cube's digest before anybody sees it; `leave` is what is asked at the last moment.
    """

    home: Home
    order: Order | None = None
    before: Callable[[str], None] | None = None
    leave: Leave | None = None

    def note(self, definition: CubeDefinition, ledger: Ledger, *, facts: Facts, process: Facts) -> None:
        """Note what a cube's manifest will say, before the ledger has it: its keys are gone once this process is."""
        from jalostamo.permits.contents import canonical
        from jalostamo.storage.places import write_whole

        if self.order is None:
            return
        entries = len(ledger.entries(definition.population))
        of = {"population": definition.population, "entries": entries, "definition": definition.digest}
        write_whole(self._noted(self.order), canonical({"of": of, "facts": facts, "process": process}), force=True)

    def finished(self) -> tuple[Path, PrintedCube, Facts] | None:
        """Let out what a run of this order had printed when it was killed; None where it had printed nothing.

        The same cells could not be printed again under other keys: without this they would be lost.
        """
        from jalostamo.utilising.disclosure.gate import open_printed
        from jalostamo.utilising.disclosure.ledger.ledger import Ledger

        if self.order is None or not self._noted(self.order).is_file():
            return None
        noted = cast("Mapping[str, Mapping[str, object]]", json.loads(self._noted(self.order).read_bytes()))
        of, ledger = noted["of"], Ledger(self.home.private("ledger"))
        kept = ledger.kept_since(str(of["population"]), int(str(of["entries"])), definition=str(of["definition"]))
        if kept is None:
            return None
        printed = open_printed(kept)
        return self.let_out(printed, {**noted["facts"], **noted["process"]}), printed, noted["process"]

    def let_out(self, printed: PrintedCube, facts: Facts) -> Path:
        """Let a printed cube appear, with the manifest by which each figure is followed back; both may be there already."""
        from jalostamo.storage.places import write_whole
        from jalostamo.utilising.disclosure.files import write_printed

        path = made(self.home.cubes / printed.population) / f"{printed.name}-{printed.digest[:_NAMED_BY]}.parquet"
        manifest, place = self._manifest(printed, facts), self._place(path)
        if self.before:
            self.before(printed.digest)
        with self.leave.entered(printed.digest) if self.leave else nullcontext():
            if not path.exists():
                write_printed(printed, path)
            if not place.exists():
                write_whole(place, manifest)
        return path

    def forget(self) -> None:
        """Forget what was noted, once it is remembered that the order was carried out."""
        if self.order is not None:
            self._noted(self.order).unlink(missing_ok=True)

    def _manifest(self, printed: PrintedCube, facts: Facts) -> bytes:
        from jalostamo.managing.manifests import Manifest
        from jalostamo.managing.orders import named_in_manifest

        told = {
            "cube": printed.digest,
            "definition": printed.definition.digest,
            "rule": printed.rule.id,
            "noise": printed.noise.id,
            "series": printed.series,
        }
        return Manifest("cells", {**facts, **told, **(named_in_manifest(self.order) or BY_HAND)}).written

    def _place(self, path: Path) -> Path:
        """A cube of a series comes again to the letter: each later order by which it does has a manifest of its own."""
        from jalostamo.managing.manifests import read_manifest

        first = path.with_suffix(".json")
        if self.order is None or not first.exists():
            return first
        ordered = read_manifest(first).content.get("order")
        is_same = isinstance(ordered, Mapping) and ordered.get("head") == self.order.head
        return first if is_same else path.with_name(f"{path.stem}-{self.order.head[:_NAMED_BY]}.json")

    def _noted(self, order: Order) -> Path:
        return self.home.private("printing") / f"{order.head}.json"


def refuse_unplaceable(definition: CubeDefinition) -> None:
    """Refuse a definition whose names are none of a file: a cube appears nowhere but in its own place."""
    if not (_NAME.fullmatch(definition.name) and _NAME.fullmatch(definition.population)):
        raise Unfit(
            "The 'name' and the 'population' of cells are letters, digits, hyphens and underscores: a file is called so.",
            reason="cube_names",
        )
