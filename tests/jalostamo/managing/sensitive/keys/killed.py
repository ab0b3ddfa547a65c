"""A store of keys whose process is killed before every one of its operations on files, one after the other; told as JSON.

python killed.py FOLDER destroy|rotate|relock|create|make sound|broken
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

from jalostamo.concepts.errors import JalostamoError, Misused
from jalostamo.managing.sensitive.keys import ByFile, KeyStore, opened_keys
from jalostamo.managing.sensitive.keys import store as store_module
from jalostamo.managing.sensitive.keys.files import Lock
from jalostamo.managing.sensitive.keys.secret import Secret

OPERATIONS = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
FEWEST = {"destroy": 12, "rotate": 8, "relock": 8, "create": 2, "make": 5}


class Case:
    """A folder with a store of three keys, and what is done to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sound = folder / "keys", folder / "sound"
        self.unlock, self.other = ByFile.made(folder / "unlock"), ByFile.made(folder / "other")
        with opened_keys(self.sound, self.unlock) as store:
            self.numbers = {name: store.create("extract", name) for name in "abc"}
            self.before = self.commitments(store)
        self.old = {name: (self.sound / "1" / f"{number}.key").read_bytes() for name, number in self.numbers.items()}

    @staticmethod
    def commitments(store: KeyStore) -> dict[str, str]:
        found = {}
        for header in store.headers:
            with store.open(header.id) as key:
                found[header.object] = key.commitment("of a test")
        return found

    def do(self, action: str) -> None:
        """What the process is killed at."""
        with opened_keys(self.folder, self.unlock) as store:
            match action:
                case "destroy":
                    store.destroy([self.numbers["b"]])
                case "rotate":
                    store.rotate()
                case "relock":
                    store.lock_with(self.other)
                case "create":
                    store.create("extract", "d")

    def wrong(self, action: str, *, ended: bool) -> list[str]:
        """What is wrong after the process was killed, or ended, and another one has opened the store."""
        try:
            found = self._looked(self.unlock, action, ended=ended)
        except Misused as error:
            if action == "relock" and error.reason == "keys_locked":
                return self._looked(self.other, action, ended=ended)
            return [error.reason]
        except JalostamoError as error:
            return [error.reason]
        return [*found, "the old file unlocks"] if action == "relock" and ended else found

    def _looked(self, unlock: ByFile, action: str, *, ended: bool) -> list[str]:
        wrong = []
        with opened_keys(self.folder, unlock) as store:
            found = self.commitments(store)
            folders = {path.name for path in self.folder.iterdir() if path.is_dir()}
            if folders != {str(store.epoch), "destroyed"} or [*self.folder.rglob("*.part")]:
                wrong.append("something is left over")
            if action == "make":
                return wrong
            survivors = {name: text for name, text in self.before.items() if action != "destroy" or name != "b"}
            if not survivors.items() <= found.items() or not set(found) <= {
                *self.before,
                *("d" * (action == "create")),
            }:
                wrong.append("a key is lost")
            is_noted = (self.folder / "destroyed" / f"{self.numbers['b']}.json").is_file()
            if (
                is_noted == ("b" in found)
                or (is_noted and store.epoch == 1)
                or (ended and action == "destroy" and not is_noted)
            ):
                wrong.append("a key is half destroyed")
            if store.epoch > 1 and any(self._opens(store, content) for content in self.old.values()):
                wrong.append("an old file opens")
            if action == "destroy":
                store.destroy([self.numbers["b"]])
                if set(self.commitments(store)) != {"a", "c"}:
                    wrong.append("it cannot be done again")
        return wrong

    def _opens(self, store: KeyStore, content: bytes) -> bool:
        path = self.folder.parent / "old.key"
        path.write_bytes(content)
        return store.opens(path)


def killed_at(place: int, do: Callable[[], None]) -> bool:
    """Whether a process that does something was killed before its n-th operation on files; else it came to its end."""
    process = os.fork()
    if not process:
        done = count(1)

        def kill(event: str, arguments: tuple[object, ...]) -> None:
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING
            if (event in OPERATIONS or writes) and next(done) == place:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(kill)
        try:
            do()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, "it failed by itself"
    return os.WIFSIGNALED(status)


def locked_first(self: KeyStore, remembered: dict[str, object], within: Secret) -> None:
    """The weakening that must be noticed: the new lock is in place before the keys that it opens."""
    fresh, epoch = Secret(), self.epoch + 1
    kept = [(path.name, *self._read(path)) for path in self._here.glob("*.key") if not self._is_destroyed(path)]
    lock = Lock.closed(epoch, remembered, within=within, key=fresh)
    store_module.write_whole(self.folder / "keys.json", lock.written, force=True)
    shutil.rmtree(self._here)
    (self.folder / str(epoch)).mkdir(mode=0o700)
    self._lock, self._key = lock, fresh
    for name, header, key in kept:
        moved = replace(header, epoch=epoch)
        store_module.write_secret(self._here / name, store_module.key_file(moved, key, fresh))


def main(folder: Path, action: str, variant: str) -> None:
    case, wrong, places = Case(folder), dict[int, list[str]](), 0
    if variant == "broken":
        KeyStore._rotated = locked_first  # type: ignore[method-assign,assignment]  # the weakening
    for place in count(1):
        shutil.rmtree(case.folder, ignore_errors=True)
        if action != "make":
            shutil.copytree(case.sound, case.folder)
        was_killed = killed_at(place, lambda: case.do(action))
        if found := case.wrong(action, ended=not was_killed):
            wrong[place] = found
        places = place
        if not was_killed:
            break
    print(json.dumps({"places": places, "wrong": wrong}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
