"""The sample report, and its pages made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.jalostamo.utilising.sample_report import sample_report

from jalostamo.utilising.publication.ad_hoc import publish
from jalostamo.utilising.publication.report import Report


@pytest.fixture(scope="session")
def report() -> Report:
    """The sample report, opening in Swedish."""
    return sample_report("sv")


@pytest.fixture(scope="session")
def pages(report: Report, assets: Path) -> Mapping[str, str]:
    """The pages of the sample report by file name."""
    return {name: content.decode("utf-8") for name, content in publish(report, assets=assets).items()}
