"""The command `closed-room deficiencies`: what the owners of sources are asked, and what they answered.

Handbook 2.2 (deficiencies found in the data, and corrected at their source).
"""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.doors.home import Home, alone, made
from jalostamo.doors.judging import QUALITY_FILE
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.managing.quality.deficiencies import Deficiency, Ledger

FILE: Final = "deficiencies.jsonl"
_OUTCOMES: Final = ("corrected", "not_a_deficiency")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=[*_ACTIONS], help="what to do")
    parser.add_argument(
        "number", nargs="?", type=int, help="of the deficiency: for answer, close, reopen; for send, one alone"
    )
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where the deficiencies are kept")
    parser.add_argument("--by", metavar="STAFF-ID", help="who does it; needed for all but list")
    parser.add_argument("--report", metavar="DIR", type=Path, help="record: what `closed-room quality` wrote")
    parser.add_argument(
        "--finding", metavar="N", type=int, action="append", help="record: a finding of it, by number (all)"
    )
    parser.add_argument("--source", metavar="REGISTER", help="record in your own words, send, list: the source")
    for name in ("table", "field", "unit"):
        parser.add_argument(f"--{name}", default="", help=f"record in your own words: the {name}")
    for language in LANGUAGES:
        parser.add_argument(f"--{language}", metavar="SENTENCE", help=f"record: what is amiss, in '{language}'")
    parser.add_argument("--out", metavar="DIR", type=Path, help="send: the folder of the letters")
    parser.add_argument("--text", help="answer: what the owner says; reopen: why")
    parser.add_argument("--as", dest="outcome", choices=_OUTCOMES, help="close: with which outcome")
    parser.add_argument("--force", action="store_true", help="send: replace letters that exist")


def _run(asked: Namespace, _progress: Progress) -> Account:
    from jalostamo.managing.quality.deficiencies import Ledger

    if asked.action != "list" and not asked.by:
        raise Misused("Name who does it: --by STAFF-ID.", reason="by_missing")
    if asked.action == "list" and not asked.home.is_dir():
        raise Misused(f"'{asked.home}' is no home.", reason="home_missing")
    folder = made(Home(asked.home).folder / "deficiencies", mode=0o700)
    with alone(folder, doing="writing down deficiencies"):
        return _ACTIONS[asked.action](asked, Ledger(folder / FILE))


def _list(asked: Namespace, ledger: Ledger) -> Account:
    found = [each for each in ledger.deficiencies() if not asked.source or each.source == asked.source]
    sources = dict.fromkeys(each.source for each in found)
    open_ones = {source: sum(d.state.is_open for d in found if d.source == source) for source in sources}
    told = tuple(f"{d.number}. [{d.state.value.replace('_', ' ')}] {d.source}: {d.sentence.en}" for d in found)
    counted = tuple(f"Open of {source}: {n}." for source, n in open_ones.items())
    return Account(
        (*told, *(counted or ("No deficiency is recorded.",))), {"deficiencies": _facts(found), "open": open_ones}
    )


def _record(asked: Namespace, ledger: Ledger) -> Account:
    new = _of_report(asked) if asked.report else [_in_own_words(asked)]
    added = ledger.record(new, by=asked.by, on=_today())
    left = len(new) - len(added)
    again = (f"{left} are open already.",) if left else ()
    told = tuple(f"{each.number}. {each.sentence.en}" for each in added)
    return Account((*told, f"Recorded: {len(added)}.", *again), {"deficiencies": _facts(added)})


def _of_report(asked: Namespace) -> list[Deficiency]:
    from jalostamo.managing.quality.deficiencies import from_finding

    path = asked.report / QUALITY_FILE
    try:
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="report_unreadable") from None
    except (ValueError, KeyError, TypeError):
        raise Unfit(f"{path.name} is no report of `closed-room quality`.", reason="report_form") from None
    numbers = asked.finding or range(1, len(findings) + 1)
    if any(not 1 <= number <= len(findings) for number in numbers):
        raise Misused(f"The report has findings 1 to {len(findings)}.", reason="finding_unknown")
    return [from_finding(findings[number - 1]) for number in numbers]


