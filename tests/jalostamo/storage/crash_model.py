"""A model of power loss: every state in which a disk may be found after a crash at any moment, by what POSIX promises.

It works on a real folder and notes what reaches the disk beside it. What was not synchronised may be there in any part:
of a file's end a prefix, nothing, zeros, or zeros between; of a folder's names any subset of what was done to them, in
order or not. A rename is one step, and as little durable as any other name until its folder is synchronised.
"""

from __future__ import annotations

import errno
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from jalostamo.storage.disk import Disk, Opened

type Tree = tuple[tuple[str, bytes | Tree], ...]
type Broken = Literal["", "files", "folders", "late"]
"""What a twin does not do: synchronise files, synchronise folders, or synchronise before it renames."""

WIDEST = 12


@dataclass(eq=False)
class File:
    """A file: what was written, and how much of it is on the disk."""

    data: bytes = b""
    durable: int = 0

    def states(self) -> frozenset[bytes]:
        """Every content that a crash may leave."""
        sure, tail = self.data[: self.durable], self.data[self.durable :]
        cuts = {0, min(1, len(tail)), len(tail) // 2, max(len(tail) - 1, 0), len(tail)}
        prefixes = {sure + tail[:cut] for cut in cuts}
        zeros = {sure + tail[:cut] + bytes(len(tail) - cut) for cut in cuts}
        holes = {sure + bytes(cut) + tail[cut:] for cut in cuts}
        return frozenset(prefixes | zeros | holes)


@dataclass(eq=False)
class Folder:
    """A folder: its names as they are on the disk, and what was done to them since."""

    durable: dict[str, File | Folder] = field(default_factory=dict)
    pending: list[dict[str, File | Folder | None]] = field(default_factory=list)

    @property
    def names(self) -> dict[str, File | Folder]:
        """The names as everybody sees them now."""
        return self.after(self.pending)

    def after(self, done: list[dict[str, File | Folder | None]]) -> dict[str, File | Folder]:
        """The names on the disk after some of what was done to them."""
        names = dict(self.durable)
        for change in done:
            for name, node in change.items():
                if node is None:
                    names.pop(name, None)
                else:
                    names[name] = node
        return names

    def states(self) -> frozenset[Tree]:
        """Every tree that a crash may leave."""
        assert len(self.pending) <= WIDEST, "too much was left to chance for looking at all of it"
        found: set[Tree] = set()
        for size in range(len(self.pending) + 1):
            for done in itertools.combinations(self.pending, size):
                names = self.after(list(done))
                below = [[(name, state) for state in node.states()] for name, node in sorted(names.items())]
                found.update(itertools.product(*below))
        return frozenset(found)


class CrashModel:
    """Operations on a real folder, with every state in which a crash could leave it.

    `broken` names what a twin leaves out; `fails_at` the operation that fails, before it does anything or `too_late`.
    """

    def __init__(self, root: Path, broken: Broken = "", *, fails_at: int = 0, too_late: bool = False) -> None:
        self.root, self.broken, self.fails_at, self.too_late = root, broken, fails_at, too_late
        self.disk = Disk()
        self.model = loaded(root)
        self.during: set[Tree] = set(self.model.states())
        self.done: Counter[str] = Counter()
        self.late: list[Callable[[], None]] = []

    def after(self) -> frozenset[Tree]:
        """Every state in which a crash from now on could leave the folder."""
        return self.model.states()

    def create(self, path: Path, *, permissions: int | None = None) -> ModelledFile:
        node = File()
        opened: list[Opened] = []

        def act() -> None:
            opened.append(self.disk.create(path, permissions=permissions))
            self.folder(path).pending.append({path.name: node})

        self.do("create", act)
        return ModelledFile(self, opened[0], node)

    def sync(self, path: Path) -> None:
        node = self.node(path)
        self.do("sync", (lambda: self.sync_file(node)) if isinstance(node, File) else (lambda: self.sync_folder(node)))

    def rename(self, source: Path, target: Path) -> None:
        assert source.parent == target.parent, "the model knows names within one folder"

        def act() -> None:
            self.disk.rename(source, target)
            self.folder(source).pending.append({source.name: None, target.name: self.folder(source).names[source.name]})
            late, self.late = self.late, []
            for sync in late:
                self.note()
                sync()

        self.do("rename", act)

    def link(self, source: Path, target: Path) -> None:
        def act() -> None:
            self.disk.link(source, target)
            self.folder(target).pending.append({target.name: self.node(source)})

        self.do("link", act)

    def unlink(self, path: Path) -> None:
        def act() -> None:
            self.disk.unlink(path)
            self.folder(path).pending.append({path.name: None})

        self.do("unlink", act)

    def make_folder(self, path: Path) -> None:
        def act() -> None:
            self.disk.make_folder(path)
            self.folder(path).pending.append({path.name: Folder()})

        self.do("make_folder", act)

    def remove_folder(self, path: Path) -> None:
        def act() -> None:
            self.disk.remove_folder(path)
            self.folder(path).pending.append({path.name: None})

        self.do("remove_folder", act)

    def names(self, folder: Path) -> list[str]:
        return self.disk.names(folder)

    def node(self, path: Path) -> File | Folder:
        node: File | Folder = self.model
        for name in path.relative_to(self.root).parts:
            assert isinstance(node, Folder)
            node = node.names[name]
        return node

    def folder(self, path: Path) -> Folder:
        found = self.node(path.parent)
        assert isinstance(found, Folder)
        return found

    def sync_file(self, node: File) -> None:
        def act() -> None:
            node.durable = len(node.data)

        if self.broken == "late" and not self.done["rename"]:
            self.late.append(act)
        elif self.broken != "files":
            act()

    def sync_folder(self, node: Folder) -> None:
        def act() -> None:
            node.durable, node.pending = node.names, []

        if self.broken == "late" and not self.done["rename"]:
            self.late.append(act)
        elif self.broken != "folders":
            act()

    def do(self, name: str, act: Callable[[], None]) -> None:
        """Do one operation and note every state that a crash right after it could leave."""
        self.done[name] += 1
        fails = self.done.total() == self.fails_at
        if not fails or self.too_late:
            act()
        self.note()
        if fails:
            raise OSError(errno.EIO, "Input/output error")

    def note(self) -> None:
        """Note every state that a crash now could leave."""
        self.during |= self.model.states()


@dataclass
class ModelledFile:
    """A new file of the model."""

    disk: CrashModel
    opened: Opened
    node: File

    def write(self, data: bytes) -> None:
        def act() -> None:
            self.opened.write(data)
            self.node.data += data

        self.disk.do("write", act)

    def sync(self) -> None:
        self.disk.do("sync", lambda: self.disk.sync_file(self.node))

    def close(self) -> None:
        self.opened.close()


def loaded(path: Path) -> Folder:
    """A real folder as a model, all of it on the disk."""
    return Folder({entry.name: loaded(entry) if entry.is_dir() else whole(entry) for entry in path.iterdir()})


def whole(path: Path) -> File:
    """A real file as a model, all of it on the disk."""
    data = path.read_bytes()
    return File(data, len(data))


def put_back(tree: Tree, place: Path) -> Path:
    """Make a real folder of a tree."""
    place.mkdir()
    for name, node in tree:
        if isinstance(node, bytes):
            (place / name).write_bytes(node)
        else:
            put_back(node, place / name)
    return place


def at(tree: Tree, *names: str) -> bytes | Tree | None:
    """What stands at a place of a tree, or None."""
    found: bytes | Tree | None = tree
    for name in names:
        if found is None or isinstance(found, bytes):
            return None
        found = dict(found).get(name)
    return found


def places(tree: Tree) -> Iterator[str]:
    """Every name of a tree."""
    for name, node in tree:
        yield name
        if not isinstance(node, bytes):
            yield from places(node)
