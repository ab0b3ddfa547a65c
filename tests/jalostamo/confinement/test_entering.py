"""What a confined process may and may not; each thing that it may not is done by the same program where no walls are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.jalostamo.confinement.trials import laid, trials

from jalostamo.confinement import Confined, Network, Wall
from jalostamo.confinement.confined import confined_from
from jalostamo.confinement.held import Held, held_from, missing

NOBODY = 61_099
REFUSED = {"EPERM", "EACCES", "EXDEV", "ENOMEM", "EFBIG", "ENOSYS", "EAGAIN", "ValueError", "MemoryError", "EMFILE"}
MAY = {
    "read a file": "assert Path(read, 'file').read_text() == 'kept'",
    "list a folder": "assert os.listdir(read)",
    "write a result": "Path(write, 'new').write_text('x')",
    "make a folder in results": "Path(write, 'folder').mkdir()",
    "work in scratch": "p = Path(scratch, 'new'); p.write_text('x'); assert p.read_text(); p.rename(Path(scratch, 'n')).unlink()",
    "list names": "assert os.listdir(other)",
    "start a thread": "t = threading.Thread(target=int); t.start(); t.join()",
    "signal itself": "os.kill(os.getpid(), signal.SIGWINCH)",
    "see its own limits": "resource.getrlimit(resource.RLIMIT_AS)",
    "use random bytes": "Path('/dev/urandom').open('rb').read(1)",
}
MAY_NOT = {
    "read another file": "Path(other, 'file').read_bytes()",
    "read passwords": "Path('/etc/passwd-').read_bytes() if os.path.exists('/etc/passwd-') and os.geteuid() == 0"
    " else Path(other, 'file').read_bytes()",
    "read results": "Path(write, 'file').read_bytes()",
    "remove results": "Path(write, 'file').unlink()",
    "write what it reads": "Path(read, 'file').write_text('x')",
    "truncate what it reads": "os.truncate(Path(read, 'file'), 0)",
    "add to what it reads": "Path(read, 'new').touch()",
    "rename what it reads": "os.rename(Path(read, 'file'), Path(read, 'renamed')); os.rename(Path(read, 'renamed'), Path(read, 'file'))",
    "link into scratch": "os.link(Path(read, 'file'), Path(scratch, 'name')); os.unlink(Path(scratch, 'name'))",
    "move out of scratch": "p = Path(scratch, 'moved'); p.touch(); os.rename(p, Path(other, 'moved'))",
    "link symbolically": "Path(scratch, 'link').symlink_to('/')",
    "make a pipe": "os.mkfifo(Path(scratch, 'pipe'))",
    "bind a socket in a folder": "socket.socket(socket.AF_UNIX).bind(scratch + '/s')",
    "change a mode": "os.chmod(Path(scratch, 'file'), 0o644)",
    "change times": "os.utime(Path(scratch, 'file'), (1, 1))",
    "open a TCP socket": "socket.socket()",
    "open a UDP socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "open a local socket": "socket.socket(socket.AF_UNIX)",
    "start a process": "p = os.fork(); p or os._exit(0); os.waitpid(p, 0)",
    "start a program": "os.posix_spawn('/bin/true', ['true'], {})",
    "look at its parent": "Path(f'/proc/{os.getppid()}/environ').read_bytes()",
    "limit its parent": "machine.call(302 if machine.processor() == 'x86_64' else 261, ctypes.c_int(os.getppid()), ctypes.c_int(4),"
    " None, (ctypes.c_uint64 * 2)())",
    "signal its parent": "os.kill(os.getppid(), 0)",
    "leave its session": "os.setsid()",
    "raise a limit": "resource.setrlimit(resource.RLIMIT_FSIZE, (2**40, 2**40))",
    "write a large file": "Path(scratch, 'large').write_bytes(b'x' * 2**21)",
    "take much memory": "mmap.mmap(-1, 2**36, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)",
    "hide memory": "os.close(os.memfd_create('m'))",
    "open its own memory": "machine.control(machine.PR_SET_DUMPABLE, 1)",
    "have a world of its own": "machine.unshare(0x10000000)",
}
ORDER_MATTERS_WITHOUT_WALLS = {"have a world of its own"}


def confined(places: Mapping[str, str], **more: object) -> Confined:
    """Walls around the places."""
    paths = {name: Path(path) for name, path in places.items()}
    return Confined(
        read=(paths["read"],),
        write=(paths["write"],),
        scratch=(paths["scratch"],),
        names=(paths["other"],),
        memory=2**33,
        cpu_seconds=30,
        output=2**20,
        **more,  # type: ignore[arg-type]  # as the test says
    )


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, str]]:
    """Places to which every user comes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield laid(Path(folder))


