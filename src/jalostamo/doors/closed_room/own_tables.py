"""The commands of tables of one's own: made coarser, and read anew.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Final

from jalostamo.doors import anonymising
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account


def _run_anonymise(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.preparing.anonymity.anonymising import anonymise_file

    return anonymising.anonymise(asked, progress, anonymise_file)


def _run_check(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.preparing.anonymity.checking import check_file

    return anonymising.check_anonymity(asked, progress, check_file)


ANONYMISE: Final = anonymising.command(_run_anonymise)
CHECK: Final = anonymising.check_command(_run_check)
