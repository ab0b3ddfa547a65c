"""Delivering the museum's database year by year, and telling which groups were planted in its survey.

Handbook 2.2 (data descriptions) and 3.1.2 (grouping of customers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import NEVER, Days, Whole
from jalostamo.city.delivering import Delivered, delivered
from jalostamo.city.frames import coded, dates, numbered_by_year
from jalostamo.city.lateness import Recording, deficient, numbers_of_records, own_numbers
from jalostamo.city.museum import vocabularies
from jalostamo.city.museum.description import MUSEUM
from jalostamo.city.museum.groups import Memberships
from jalostamo.city.museum.survey import answering_again, answers_in
from jalostamo.city.museum.visitors import Visitors, events_in, groups_in, signups_in, visitors_of, visits_in
from jalostamo.city.museum.vocabularies import NEEDS
from jalostamo.city.people import MALE
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth

_OCCURRED: Final = {"visits": "visited", "event_signups": "signed_up", "survey": "answered"}
_NEWSLETTER: Final = 0.4
_NOT_TOLD: Final = 0.06
_FOREIGN_ENGLISH: Final = 0.35
_THEMES: Final = (
    "satamakaupungin arki", "myllyn vuosisata", "kadonneet kauppiaat", "lasten leikit ennen", "kaupunki valokuvissa",
    "käsityöläisten kortteli", "asemanseudun tarinat", "järven antimet", "sodan ja rauhan vuodet", "koulun penkillä",
    "juhlapöytä", "puutalojen elämää",
)  # fmt: skip


class _Ledger:
    """A ledger keeps what is recorded late for the next year, and counts what the records suffer from."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.recordings = {
            name: Recording(town.plan, f"museum {name}", occurred=occurred) for name, occurred in _OCCURRED.items()
        }
        self.bad_codes = 0
        self.joined = np.full(len(town.people), NEVER)
        self.memberships = Memberships()

    def suffers(self) -> Truth:
        """What the records suffer from, by table."""
        told: Truth = {name: recording.suffers() for name, recording in self.recordings.items()}
        return told | {"museum_customers": {"bad_codes": self.bad_codes}}


def deliver_museum(folder: Path, town: Town) -> Truth:
    """Write the museum's database, and tell what was planted in it."""
    visitors, ledger = visitors_of(town), _Ledger(town)
    group: Whole | None = None
    with delivered(folder, MUSEUM) as tables:
        for year in town.plan.years:
            again = None if group is None else answering_again(visitors, year)
            group = groups_in(town, year, group, again)
            _deliver_year(tables, visitors, ledger, group=group, year=year)
    return {
        "planted": ledger.memberships.planted(),
        "museum_groups": ledger.memberships.told(),
        "suffers": {"museum": ledger.suffers()},
        "registers": {"museum": {name: table.records for name, table in tables.items()}},
    }


def _deliver_year(
    tables: Mapping[str, Delivered], visitors: Visitors, ledger: _Ledger, *, group: Whole, year: int
) -> None:
    events = events_in(visitors.town.plan, year)
    signups = signups_in(visitors, group, events, year)
    drawn: dict[str, tuple[pl.DataFrame, Callable[[int, pl.DataFrame], pl.DataFrame]]] = {
        "visits": (visits_in(visitors, group, year), _visit_records),
        "event_signups": (signups.with_columns(pl.lit(year, pl.Int32).alias("year")), _signup_records),
        "survey": (answers_in(visitors, group, year), _answer_records),
    }
    tables["events"].append(_event_records(year, events))
    _deliver_newcomers(tables["museum_customers"], ledger, {name: frame for name, (frame, _) in drawn.items()})
    for name, (happened, records_of) in drawn.items():
        now = ledger.recordings[name].made_in(year, happened)
        records = records_of(year, now.with_columns(language=_languages(ledger.town, now["person"].to_numpy())))
        if name == "survey":
            once = ~now["doubled"]
            ledger.memberships.add(now.filter(once), records["respondent_number"].filter(once))
        tables[name].append(records)


