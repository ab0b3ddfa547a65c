"""Townhall's pages over many cases: how long each takes to come, and a form to be carried out, on SQLite and PostgreSQL.

Each case is a chain of signed events, which every page of it replays; people come in turn, each signed in beforehand.
"""

from __future__ import annotations

import argparse
import datetime
import http.client
import itertools
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

from jalostamo.concepts.roles import Role
from jalostamo.doors.detached import LOOPBACK, free_port
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.playing.cast import CAST
from jalostamo.permits import papers
from jalostamo.permits.events import Event, append, open_case
from jalostamo.permits.initiative import Opening
from jalostamo.permits.moves import Command
from jalostamo.permits.people import Actor
from jalostamo.permits.performing import Occurrence, perform

EXAMPLE = Path(__file__).parents[1] / "examples" / "town"
PAGES = ("home", "list", "search", "case", "act", "form")
PROMISED = {"save a draft": 300, "hand in": 300} | dict.fromkeys(PAGES, 200)
STORY = {
    "name": "Kirjaston käyttö kielen mukaan",
    "need": "Kokoelmat hankitaan arvaamalla, millä kielillä luetaan.",
    "question": "Ketkä käyttävät kirjastoa, ja millä kielellä?",
    "hypothesis": "Vieraskieliset käyttävät kirjastoa yhtä usein kuin muut.",
    "register": "library",
    "table": "loans",
    "fields": ["lent_on", "branch"],
    "links": ["identity_code"],
    "subjects": "others",
    "level": "low",
    "data_class": "printed_cells",
    "until": "",
    "days": 1,
}
OF_ROLE = {member.role.value: member.staff_id for member in CAST}
SIGNED_IN = "django.contrib.auth.backends.ModelBackend"
TOKEN = "x" * 32

type Acts = Sequence[tuple[str, tuple[str, ...]]]


# --- Making cases -----------------------------------------------------------------------------------------------------


def seat(number: int) -> None:
    """As many people as that beside the cast, each with a role; every case is opened with all of them."""
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from townhall.config.laying import seat_the_cast
    from townhall.people.models import Person, StandingRole

    today = timezone.localdate()
    seat_the_cast(today)
    unusable, year = make_password(None), datetime.timedelta(days=365)
    Person.objects.bulk_create(
        Person(username=f"f-{place:03}", name=f"Fiktiivinen {place}", password=unusable, is_fictional=True)
        for place in range(number)
    )
    roles = itertools.cycle(("initiator", "initiator", "analyst"))
    held: Mapping[str, Any] = {
        "since": today - year,
        "until": today + year,
        "granted_by": "f-hr",
        "confirmed_by": "f-b",
    }
    StandingRole.objects.bulk_create(
        StandingRole(person=person, role=next(roles), **held)
        for person in Person.objects.filter(username__regex=r"^f-[0-9]+$").order_by("username")
    )


