"""Phases 1 to 3 in a real browser: the cast plays cases from need to decision through pages alone, each signed in apart."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.axe import found_by_axe
from tests.townhall.described_registers import LIBRARY

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
JALOSTAMO = (sys.executable, "-P", "-m", "jalostamo.doors.jalostamo")
DOCUMENT = {"name": "document.txt", "mimeType": "text/plain", "buffer": b"Decided so."}
LOCALES = {"fi": "fi-FI", "sv": "sv-SE", "en": "en-GB"}

type Answers = Mapping[str, str | tuple[str, ...]]

DESCRIPTION: Mapping[str, Answers] = {
    "need": {
        **{"name": "Kirjaston käyttö", "summary": "Ketkä lukevat?", "need": "Kokoelmat hankitaan arvaamalla."},
        **{"need_owner": "f-ini", "business_aim": "Jokainen lukee.", "aims": "Tiedämme, ketkä lukevat."},
        **{"origin": "unit", "operating_model": "B"},
    },
    "questions": {"approach": "hypothesis_driven", "q1": "Ketkä lukevat?", "h1": "Muuttava lukee vähemmän."},
    "material": {
        **{"customers": "Lukijat", "customer_kinds": ("person",), "unit_of_analysis": "person"},
        **{"time_frame_from": "2014-01-01", "time_frame_until": "2015-12-31", "content": "Lainat"},
    },
    "sources": {
        **{"s0-fields": ("loaned", "branch"), "s0-linking": ("card_number",), "s0-personal": "yes"},
        **{"s0-controller": "city", "s0-internal": "yes", "s0-unit": "branch", "s0-purpose": "Lainojen laskemiseen."},
    },
    "variables": {"v-h1": ("library.loans.loaned", "library.loans.branch")},
    "results": {"kind": "one_off"},
    "use": {
        **{"commissioning_unit": "branch", "commissioned_by": "f-ini", "analyst": "f-ana", "purpose": "internal"},
        **{"data_retrieved_by": ("f-sys",), "users": "Kirjastot", "means": ("static_report",), "audiences": ("city",)},
        **{"privacy_protection": "Soluina.", "data_security": "Salattuna.", "processing_tools": "Jalostamo."},
    },
}
DECISION: Answers = {
    **{"reasons": "Hyöty on suurempi kuin riski.", "conditions": "Tulokset toimialan johdolle ensin."},
    **{"diary_number": "1/2026", "ground_of_competence": "Hallintosääntö", "retention_statute": "Suunnitelma"},
    "appeal_instructions": "Oikaisuvaatimus 14 päivän kuluessa.",
}
IMPACT: Answers = {
    **{"made_on": "2026-01-01", "measures": "Avain tuhotaan.", "residual_risk": "low", "privacy_advice": "Sopii."},
    **{"advice_given_by": "f-prv", "consultation_advised": "no"},
}


@dataclass(frozen=True, slots=True)
class Level:
    """A case of one level of risk: where its data goes, how its harm is placed, and who decides."""

    subjects: str
    data_class: str
    cell: str
    personal: str
    acts: tuple[tuple[str, str, Answers], ...]


GROUP = ("f-sec", "f-tec")
LEVELS = {
    "low": Level(
        "others",
        "printed_cells",
        "very_low:very_low",
        "no",
        tuple((who, "confirm_low", {"statement": "Sopii.", **DECISION}) for who in GROUP),
    ),
    "moderate": Level(
        "others",
        "printed_cells",
        "moderate:moderate",
        "no",
        (
            *((who, "escalate_to_management", {"statement": "Johdon päätettäväksi."}) for who in GROUP),
            *((who, "decide_to_continue", DECISION) for who in ("f-brn", "f-rsk")),
        ),
    ),
    "high": Level(
        "children",
        "row_level_key_destroyed",
        "high:high",
        "yes",
        (
            *((who, "escalate_to_city", {"statement": "Kaupungin johdon päätettäväksi."}) for who in GROUP),
            ("f-ini", "attach_impact_assessment", IMPACT),
            ("f-prv", "advise_on_consultation", {"consult": "no", "advice": "Ei tarvita."}),
            ("f-cty", "decide_to_continue", DECISION),
        ),
    ),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Townhall's pages, started and stopped as anybody starts and stops them; with one described register, and no case."""
    home = tmp_path_factory.mktemp("town") / "home"
    subprocess.run([*JALOSTAMO, "init", str(home)], check=True, capture_output=True)
    town = (ROOT / "examples" / "town" / "town.toml").read_text(encoding="utf-8")
    (home / "townhall" / "town.toml").write_text(town, encoding="utf-8")
    register = home / "townhall" / "registers" / "library" / "register.toml"
    register.parent.mkdir(parents=True)
    register.write_text(LIBRARY, encoding="utf-8")
    started = [*JALOSTAMO, "town", "start", "--home", str(home), "--demo", "--port", "0"]
    said = subprocess.run(started, check=True, capture_output=True, text=True).stdout
    try:
        yield str(re.findall(r"http://\S+", said)[0]).rstrip("/")
    finally:
        subprocess.run([*JALOSTAMO, "town", "stop", "--home", str(home)], check=True, capture_output=True)


