"""The commands of tables of one's own: made coarser, and read anew.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jalostamo.doors import anonymising, anonymity_page, attacking
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account


def _run_anonymise(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.preparing.anonymity.anonymising import anonymise_file

    return anonymising.anonymise(asked, progress, anonymise_file, drawing=_drawn)


def _run_page(asked: Namespace, progress: Progress) -> Account:
    return anonymity_page.make_pages(asked, progress, _drawn)


def _drawn(report: Path, *, check: Path | None, evidence: Path | None, assets: Path) -> Mapping[str, bytes]:
    from jalostamo.managing.sensitive.anonymity_page.given import read_given
    from jalostamo.managing.sensitive.anonymity_page.paging import anonymity_pages

    return anonymity_pages(read_given(report, check=check, evidence=evidence), assets=assets)


def _run_check(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.preparing.anonymity.checking import check_file

    return anonymising.check_anonymity(asked, progress, check_file)


def _run_attack(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.preparing.anonymity.attacking import attack_file

    return attacking.attack(asked, progress, attack_file)


ANONYMISE: Final = anonymising.command(_run_anonymise)
CHECK: Final = anonymising.check_command(_run_check)
PAGE: Final = anonymity_page.command(_run_page)
ATTACK: Final = attacking.command(_run_attack)
