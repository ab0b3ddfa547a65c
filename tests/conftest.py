"""What every test can ask for: a tool of the system, the shared data sets, a Hypothesis profile."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings

from system_tools import find_tool

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
NO_SHARED_DATA = "the folder ../shared/data is not here"
IN_CI = bool(os.environ.get("CI"))
TOOL_OF_MARK = {"spark": "java", "browser": "chromium"}
LONGEST = ("planted", "pilot", "spark", "exploration", "browser")
"""The groups that take minutes: they begin first, so that no process works on one alone when the others have ended."""

DJANGO_TESTS = ("tests/townhall/", "tests/browser/")
DJANGO = frozenset(
    {
        *("_dj_autoclear_mailbox", "_django_db_marker", "_django_isolate_apps", "_django_set_urlconf"),
        *(
            "_django_setup_unittest",
            "_template_string_if_invalid_marker",
            "_django_clear_site_cache",
            "_live_server_helper",
        ),
    }
)
"""What pytest-django does around each test, whether it knows Django or not."""

# Java compiles thoroughly, for hours of work to come: for the seconds of a test of Spark that is half of what they cost.
os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

# Thousands of tests are values that stay: looking among them for circles every 700 new values is a tenth of what tests cost.
gc.set_threshold(50_000, 20, 100)

# A shared machine may stop for seconds: a deadline would fail tests for the weather.
settings.register_profile("fast", deadline=None, max_examples=20, print_blob=True)
settings.register_profile("deep", deadline=None, max_examples=300, print_blob=True)
settings.load_profile("fast")


@pytest.fixture
def tool() -> Callable[[str], Path]:
    """Return the path of a tool of the system, for a test marked `needs` with its name."""

    def path_of(name: str) -> Path:
        path = find_tool(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return path_of


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Return the path of a file of the shared data sets; skips where their folder is missing, and only there."""

    def path_of(name: str) -> Path:
        if not SHARED_DATA.is_dir():
            pytest.skip(NO_SHARED_DATA)
        path = SHARED_DATA / name
        assert path.is_file(), f"{name} is not among the shared data sets"
        return path

    return path_of


def pytest_itemcollected(item: pytest.Item) -> None:
    """Spare tests of the library what pytest-django does around each test of a process: townhall's alone know Django."""
    names = getattr(item, "fixturenames", None)
    if names and not item.nodeid.startswith(DJANGO_TESTS) and DJANGO.intersection(names):
        names[:] = [name for name in names if name not in DJANGO]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its group, whose tests share a process: that of its mark, or its module, which shares what it sets up.

    Tests of Spark and of the browser get the tool and the slowness, too, that follow from their mark.
    """
    for item in items:
        for mark, name in TOOL_OF_MARK.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.needs(name))
                item.add_marker(pytest.mark.slow)
                item.add_marker(pytest.mark.xdist_group(mark))
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: nobody looks for circles among it any more."""
    gc.collect()
    gc.freeze()


def _place(item: pytest.Item) -> int:
    groups = {str(marker.args[0]) for marker in item.iter_markers("xdist_group")}
    return next((place for place, group in enumerate(LONGEST) if group in groups), len(LONGEST))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tools are missing; where CI is set the hooks below make that a failure."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            if find_tool(name) is None:
                pytest.skip(f"{name} is not installed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test be skipped unseen in CI."""
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let no module of tests be skipped unseen in CI."""
    return _refuse_skip((yield))


def _refuse_skip[Report: (pytest.TestReport, pytest.CollectReport)](report: Report) -> Report:
    expected_to_fail = hasattr(report, "wasxfail")
    if IN_CI and report.skipped and not expected_to_fail and NO_SHARED_DATA not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def assets() -> Path:
    """The folder that holds what pages are drawn and looked at with: ECharts, Inter, HDS and axe."""
    folder = ROOT / "node_modules"
    if not (folder / "axe-core").is_dir():
        pytest.skip("the packages of package.json are not installed")
    return folder