@dataclass(slots=True)
class Stage:
    """Where the cast plays: one browser context for each member, kept open; what went wrong on any page is noted."""

    chromium: Browser
    address: str
    assets: Path
    language: str
    looked_at: set[str]
    pages: dict[str, Page] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def page_of(self, staff_id: str) -> Page:
        """The page of a member, who is signed in."""
        if staff_id not in self.pages:
            page = self._context().new_page()
            page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self.wrong.append(str(error)))
            page.goto(f"{self.address}/sign-in/")
            page.click(f'button[name="person"][value="{staff_id}"]')
            self.pages[staff_id] = page
        return self.pages[staff_id]

    def look(self, page: Page, called: str) -> None:
        """Have axe look at a page, once of each kind: from outside, as its own policy would rightly refuse it."""
        if called in self.looked_at:
            return
        self.looked_at.add(called)
        context = self._context(bypass_csp=True)
        context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        beside = context.new_page()
        beside.goto(page.url)
        self.wrong += [f"{called}: {found}" for found in found_by_axe(beside, self.assets)]
        context.close()

    def close(self) -> None:
        """Close every context."""
        for page in self.pages.values():
            page.context.close()

    def _context(self, *, bypass_csp: bool = False) -> BrowserContext:
        return self.chromium.new_context(locale=LOCALES[self.language], bypass_csp=bypass_csp)


def fill(page: Page, answers: Answers) -> None:
    """Answer what a page asks, as a person does."""
    for name, answer in answers.items():
        for value in (answer,) if isinstance(answer, str) else answer:
            control = page.locator(f'main [name="{name}"]:not([type="hidden"])')
            kind = control.first.evaluate("one => one.type || one.tagName")
            if kind in ("radio", "checkbox"):
                page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif kind == "select-one":
                control.first.select_option(value)
            else:
                control.first.fill(value)


def go_on(page: Page) -> None:
    """Press the button that leads on."""
    with page.expect_navigation():
        page.locator('.form__ways button[name="next"]').click()


def describe(stage: Stage, page: Page, case: str, level: Level) -> None:
    more: Mapping[str, Answers] = {
        "sources": {"s0-subjects": (level.subjects,)},
        "results": {"lane": "cells" if level.data_class == "printed_cells" else "rows", "data_class": level.data_class},
    }
    page.goto(f"{case}description/")
    for step, answers in DESCRIPTION.items():
        assert page.url.endswith(f"/{step}/"), page.locator("main").inner_text()[:900]
        stage.look(page, f"describe {step}")
        if step == "sources":
            page.select_option("#f-new", "library.loans")
            with page.expect_navigation():
                page.click('button[name="add"][value="source"]')
        fill(page, {**answers, **more.get(step, {})})
        go_on(page)
    stage.look(page, "describe review")
    with page.expect_navigation():
        page.click('button[name="hand_in"]')


def estimate(stage: Stage, page: Page, case: str, level: Level) -> None:
    harm, probability = level.cell.split(":")
    answers: Mapping[str, Answers] = {
        "benefit": {
            **{"likely_users": ("units_of_the_city",), "aims_and_use": "Kokoelmat mitoitetaan."},
            **{"significance": "high", "probability_of_use": "moderate"},
        },
        "persons": {
            **{"raw_has_personal": "yes", "analysed_has_personal": level.personal, "results_have_personal": "no"},
            **{"data_subjects": (level.subjects,), "personal_harms": ("psychological",)},
        },
        "processing": {"processing.harm": harm, "processing.probability": probability},
        "publishing": {"publication.harm": "low", "publication.probability": "very_low"},
        "costs": {
            **{"costs.it": "2", "costs.anonymisation": "1", "costs.analysis_and_reporting": "10"},
            **{"costs.quality_control": "1", "costs.outside_euros": "1200", "costs.updating_per_year": "2"},
        },
        "overall": {"initiator_view": "Vaivan arvoinen."},
    }
    page.goto(f"{case}estimate/benefit/")
    for part in ("benefit", "persons", "damage", "processing", "publishing", "costs", "overall"):
        stage.look(page, f"estimate {part}")
        for _ in range(2):
            # An answer may bring more questions, and the page then comes again.
            if page.url.partition("#")[0].endswith(f"/{part}/"):
                fill(page, answers.get(part, {}))
                go_on(page)
    stage.look(page, "estimate review")
    send(page, "#hand-in button")
    joining = stage.page_of("f-ana")
    joining.goto(f"{case}join/submit_assessment/")
    stage.look(joining, "join")
    send(joining, "form.consequence button")


