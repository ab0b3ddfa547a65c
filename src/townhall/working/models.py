"""Jobs and their leases in townhall's own database, as the library's leases ask of a store.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.db import models, transaction


class Kept(models.Model):
    """A job as the leases write it, in the place in which its name came."""

    place = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        """Looked up by state, the oldest first."""

        ordering: ClassVar[list[str]] = ["place"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "place"])]


class Tokens(models.Model):
    """The last token that was given; whoever holds its row is the one who changes jobs."""

    last = models.PositiveBigIntegerField(default=0)


class _Shelf:
    """What is kept, for the length of one transaction."""

    def find(self, name: str) -> str | None:
        """The text of this name."""
        return Kept.objects.filter(name=name).values_list("text", flat=True).first()

    def put(self, name: str, text: str, *, kind: str, state: str) -> None:
        """Keep a text under its name, in the place that the name had or at the end."""
        Kept.objects.update_or_create(name=name, defaults={"kind": kind, "state": state, "text": text})

    def oldest(self, state: str, kinds: Collection[str]) -> str | None:
        """The first text of a state and of one of the kinds."""
        return Kept.objects.filter(state=state, kind__in=list(kinds)).values_list("text", flat=True).first()

    def all_of(self, states: Collection[str]) -> list[str]:
        """All texts of some states, in the order in which their names came."""
        return list(Kept.objects.filter(state__in=list(states)).values_list("text", flat=True))

    def next_number(self) -> int:
        """A number larger than any given before."""
        tokens, _ = Tokens.objects.get_or_create(pk=1)
        tokens.last += 1
        tokens.save()
        return tokens.last


class TownStore:
    """The store of leases in townhall's database: each change is one transaction, made alone."""

    @contextmanager
    def changing(self) -> Iterator[_Shelf]:
        """Change what is kept, alone: every other change waits, of other processes too."""
        Tokens.objects.get_or_create(pk=1)
        with transaction.atomic():
            Tokens.objects.select_for_update().get(pk=1)
            yield _Shelf()

    @contextmanager
    def looking(self) -> Iterator[_Shelf]:
        """Look at what is kept, all as it stood at one moment."""
        with transaction.atomic():
            yield _Shelf()