def acts(events: int, last: str) -> Acts:
    """The acts of a case that is returned again and again: so many, or up to two more."""
    turns: Acts = (
        ("submit_assessment", ("initiator", "analyst")),
        ("give_privacy_statement", ("privacy_person",)),
        ("return_for_completion", ("data_security_person",)),
    )
    begun: Acts = (("describe", ("initiator",)), ("open_assessment", ("initiator",)))
    turned = [turn for _ in range((events - 3) // 3) for turn in turns]
    ended: Acts = {"returned": (), "submitted": turns[:1], "withdrawn": (("withdraw", ("initiator",)),)}[last]
    return (*begun, *turned, *ended)


def paper_of(command: str, initiator: str, analyst: str) -> object:
    """The paper of an act: as the demonstration writes it."""
    from townhall.config.demonstration import Story, _Play

    play = _Play.__new__(_Play)
    play.story = Story(**STORY)  # type: ignore[arg-type]  # as a file of cases tells it
    if command == "describe":
        people = {"analyst": analyst, "commissioned_by": initiator, "need_owner": initiator}
        return papers.AnalysisDescription(replace(play._description(), **people))  # type: ignore[arg-type]
    if command == "submit_assessment":
        return papers.Assessment(play._estimate())
    if command == "give_privacy_statement":
        return papers.Statement("Tiedot riittävät kysymykseen, eikä niitä ole liikaa.")
    return papers.Note() if command == "open_assessment" else papers.Reasoned("Täsmentäkää, mitä kenttiä tarvitaan.")


def judged(acts: Acts, opening: Opening, named: Mapping[str, str], at: datetime.datetime) -> Sequence[Occurrence]:
    """The acts of a case judged by the rules, once: other cases are of the same acts, each signed for itself."""
    from townhall.permits.recording import signer

    def actor(role: str) -> Actor:
        return Actor(named.get(role, OF_ROLE[role]), Role(role))

    _, made = open_case("pattern", opening, by=actor("initiator"), at=at, signer=signer())
    found = []
    for command, roles in acts:
        paper = paper_of(command, named["initiator"], named["analyst"])
        found.append(perform(made, Command(command, tuple(map(actor, roles)), paper), at=at))
        made = append(made, found[-1], signer=signer())[1]
    return found


def make_cases(number: int, events: int) -> None:
    """So many cases: eight of ten have ended, one waits for the privacy person, one to be written further."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from townhall.people.models import StandingRole
    from townhall.permits.actions import opening_of

    at = timezone.now() - datetime.timedelta(days=9)
    opening = opening_of(settings.TOWN.municipality.opening, timezone.localdate())
    beside = StandingRole.objects.filter(person__username__regex=r"^f-[0-9]+$").order_by("person_id")
    by_role = {role: [each.person.staff_id for each in beside.filter(role=role)] for role in ("initiator", "analyst")}
    pairs = list(zip(by_role["initiator"], itertools.cycle(by_role["analyst"]), strict=False))
    patterns: dict[tuple[str, int], Sequence[Occurrence]] = {}
    for begin in range(0, number, 200):
        with transaction.atomic():
            for place in range(begin, min(begin + 200, number)):
                last = {0: "submitted", 1: "returned"}.get(place % 10, "withdrawn")
                key = (last, (place // 10) % len(pairs))
                named = dict(zip(("initiator", "analyst"), pairs[key[1]], strict=True))
                if key not in patterns:
                    patterns[key] = judged(acts(events, last), opening, named, at)
                make_case(f"2025-{place:05}", opening, named["initiator"], patterns[key], at)
        print(f"\r{min(begin + 200, number)} cases", end="", flush=True)
    print()


def make_case(name: str, opening: Opening, by: str, pattern: Sequence[Occurrence], at: datetime.datetime) -> None:
    """One case, its events signed and its projections written."""
    from jalostamo.permits.contents import canonical, content_of
    from townhall.permits.models import Case, CaseEvent
    from townhall.permits.recording import project, signer

    first, made = open_case(name, opening, by=Actor(by, Role.INITIATOR), at=at, signer=signer())
    told: list[Event] = [first]
    for occurrence in pattern:
        event, made = append(made, occurrence, signer=signer())
        told.append(event)
    case = Case(id=name, opened_at=at, last_at=at, since=at, length=0)
    case.save(force_insert=True)
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, number=e.number, digest=e.digest, content=canonical(content_of(e)).decode()) for e in told
    )
    project(case, made, at=at)


def sessions(staff_ids: Sequence[str]) -> dict[str, str]:
    """A session for each of them, as signing in makes it."""
    from django.contrib.sessions.backends.db import SessionStore

    from townhall.people.models import Person

    made = {}
    for person in Person.objects.filter(username__in=staff_ids):
        session = SessionStore()
        session.update(
            {
                "_auth_user_id": str(person.pk),
                "_auth_user_backend": SIGNED_IN,
                "_auth_user_hash": person.get_session_auth_hash(),
            }
        )
        session.create()
        made[person.staff_id] = str(session.session_key)
    return made


# --- Asking for pages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody who is signed in, and what she asks for and sends; each answer is timed until its last byte."""

    port: int
    session: str
    times: dict[str, list[float]]

    def ask(self, called: str, address: str, sent: Mapping[str, str] | None = None, *, saving: bool = False) -> str:
        """Ask for a page, or send a form, and return what came."""
        headers = {"Cookie": f"town_session={self.session}; csrftoken={TOKEN}", "Accept-Language": "fi"}
        body = None
        if sent is not None:
            body = urlencode({"csrfmiddlewaretoken": TOKEN} | sent)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"} | (
                {"HX-Request": "true"} if saving else {}
            )
        line = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        began = time.perf_counter()
        line.request("POST" if sent is not None else "GET", address, body, headers)
        answer = line.getresponse()
        said = answer.read().decode()
        self.times[called].append((time.perf_counter() - began) * 1000)
        line.close()
        assert answer.status == (302 if sent is not None and not saving else 200), (called, answer.status)
        return said


def asked_in_turn(
    port: int, keys: Mapping[str, str], mine: Mapping[str, str], waiting: Sequence[str]
) -> dict[str, list[float]]:
    """The pages that each asks for in turn, then the forms: drafts that are saved, and statements that are handed in."""
    times: dict[str, list[float]] = defaultdict(list)
    for staff_id, case in mine.items():
        browser = Browser(port, keys[staff_id], times)
        browser.ask("home", "/")
        browser.ask("list", "/cases/")
        browser.ask("search", "/cases/?which=all&q=kirjaston")
        page = browser.ask("case", f"/cases/{case}/")
        if f"/cases/{case}/act/withdraw/" in page:
            browser.ask("act", f"/cases/{case}/act/withdraw/")
        form = f"/cases/{case}/estimate/benefit/"
        sent = {**hidden_in(browser.ask("form", form)), "aims_and_use": f"Mitoitetaan palvelut, kirjoittaa {staff_id}."}
        browser.ask("save a draft", form, sent, saving=True)
    privacy = Browser(port, keys[OF_ROLE["privacy_person"]], times)
    privacy.ask("home of who has many", "/")
    for case in waiting:
        address = f"/cases/{case}/act/give_privacy_statement/"
        sent = {**hidden_in(privacy.ask("act", address)), "statement": "Tiedot riittävät kysymykseen."}
        privacy.ask("hand in", address, sent)
    return times


def hidden_in(page: str) -> dict[str, str]:
    """What a page sends along unseen."""
    main = page[page.index("<main") :]
    found = re.findall(r'<input type="hidden"[^>]*name="(\w+)" value="([^"]*)"', main)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


@contextmanager
def serving(log: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The pages, served as an installation serves them: one worker."""
    port = free_port(0)
    served = ("--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--workers", "1", "--no-ws")
    threads = ("--blocking-threads", "4", "--backpressure", "64", "--no-access-log")
    words = [sys.executable, "-P", "-m", "granian", *served, *threads, "townhall.config.wsgi:application"]
    with log.open("wb") as said:
        server = subprocess.Popen(words, stdout=said, stderr=said)
    try:
        while True:
            assert server.poll() is None, log.read_text()
            with_health = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
            try:
                with_health.request("GET", "/health/")
                with_health.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
            finally:
                with_health.close()
        yield port, server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def spent(server: subprocess.Popen[bytes]) -> float:
    """The CPU seconds of a server and its worker."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    ticks = 0
    for process in (str(server.pid), *children):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# --- Both together ----------------------------------------------------------------------------------------------------


def measure(folder: Path, asked: argparse.Namespace) -> None:
    """Lay a townhall out, fill it, and print what pages took."""
    home = Home(folder / "home")
    lay_out(home, Level.DEMO)
    town = (EXAMPLE / "town.toml").read_text(encoding="utf-8")
    (home.townhall / "town.toml").write_text(
        town.replace('database = ""', f'database = "{asked.database}"'), encoding="utf-8"
    )
    os.environ |= {
        "JALOSTAMO_HOME": str(home.folder),
        "JALOSTAMO_DEMONSTRATION": "1",
        "DJANGO_SETTINGS_MODULE": "townhall.config.settings",
    }
    django.setup()
    from django.db import connection

    from townhall.config.laying import lay_out as up_to_date
    from townhall.permits.models import WaitsFor

    up_to_date()
    seat(asked.people)
    began = time.process_time()
    make_cases(asked.cases, asked.events)
    print(f"made in {time.process_time() - began:.0f} CPU s")
    writing = WaitsFor.objects.filter(command="submit_assessment", staff_id__regex=r"^f-[0-9]+$")
    mine = dict(writing.order_by("case_id").values_list("staff_id", "case_id"))
    stated = WaitsFor.objects.filter(command="give_privacy_statement").order_by("case_id")
    waiting = list(stated.values_list("case_id", flat=True)[: len(mine)])
    keys = sessions([*mine, OF_ROLE["privacy_person"]])
    vendor = connection.vendor
    connection.close()
    with serving(home.townhall / "log") as (port, server):
        asked_in_turn(port, keys, dict(itertools.islice(mine.items(), 4)), ())
        before = spent(server)
        times = asked_in_turn(port, keys, mine, waiting)
        used = spent(server) - before
    number = sum(map(len, times.values()))
    print(
        f"{vendor}: {asked.cases} cases of {asked.events} events, {len(mine)} people in turn, {used / number * 1000:.0f} CPU ms each"
    )
    for called, taken in times.items():
        most = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
        promised = f" (asked: {PROMISED[called]})" if called in PROMISED else ""
        print(
            f"{called}: {len(taken)} times, median {statistics.median(taken):.0f} ms, 95 of 100 below {most:.0f} ms{promised}"
        )


def main() -> None:
    """Measure in a folder, of which nothing is left."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, help="on the disk to be measured; nothing is left there")
    arguments.add_argument("--cases", type=int, default=10_000)
    arguments.add_argument("--events", type=int, default=30)
    arguments.add_argument("--people", type=int, default=200)
    arguments.add_argument("--database", default="", help="of PostgreSQL, empty: postgresql://USER@HOST/NAME")
    asked = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(dir=asked.folder))
    try:
        measure(folder, asked)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