def send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)
    assert page.locator(".said__one--success").count() == 1, page.locator("main").inner_text()[:600]


def act(stage: Stage, case: str, staff_id: str, command: str, answers: Answers) -> None:
    page = stage.page_of(staff_id)
    page.goto(f"{case}act/{command}/")
    assert f"/act/{command}/" in page.url, f"{staff_id} may not {command}"
    stage.look(page, f"act {command}")
    if page.locator('main form input[type="file"]').count():
        page.set_input_files('main form input[type="file"]', DOCUMENT)  # type: ignore[arg-type]
    asked = {name: answer for name, answer in answers.items() if page.locator(f'main [name="{name}"]').count()}
    fill(page, asked)
    send(page, "main form .form__ways button")


def open_case(stage: Stage) -> str:
    """A case that the initiator opens, and its address."""
    page = stage.page_of("f-ini")
    page.goto(f"{stage.address}/")
    stage.look(page, "home")
    with page.expect_navigation():
        page.click('form.begin button[value="initiator"]')
    stage.look(page, "case")
    return page.url


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """The kinds of pages that axe has looked at."""
    return set()


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("low", "fi"),
        # Each takes more than a minute, and goes the same way up to the group's statement.
        pytest.param("moderate", "sv", marks=pytest.mark.deep),
        pytest.param("high", "en", marks=pytest.mark.deep),
    ],
)
def test_the_cast_plays_a_case_from_need_to_decision(
    chromium: Browser, address: str, assets: Path, looked_at: set[str], name: str, language: str
) -> None:
    level = LEVELS[name]
    stage = Stage(chromium, address, assets, language, looked_at)
    case = open_case(stage)
    initiator = stage.page_of("f-ini")
    describe(stage, initiator, case, level)
    act(stage, case, "f-ini", "open_assessment", {})
    estimate(stage, initiator, case, level)
    act(stage, case, "f-prv", "give_privacy_statement", {"statement": "Tiedot riittävät."})
    for staff_id, command, answers in level.acts:
        outsider = stage.page_of("f-ser")
        outsider.goto(f"{case}act/{command}/")
        assert outsider.locator(".said__one--success").count() == 0 and "/act/" in outsider.url
        act(stage, case, staff_id, command, answers)
    initiator.goto(case)
    assert initiator.locator('.phase[aria-current="step"]').inner_text().startswith("3")
    state = {"fi": "lupa", "sv": "tillstånd", "en": "permit"}[language]
    assert state in initiator.locator(".state").inner_text().casefold()
    for page in ("cases/", "ideas/", "overview/", "registers/", "registers/library/", "analyses/"):
        initiator.goto(f"{address}/{page}")
        stage.look(initiator, page)
    stage.close()
    # A page that she may not open answers 403, which a browser tells as an error of its own.
    assert [each for each in stage.wrong if "403" not in each] == []


def test_back_double_click_and_a_stale_tab_do_nothing_twice_and_lose_nothing(
    chromium: Browser, address: str, assets: Path
) -> None:
    stage = Stage(chromium, address, assets, "en", set())
    case = open_case(stage)
    page = stage.page_of("f-ini")
    stale = page.context.new_page()
    stale.goto(f"{case}act/withdraw/")
    page.goto(f"{case}description/need/")
    fill(page, DESCRIPTION["need"])
    go_on(page)
    page.go_back()
    assert page.locator('[name="name"]').input_value() == "Kirjaston käyttö"
    page.goto(f"{case}act/withdraw/")
    fill(page, {"reason": "Nothing came of it."})
    with page.expect_navigation():
        page.dblclick("main form .form__ways button")
    page.goto(case)
    assert page.locator(".record__line").count() == 2
    fill(stale, {"reason": "Once more."})
    with stale.expect_navigation():
        stale.click("main form .form__ways button")
    assert stale.url == case and stale.locator(".record__line").count() == 2
    stage.close()
