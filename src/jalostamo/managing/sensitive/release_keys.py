"""Keys of releases: made before the rows are laid down, sealed to the people of the order, and destroyed on its schedule.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from jalostamo.concepts.errors import JalostamoError, Objection, Refused
from jalostamo.engine.sealing import Sealing, forget_key
from jalostamo.managing.manifests import read_manifest
from jalostamo.managing.nonsensitive.envelopes import ENVELOPES, Envelopes
from jalostamo.managing.nonsensitive.releases import MANIFEST, folder_of, key_number
from jalostamo.managing.sensitive.keys import Secret
from jalostamo.permits.contents import canonical

if TYPE_CHECKING:
    import datetime

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.manifests import Manifest
    from jalostamo.managing.sensitive.vault import Label, Vault
    from jalostamo.permits.orders import Order

KIND: Final = "release"
_NAMED_BY: Final = 16


class Keeping(Protocol):
    """Where keys of releases are kept, for whom, and where releases stand."""

    @property
    def releases(self) -> Path: ...
    @property
    def sealed(self) -> Callable[[], AbstractContextManager[Vault]] | None: ...
    @property
    def order(self) -> Order | None: ...
    @property
    def people(self) -> Mapping[str, bytes]: ...


@dataclass(slots=True, repr=False)
class SealedRelease:
    """A release that is to leave sealed: by what its tables are written, and for whom it can be opened.

    Its key is in memory alone until everything is validated: of a run that is killed nothing can be opened.
    """

    order: Order
    rooms: Keeping
    today: datetime.date
    sealing: Sealing
    _secret: Secret
    _label: Label | None = None

    def enveloped(self) -> Envelopes:
        """Keep the key, with the day of its destruction, and seal it to the people of the order."""
        order, people = self.order, _named(self.order, self.rooms.people)
        told = canonical({"permit": order.permit, "run": order.run, "head": order.head})
        about = f"{folder_of(order.permit)}/{named_by(order)}"
        with vault_of(self.rooms) as vault:
            self._label = vault.put(told, kind=KIND, about=about, destroy_by=order.destroy_by, key=self._secret)
        return Envelopes.closed(self.sealing.key, self._label.key, permit=order.permit, people=people)

    def forsaken(self) -> None:
        """Destroy the key of what did not leave; where a release stands for all that, its key is kept."""
        if self._label and not sealed_files(self.rooms.releases, self._label.key)[0]:
            with vault_of(self.rooms) as vault:
                vault.destroy(
                    [self._label],
                    rule="the release was not admitted",
                    decision="closed room",
                    at=self.today.isoformat(),
                )


@contextmanager
def sealed_release(engine: Engine, rooms: Keeping, *, today: datetime.date) -> Iterator[SealedRelease | None]:
    """What seals the release of an order for as long as it is made; None where nothing of it has to be sealed.

    That is so of anonymised rows, and of what nobody ordered, as in a demonstration's own tests.
    """
    order = rooms.order
    if order is None or not order.data_class.has_the_status_of_unprocessed_data:
        yield None
        return
    # Whom it is for is looked at before anything of persons is read.
    _named(order, rooms.people)
    with Secret() as secret:
        made = SealedRelease(order, rooms, today, Sealing(engine, secret.for_tables()), secret)
        try:
            yield made
        except BaseException:
            with suppress(JalostamoError):
                made.forsaken()
            raise
        finally:
            forget_key(engine, made.sealing.key)


def named_by(order: Order) -> str:
    """What tells the keys that an order made from those of others of its permit."""
    return order.head[:_NAMED_BY]


def vault_of(rooms: Keeping) -> AbstractContextManager[Vault]:
    """The closed room's vault, for the short while in which something is put there."""
    if rooms.sealed is None:
        raise _unsealed("No store of keys is open, and what was ordered leaves sealed alone.")
    return rooms.sealed()


def _named(order: Order, people: Mapping[str, bytes]) -> dict[str, bytes]:
    if lacking := [person for person in order.users if person not in people]:
        raise _unsealed(f"{len(lacking)} of the {len(order.users)} people of the order have no key here: enrol them.")
    if not order.users:
        raise _unsealed("The order names nobody whom the release would be sealed to.")
    return {person: people[person] for person in order.users}


def _unsealed(sentence: str) -> Refused:
    return Refused([Objection(sentence, "2.6, phase 5")], reason="release_unsealed")


def sealed_files(releases: Path, number: str) -> tuple[Sequence[str], Sequence[Path]]:
    """What a key of a release has sealed: the digests that its manifest names, and its files that still stand.

    The envelopes come first of these: once they are gone nobody new comes by the key.
    """
    for place in sorted(releases.glob(f"*/[!.]*/{MANIFEST}")):
        manifest = read_manifest(place)
        if key_number(manifest) == number:
            names, digests = _tables(manifest)
            files = [place.parent / name for name in (ENVELOPES, *names)]
            return digests, [path for path in files if path.is_file()]
    return (), ()


def _tables(manifest: Manifest) -> tuple[list[str], list[str]]:
    tables = manifest.content["tables"]
    assert isinstance(tables, Mapping)
    return [str(table["file"]) for table in tables.values()], [str(table["sha256"]) for table in tables.values()]
