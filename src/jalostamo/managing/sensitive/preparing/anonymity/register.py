"""The register of releases: what was released of whom, at which levels and where it lies; entries are added, never changed.

Each entry names the one before it by its digest, so that none can be changed, or taken out from among the others, unseen.
No copy of a release is kept: what is gone can no longer be attacked, and that is told.

Handbook 2.6 (rule sets for anonymising in continuous analyses) and phase 5.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.manifests import ROUNDED_TO, Manifest, digest_of, read_manifest
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe

STEP: Final = "release of rows"
_FIRST: Final = "0" * 64
_KEYS: Final = frozenset(
    (
        "number",
        "before",
        "population",
        "dated",
        "rows_about",
        "left_out_about",
        "out",
        "table",
        "recipe",
        "hierarchies",
        "levels",
        "sensitive",
        "units",
        "catalogue",
        "without_earlier",
        "consistent",
    )
)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that is named and not copied: where it lay, and the sha256 that it had."""

    path: Path
    digest: str

    @classmethod
    def of(cls, path: Path, *, at: Path | None = None) -> NamedFile:
        """A file as it is, which lies, or will lie, somewhere else."""
        return cls((at or path).absolute(), digest_of(path))

    @property
    def is_there(self) -> bool:
        """Whether it lies there unchanged."""
        return self.path.is_file() and digest_of(self.path) == self.digest

    def as_mapping(self) -> dict[str, str]:
        """As it is written."""
        return {"file": str(self.path), "sha256": self.digest}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the register: one release of one population.

    `consistent`: it left out, too, whom those before it had left out. `was_put`: it is known to have been in its place.
    """

    number: int
    population: str
    dated: datetime.date
    out: NamedFile
    table: NamedFile
    recipe: NamedFile
    hierarchies: Mapping[str, str]
    levels: Mapping[str, int]
    sensitive: tuple[str, ...]
    units: tuple[str, ...]
    consistent: bool
    digest: str
    was_put: bool

    @property
    def called(self) -> str:
        """How the release is told of."""
        return f"release {self.number} ({self.out.path.name}, {self.dated.isoformat()})"


@dataclass(frozen=True, slots=True)
class Register:
    """The register of releases in a folder."""

    folder: Path
    entries: tuple[Entry, ...]

    def of(self, population: str) -> tuple[Entry, ...]:
        """The releases of a population; what was begun and never came to lie in its place is none."""
        return tuple(e for e in self.entries if e.population == population and (e.was_put or e.out.is_there))

    def begin(self, content: Mapping[str, object]) -> Path:
        """Enter a release before it is put in its place: one that is out is always entered."""
        number = len(self.entries) + 1
        before = self.entries[-1].digest if self.entries else _FIRST
        path = self.folder / f"{number:04}.json"
        write_whole(path, Manifest(STEP, {**content, "number": number, "before": before}).written)
        return path


def put(entry: Path) -> None:
    """Note that the release of an entry lies in its place."""
    write_whole(_put_of(entry), b"", force=True)


def read_register(folder: Path) -> Register:
    """The register in a folder, made where there is none; a changed one is refused."""
    if folder.exists() and not folder.is_dir():
        raise Misused(f"{folder.name} is no folder: name the folder of the register of releases.", reason="releases")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Misused(f"{folder.name} cannot be made: {error.strerror}.", reason="releases") from None
    entries: list[Entry] = []
    for path in sorted(folder.glob("[0-9]*.json")):
        before = entries[-1].digest if entries else _FIRST
        entries.append(_entry(path, number=len(entries) + 1, before=before))
    return Register(folder, tuple(entries))


def read_entry(path: Path) -> Entry:
    """One entry, with all that stand in its register."""
    register = read_register(path.parent)
    return next(entry for entry in register.entries if f"{entry.number:04}.json" == path.name)


def is_entry(path: Path) -> bool:
    """Whether a file is an entry of a register, and no report."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("step") == STEP


def content_of(
    recipe: Recipe, *, files: Mapping[str, NamedFile], levels: Mapping[str, int], numbers: tuple[int, int]
) -> dict[str, object]:
    """What an entry tells of a release, beside whose and when; `numbers` are rows and those left out, told rounded."""
    rows, left_out = (round(number / ROUNDED_TO) * ROUNDED_TO for number in numbers)
    return {
        "rows_about": rows,
        "left_out_about": left_out,
        **{name: file.as_mapping() for name, file in files.items()},
        "hierarchies": hierarchies_of(recipe),
        "levels": dict(levels),
        "sensitive": [s.column for s in recipe.sensitive],
        "units": list(recipe.units),
    }


def hierarchies_of(recipe: Recipe) -> dict[str, str]:
    """The digest of what each column's hierarchy says; "" where it has none."""
    found = {}
    for q in recipe.quasi:
        said = json.dumps([dict(level) for level in q.hierarchy.levels], sort_keys=True) if q.hierarchy else ""
        found[q.column] = hashlib.sha256(said.encode()).hexdigest() if said else ""
    return found


def _put_of(path: Path) -> Path:
    return path.with_suffix(".put")


def _entry(path: Path, *, number: int, before: str) -> Entry:
    manifest = read_manifest(path)
    content = manifest.content
    if manifest.step != STEP or set(content) != _KEYS or content["number"] != number or content["before"] != before:
        raise Unfit(
            f"{path.name} is not the entry that was written there, or one before it is missing: bring back the register.",
            reason="releases_changed",
        )
    try:
        return _read(content, manifest.digest, was_put=_put_of(path).exists())
    except (KeyError, TypeError, ValueError):
        raise Unfit(f"{path.name} is no entry of this register.", reason="releases_changed") from None


def _read(content: Mapping[str, object], digest: str, *, was_put: bool) -> Entry:
    return Entry(
        number=cast("int", content["number"]),
        population=str(content["population"]),
        dated=datetime.date.fromisoformat(str(content["dated"])),
        out=_file(content["out"]),
        table=_file(content["table"]),
        recipe=_file(content["recipe"]),
        hierarchies=cast("Mapping[str, str]", content["hierarchies"]),
        levels=cast("Mapping[str, int]", content["levels"]),
        sensitive=tuple(cast("list[str]", content["sensitive"])),
        units=tuple(cast("list[str]", content["units"])),
        consistent=content["consistent"] is True,
        digest=digest,
        was_put=was_put,
    )


def _file(found: object) -> NamedFile:
    named = cast("Mapping[str, str]", found)
    return NamedFile(Path(named["file"]), named["sha256"])
