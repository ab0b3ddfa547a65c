"""The command `before-after`: what precedes a service and what follows it in one log of one's own, exact, not for publication.

Handbook 2.2 (the pilot's questions) and 3.1.3.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.own_logs import add_log_arguments, log_asked
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    from jalostamo.producing.use_results import BeforeAfter


def _add_arguments(parser: ArgumentParser) -> None:
    group = "also compare within each group, by its value at a customer's first event"
    add_log_arguments(parser, group=group, out="FILE.json")
    parser.add_argument(
        "--index", metavar="SERVICE", required=True, help="the service that the others are compared with"
    )


def _run(asked: Namespace, progress: Progress) -> Account:
    log, columns = log_asked(asked)
    from jalostamo.managing.logs import Days, read_log
    from jalostamo.producing.before_after import before_after_in

    days = Days.AS_WRITTEN if asked.timezone is None else Days.IN_ZONE
    with own_engine(log.text.timezone) as engine:
        progress.step("reading the log")
        events = read_log(engine, log, columns, days=days)
        progress.step("comparing dates")
        found = before_after_in(engine, events, asked.index, grouped=asked.group is not None)
    progress.step("writing")
    content = json.dumps(found.as_mapping(), ensure_ascii=False, allow_nan=False, indent=1)
    write_whole(asked.out, f"{content}\n".encode(), force=asked.force)
    return _account(found, asked)


def _account(found: BeforeAfter, asked: Namespace) -> Account:
    facts = {
        "customers": found.customers,
        "index_customers": found.index_customers,
        "services": len(found.services),
        "groups": len(found.groups),
    }
    more, fewer = _apart_from_one(found)
    sentences = (
        f"Customers: {found.customers:,}. With the index service: {found.index_customers:,}. Other services: {len(found.services):,}.",
        f"Used more by customers of the index service, whatever their number of contacts: {more:,} services; less: {fewer:,}.",
        "A service that precedes another need not lead to it.",
        f"Written to {asked.out.name}: exact figures, not meant for publication.",
    )
    return Account(sentences, facts)


def _apart_from_one(found: BeforeAfter) -> tuple[int, int]:
    """The services whose adjusted interval lies above 1, and below it."""
    risks = [each.adjusted for each in found.services]
    more = sum(risk.low is not None and risk.low > 1 for risk in risks)
    return more, sum(risk.high is not None and risk.high < 1 for risk in risks)


COMMAND: Final = Command(
    name="before-after",
    purpose="See which services precede a service and which follow it, in one log of your own.",
    example=(
        "jalostamo before-after log.csv --case client --activity service --time start --index assessment \\\n"
        "      --timezone Europe/Helsinki --out before-after.json"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
