"""Makes this tree ready to run (`run`) or to test (`test`); a second call finds its stamps and does nothing.

Needs only the standard library, and is started by a Python that `scripts/find-python` has seen running.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from system_tools import Tool, missing_tools

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMPS = VENV / ".stamps"
REQUIREMENTS = ROOT / "requirements"
ASSETS = ROOT / "node_modules"
ASSET_FILES = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NPM = 9  # the first that installs from a lock without addresses
INCLUDES = {"run": ("run", "test"), "test": ("test",)}  # the test set holds all of the run set


class CannotSetUp(Exception):
    """The set-up cannot go on; the sentence says what to do."""


def main(purpose: str) -> None:
    """Bring the environment, the packages, the browser assets and, for tests, the system's tools up to date."""
    with (REQUIREMENTS / "build.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once would install over each other
        _make_environment()
        _install_packages(purpose)
        _install_ourselves()
        _install_assets()
        if purpose == "test":
            _install_tools(missing_tools())


def _make_environment() -> None:
    if _environment_fits():
        return
    _say(f"making .venv with Python {_version()}")
    shutil.rmtree(VENV, ignore_errors=True)
    if _try([sys.executable, "-m", "venv", str(VENV)]):
        return
    # Debian's Python comes without the part that puts pip into a new environment.
    package = f"python{_version()}-venv"
    shutil.rmtree(VENV, ignore_errors=True)
    if not _apt_install([package]) or not _try([sys.executable, "-m", "venv", str(VENV)]):
        raise CannotSetUp(f"This Python cannot make virtual environments; install {package} and call make again.")


def _environment_fits() -> bool:
    question = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix)"
    try:
        answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return False
    version, _, prefix = answer.stdout.strip().partition(" ")
    asked_for = _version() if os.environ.get("PYTHON") else version
    return answer.returncode == 0 and Path(prefix) == VENV and version == asked_for


def _install_packages(purpose: str) -> None:
    if any(_is_fresh(STAMPS / name, _locks(name)) for name in INCLUDES[purpose]):
        return
    _install_build_tools()
    _say(f"installing the packages to {purpose}")
    _install(REQUIREMENTS / f"{purpose}.txt")
    _stamp(STAMPS / purpose, _locks(purpose))


def _install_build_tools() -> None:
    lock = REQUIREMENTS / "build.txt"
    if _is_fresh(STAMPS / "build", [lock]):
        return
    _say("installing the build tools")
    _pip("install", "--quiet", "--require-hashes", "-r", str(lock))
    _stamp(STAMPS / "build", [lock])


def _install_ourselves() -> None:
    if _is_fresh(STAMPS / "jalostamo", [ROOT / "pyproject.toml"]):
        return
    _install_build_tools()
    _say("installing jalostamo itself")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    if not _uv("pip", "install", "--offline", *options):
        _pip("install", "--no-index", *options)
    _stamp(STAMPS / "jalostamo", [ROOT / "pyproject.toml"])


def _install_assets() -> None:
    files = [ROOT / name for name in ASSET_FILES]
    if _is_fresh(ASSETS / ".stamp", files):
        return
    npm = _find_npm()
    _say("installing the browser assets")
    path = os.pathsep.join([str(npm.parent), os.environ.get("PATH", "")])
    # npm starts whichever node comes first on the path: it has to be the one it came with.
    if not _try([str(npm), "ci", "--loglevel=error"], PATH=path):
        raise CannotSetUp("npm could not install the browser assets; its message stands above.")
    _stamp(ASSETS / ".stamp", files)


def _find_npm() -> Path:
    found = shutil.which("npm")
    if found and _runs_new_npm(found):
        return Path(found)
    lock = REQUIREMENTS / "node.txt"
    if not _is_fresh(STAMPS / "node", [lock]):
        _install_build_tools()
        _say("installing Node, which this machine lacks, into .venv")
        _install(lock)
        _stamp(STAMPS / "node", [lock])
    return BIN / "npm"


def _runs_new_npm(npm: str) -> bool:
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, cwd=ROOT)
    major = re.match(r"\d+", answer.stdout)
    return answer.returncode == 0 and major is not None and int(major[0]) >= OLDEST_NPM


def _install_tools(missing: tuple[Tool, ...]) -> None:
    if missing and _apt_install(_available(missing)):
        missing = missing_tools()
    if missing:
        reasons = ", ".join(f"{tool.packages[0]} ({tool.purpose})" for tool in missing)
        _say(f"tests that need these are skipped until an administrator installs them: {reasons}")


def _available(tools: Iterable[Tool]) -> list[str]:
    """Return for each tool the first of its packages that this Debian has, after one update of apt's lists."""
    if not _can_apt():
        return []
    _try(["apt-get", "update", "-qq"])
    return [next((p for p in tool.packages if _has_candidate(p)), tool.packages[0]) for tool in tools]


def _has_candidate(package: str) -> bool:
    answer = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, check=False)
    return "Candidate:" in answer.stdout and "Candidate: (none)" not in answer.stdout


def _apt_install(packages: list[str]) -> bool:
    if not packages or not _can_apt():
        return False
    _say(f"installing from Debian: {' '.join(packages)}")
    options = ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    return _try(["apt-get", "install", *options, *packages], DEBIAN_FRONTEND="noninteractive")


def _can_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(lock: Path) -> None:
    if _uv("pip", "install", "--quiet", "--require-hashes", "-r", str(lock)):
        return
    # uv knows nothing of pip's own settings: a mirror that is named only there is found by pip alone.
    _say("uv could not; trying pip")
    _pip("install", "--quiet", "--require-hashes", "-r", str(lock))


def _uv(*arguments: str) -> bool:
    # uv would otherwise fetch a Python of its own, and trust no certificate authority of the city's own network.
    command = [str(BIN / "uv"), *arguments, "--python", str(PYTHON)]
    return _try(command, UV_PYTHON_DOWNLOADS="never", UV_SYSTEM_CERTS="true")


def _pip(*arguments: str) -> None:
    if not _try([str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]):
        raise CannotSetUp("pip could not install the packages; its message stands above.")


def _try(command: list[str], **variables: str) -> bool:
    try:
        return subprocess.run(command, cwd=ROOT, env=os.environ | variables, check=False).returncode == 0
    except OSError:
        return False


def _locks(purpose: str) -> list[Path]:
    return [REQUIREMENTS / "build.txt", REQUIREMENTS / f"{purpose}.txt"]


def _is_fresh(stamp: Path, files: Iterable[Path]) -> bool:
    return stamp.is_file() and stamp.read_text() == _digest(files)


def _stamp(stamp: Path, files: Iterable[Path]) -> None:
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(_digest(files))


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _say(sentence: str) -> None:
    print(f"setup: {sentence}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except CannotSetUp as problem:
        sys.exit(f"setup: {problem}")