@pytest.fixture(scope="module")
def within(places: dict[str, str]) -> dict[str, str]:
    """What came of everything within walls."""
    return trials(MAY | MAY_NOT, places, confined(places))[1]


@pytest.fixture(scope="module")
def without(within: dict[str, str], places: dict[str, str]) -> dict[str, str]:
    """What came of it where no walls are, after the places have been tried on from within."""
    assert within
    return trials(MAY | MAY_NOT, places)[1]


@pytest.mark.parametrize("thing", MAY)
def test_a_confined_process_may_do_its_work(thing: str, within: dict[str, str]) -> None:
    assert within[thing] == "done"


@pytest.mark.requirement("S26-06")
@pytest.mark.parametrize("thing", MAY_NOT)
def test_what_a_confined_process_may_not_is_refused_by_the_kernel(thing: str, within: dict[str, str]) -> None:
    assert within[thing] in REFUSED


@pytest.mark.parametrize("thing", MAY_NOT)
def test_the_same_is_done_where_no_walls_are(thing: str, without: dict[str, str]) -> None:
    assert without[thing] == "done"


def test_every_wall_is_told_of_with_what_holds_it(places: dict[str, str]) -> None:
    held, _ = trials({}, places, confined(places))
    found = {each.wall: each for each in map(held_from, held)}
    assert set(found) == set(Wall)
    assert all(each.holds for each in found.values())


def test_an_ordinary_user_is_confined_as_the_superuser_is(places: dict[str, str]) -> None:
    """What is loaded before: an ordinary user may not come to where the interpreter lies."""
    tried = {
        name: MAY_NOT[name] for name in ("read another file", "open a TCP socket", "start a process", "raise a limit")
    }
    plain = [(confined(places), None)]
    for walls, user in (
        [(confined(places), NOBODY), (confined(places, user=NOBODY), None)] if os.geteuid() == 0 else plain
    ):
        held, came = trials(tried, places, walls, user=user)
        assert not missing(map(held_from, held), walls.needed)
        assert set(came.values()) <= REFUSED
        assert set(trials(tried, places, None, user=user)[1].values()) == {"done"}


PORTS = {
    "listen where it may": "s = socket.socket(); s.bind(('127.0.0.1', int(port))); s.listen(); s.close()",
    "connect where it may": "s = socket.socket(); s.settimeout(5); s.connect(('127.0.0.1', int(open_port)))",
    "listen elsewhere": "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()",
    "connect elsewhere": "s = socket.socket(); s.settimeout(5); s.connect(('127.0.0.1', int(other_port)))",
    "send packets": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
}


def test_a_process_with_ports_reaches_these_and_no_others(places: dict[str, str]) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        open_port, other_port = one.getsockname()[1], other.getsockname()[1]
        names = places | {"port": str(port), "open_port": str(open_port), "other_port": str(other_port)}
        walls = confined(places, network=Network(connect=(open_port,), listen=(port,)))
        _, came = trials(PORTS, names, walls)
        assert [came[name] for name in PORTS] == ["done", "done", "EACCES", "EACCES", "EPERM"]
        assert set(trials(PORTS, names)[1].values()) == {"done"}
        looking = confined(places, network=Network(connect=(open_port,), lookups=True))
        assert trials({"send packets": PORTS["send packets"]}, names, looking)[1] == {"send packets": "done"}