def _in_own_words(asked: Namespace) -> Deficiency:
    from jalostamo.managing.quality.deficiencies import written_by_person
    from jalostamo.managing.quality.findings import SUGGESTIONS, FindingKind

    said = [getattr(asked, language) for language in LANGUAGES]
    first = next((sentence for sentence in said if sentence), None)
    if not asked.source or first is None:
        raise Misused("Name a --report, or a --source and a sentence in --fi, --sv or --en.", reason="record_what")
    # A sentence in one language is better in all three than a letter with a hole.
    sentence = Text(*(each or first for each in said))
    named = (asked.source, asked.table, asked.field, asked.unit)
    return written_by_person(named, FindingKind.OTHER, sentence, SUGGESTIONS[FindingKind.OTHER])


def _send(asked: Namespace, ledger: Ledger) -> Account:
    from jalostamo.managing.quality.letters import letter, letter_page
    from jalostamo.storage.places import check_place, write_whole

    found = _to_send(asked, ledger)
    if asked.out is None:
        raise Misused("Name where the letters go: --out DIR.", reason="out_missing")
    title = Text(*([found[0].source] * 3))
    letters = {f"letter.{language}.txt": letter(title, found, language) for language in LANGUAGES}
    letters["letter.html"] = letter_page(title, found)
    for name in letters:
        check_place(made(asked.out) / name, force=asked.force)
    for name, text in letters.items():
        write_whole(asked.out / name, text.encode("utf-8"), force=asked.force)
    # Written first: a deficiency that is told as sent has a letter, whatever happens in between.
    sent = [ledger.move(each.number, "send", by=asked.by, on=_today()) for each in found]
    return Account(
        (f"Letters on {len(sent)} deficiencies of {title.en} written to {asked.out}.",), {"sent": _facts(sent)}
    )


def _to_send(asked: Namespace, ledger: Ledger) -> list[Deficiency]:
    from jalostamo.concepts.errors import Refused

    if asked.number is not None:
        one = ledger.deficiency(asked.number)
        if one.objections_to("send"):
            raise Refused(one.objections_to("send"), reason="deficiency_send")
        return [one]
    found = [each for each in ledger.deficiencies() if each.source == asked.source and not each.objections_to("send")]
    if not found:
        raise Misused("Name a deficiency by number, or a --source that has some to send.", reason="nothing_to_send")
    return found


def _answer(asked: Namespace, ledger: Ledger) -> Account:
    from jalostamo.managing.quality.deficiencies import refuse_identifying

    refuse_identifying(asked.text or "")
    return _moved(asked, ledger, "answer", text=asked.text)


def _close(asked: Namespace, ledger: Ledger) -> Account:
    if asked.outcome is None:
        raise Misused(f"Say how it ends: --as {' or '.join(_OUTCOMES)}.", reason="outcome_missing")
    return _moved(asked, ledger, "close", outcome=asked.outcome)


def _reopen(asked: Namespace, ledger: Ledger) -> Account:
    from jalostamo.managing.quality.deficiencies import refuse_identifying

    refuse_identifying(asked.text or "")
    return _moved(asked, ledger, "reopen", text=asked.text)


def _moved(asked: Namespace, ledger: Ledger, move: str, *, text: str = "", outcome: str = "") -> Account:
    if asked.number is None:
        raise Misused("Name the deficiency by its number.", reason="number_missing")
    moved = ledger.move(asked.number, move, by=asked.by, on=_today(), text=text, outcome=outcome)
    state = moved.state.value.replace("_", " ")
    return Account((f"Deficiency {moved.number} is now '{state}'.",), {"deficiency": moved.as_mapping()})


def _facts(found: list[Deficiency] | tuple[Deficiency, ...]) -> list[Mapping[str, object]]:
    return [each.as_mapping() for each in found]


def _today() -> str:
    return datetime.datetime.now(tz=datetime.UTC).date().isoformat()


_ACTIONS: Final[Mapping[str, Callable[[Namespace, Ledger], Account]]] = {
    "list": _list,
    "record": _record,
    "send": _send,
    "answer": _answer,
    "close": _close,
    "reopen": _reopen,
}

COMMAND: Final = Command(
    name="closed-room deficiencies",
    purpose="Keep what is deficient in sources: record it, send it to the owner, take the answer, close it.",
    example="jalostamo closed-room deficiencies record --report report --by analyst --home town",
    add_arguments=_add_arguments,
    run=_run,
)