def _deliver_newcomers(table: Delivered, ledger: _Ledger, drawn: dict[str, pl.DataFrame]) -> None:
    """Write whoever comes for the first time, by the day of joining."""
    town, joined = ledger.town, ledger.joined
    first = np.full(len(joined), NEVER)
    for name, frame in drawn.items():
        np.minimum.at(first, frame["person"].to_numpy(), frame[_OCCURRED[name]].to_numpy())
    person = np.flatnonzero((first < NEVER) & (joined == NEVER))
    person = person[np.argsort(first[person], kind="stable")]
    joined[person] = first[person]
    codes = town.recorded_by("museum").at(person, first[person])
    ledger.bad_codes += deficient(town, codes, person, first[person])
    table.append(_customer_records(town, person, first[person], codes))


def _customer_records(town: Town, person: Whole, since: Days, codes: pl.Series) -> pl.DataFrame:
    gender = np.where(town.traits("museum gender")[person] < _NOT_TOLD, 2, town.people.sex[person] != MALE)
    return pl.DataFrame(
        {
            "customer_number": own_numbers(person, prefix="M"),
            "identity_code": codes,
            "gender": coded(vocabularies.GENDER, gender.astype(np.int64)),
            "visitor_language": coded(vocabularies.LANGUAGE, _languages(town, person).to_numpy()),
            "joined": dates(since),
            "newsletter": pl.Series(town.traits("museum newsletter")[person] < _NEWSLETTER),
        }
    )


def _languages(town: Town, person: Whole) -> pl.Series:
    """The museum's own language of each: some speakers of other languages are served in English."""
    english = town.traits("museum language")[person] < _FOREIGN_ENGLISH
    language = np.where(town.people.foreign[person], np.where(english, 2, 3), town.people.language[person])
    return pl.Series(language.astype(np.int32))


def _customer_numbers(frame: pl.DataFrame) -> pl.Series:
    return own_numbers(frame["person"].to_numpy(), prefix="M")


def _event_records(year: int, events: pl.DataFrame) -> pl.DataFrame:
    labels = [code.label.fi for code in vocabularies.EVENT_TYPE.codes]
    themes = coded(_THEMES, events["theme"].to_numpy() % len(_THEMES))
    return pl.DataFrame(
        {
            "event_number": numbered_by_year(events["day"].to_numpy(), width=4),
            "event_type": coded(vocabularies.EVENT_TYPE, events["kind"].to_numpy()),
            "title": coded(labels, events["kind"].to_numpy()) + ": " + themes,
            "day": dates(events["day"].to_numpy()),
            "site": coded(vocabularies.SITE, events["site"].to_numpy()),
        }
    )


def _visit_records(year: int, visits: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "visit_number": numbers_of_records(visits, year, width=7),
            "customer_number": _customer_numbers(visits),
            "visited": dates(visits["visited"].to_numpy()),
            "site": coded(vocabularies.SITE, visits["site"].to_numpy()),
            "company": coded(vocabularies.COMPANY, visits["company"].to_numpy()),
            "ticket": coded(vocabularies.TICKET, visits["ticket"].to_numpy()),
            "recorded": dates(visits["recorded"].to_numpy()),
        }
    )


def _signup_records(year: int, signups: pl.DataFrame) -> pl.DataFrame:
    event = signups.select(pl.col("year").cast(pl.String) + "-" + (pl.col("event") + 1).cast(pl.String).str.zfill(4))
    return pl.DataFrame(
        {
            "signup_number": numbers_of_records(signups, year, width=7),
            "event_number": event.to_series(),
            "customer_number": _customer_numbers(signups),
            "signed_up": dates(signups["signed_up"].to_numpy()),
            "attended": signups["attended"] == 1,
            "recorded": dates(signups["recorded"].to_numpy()),
        }
    )


def _answer_records(year: int, answers: pl.DataFrame) -> pl.DataFrame:
    lists = (vocabularies.FREQUENCY, vocabularies.COMPANY, vocabularies.AGE_CLASS)
    return pl.DataFrame(
        {
            "respondent_number": numbers_of_records(answers, year, width=5),
            "customer_number": _customer_numbers(answers),
            "answered": dates(answers["answered"].to_numpy()),
            **{f"need_{name}": answers[f"need_{name}"] for name in NEEDS},
            **{codes.name: coded(codes, answers[codes.name].to_numpy()) for codes in lists},
            "visitor_language": coded(vocabularies.LANGUAGE, answers["language"].to_numpy()),
            "recorded": dates(answers["recorded"].to_numpy()),
        }
    )