def test_a_process_that_may_start_others_has_them_confined_as_itself(places: dict[str, str]) -> None:
    read = "p = os.fork()\nif not p:\n try: open(other + '/file'); os._exit(0)\n except OSError: os._exit(13)\n"
    read += "assert os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) == 13"
    _, came = trials({"read through another": read, "leave": "os.setsid()"}, places, confined(places, processes=4))
    assert came == {"read through another": "done", "leave": "EPERM"}


def test_a_process_with_a_second_thread_is_not_taken_for_confined() -> None:
    """Its other thread would stand outside of the walls."""
    program = (
        "import threading; from jalostamo.confinement import Confined, enter\n"
        "e = threading.Event(); t = threading.Thread(target=e.wait, daemon=True); t.start()\n"
        "try: enter(Confined())\nexcept Exception as error: print(error.reason)"
    )
    run = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "confinement_late"


def test_a_wall_that_nothing_holds_is_never_claimed() -> None:
    lacking = Held(Wall.FILES, (), "this kernel has no Landlock")
    kept = Held(Wall.NETWORK, ("seccomp",))
    assert missing([lacking, kept], {Wall.FILES, Wall.NETWORK}) == (lacking,)
    assert [each.wall for each in missing([], {Wall.KERNEL})] == [Wall.KERNEL]


@pytest.mark.parametrize("wrong", [{}, {"wall": "files", "by": "x", "but": ""}, {"wall": "x", "by": [], "but": ""}])
def test_a_wall_that_was_not_told_as_one_is_none(wrong: Mapping[str, object]) -> None:
    with pytest.raises(ValueError, match="|"):
        held_from(wrong)


def test_a_process_that_needs_what_the_machine_lacks_does_not_go_on(places: dict[str, str]) -> None:
    """No limit of memory was asked, so that nothing holds that wall."""
    walls = Confined(read=(Path(places["read"]),), needed=frozenset({Wall.MEMORY}))
    program = (
        "import sys; from jalostamo.confinement import enter; from jalostamo.confinement.confined import confined_from\n"
        "try: enter(confined_from(sys.argv[1]))\nexcept Exception as error: print(error.reason)"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", program, walls.written()], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "confinement_missing"


def test_a_confinement_comes_back_from_its_json() -> None:
    walls = Confined(
        read=(Path("/a"),),
        write=(Path("/b"),),
        scratch=(Path("/c"),),
        names=(Path("/d"),),
        network=Network((1,), (2,), True),
        memory=1,
        cpu_seconds=2,
        output=3,
        processes=4,
        user=5,
        groups=(6,),
        needed=frozenset({Wall.FILES}),
    )
    assert confined_from(walls.written()) == walls
    assert confined_from(Confined().written()) == Confined()


# A filter by which the kernel says of Landlock, as an older one does, that there is no such call.
NO_LANDLOCK = """
import ctypes, json, sys
from jalostamo.confinement import enter, machine
from jalostamo.confinement.confined import confined_from
from jalostamo.confinement.seccomp import _Line, _Program
told = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050000 | 38), (0x06, 0, 0, 0x7FFF0000)]
lines = (_Line * 4)(*(_Line(*line) for line in told))
machine.control(machine.PR_SET_NO_NEW_PRIVS, 1)
whole = _Program(4, lines)
machine.control(22, 2, ctypes.addressof(whole))
try:
    print(json.dumps([each.as_mapping() for each in enter(confined_from(sys.argv[1]))]))
except Exception as error:
    print(json.dumps(error.reason))
"""


def test_a_kernel_without_landlock_is_told_of_and_nothing_claimed(places: dict[str, str]) -> None:
    """What reads the city's own files goes on, told of; what runs somebody's program does not."""

    def came_to(walls: Confined) -> object:
        run = subprocess.run(
            [sys.executable, "-I", "-c", NO_LANDLOCK, walls.written()], capture_output=True, text=True, check=True
        )
        return json.loads(run.stdout)

    held = came_to(confined(places, needed=frozenset()))
    assert isinstance(held, list)
    lacking = missing(map(held_from, held), set(Wall))
    assert {each.wall for each in lacking} == {Wall.FILES, Wall.OTHERS}
    assert all("no Landlock" in each.but for each in lacking)
    assert came_to(confined(places)) == "confinement_missing"
