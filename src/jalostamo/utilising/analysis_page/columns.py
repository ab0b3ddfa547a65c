"""What the columns of methods' tables are called in three languages, and as what their values are written.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.utilising.publication.terms import AT_RISK, CUSTOMERS, DIFFERS, FROM, GROUP, MEDIAN, SERVICE, TIME, TO


class Writing(StrEnum):
    """A writing is as what a value is written."""

    NAME = "name"
    WORD = "word"
    PATH = "path"
    SUBJECT = "subject"
    COUNT = "count"
    SHARE = "share"
    POINTS = "points"
    NUMBER = "number"
    TIME = "time"
    P = "p"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Column:
    """A column is what stands above values, and as what they are written."""

    head: Text
    writing: Writing


_LOW: Final = Text("Alaraja", "Undre gräns", "Lower end")
_HIGH: Final = Text("Yläraja", "Övre gräns", "Upper end")
_SHARE: Final = Text("Osuus", "Andel", "Share")
_RATIO: Final = Text("Suhde", "Kvot", "Ratio")
_MEAN: Final = Text("Keskiarvo", "Medelvärde", "Mean")
_STATE: Final = Text("Tila", "Tillstånd", "State")
_SILHOUETTE: Final = Text("Siluetti", "Silhuett", "Silhouette")

_BY_WRITING: Final[Mapping[Writing, Mapping[str, Text]]] = {
    Writing.NAME: {
        "group": GROUP,
        "reference": Text("Vertailu", "Jämförelse", "Reference"),
        "from": FROM,
        "to": TO,
        "service": SERVICE,
        "state": _STATE,
        "modal": Text("Yleisin tila", "Vanligaste tillstånd", "Commonest state"),
        "mostly": Text("Enimmäkseen", "Mest", "Mostly"),
        "cluster": Text("Laji", "Slag", "Kind of course"),
    },
    Writing.WORD: {
        "kind": Text("Millainen", "Slag", "Kind"),
        "factor": Text("Tekijä", "Faktor", "Factor"),
        "whose": Text("Kenen", "Vems", "Whose"),
        "test": Text("Testi", "Test", "Test"),
        "covariate": Text("Tekijä", "Faktor", "Covariate"),
        "period": Text("Jakso", "Period", "Period"),
        "months_before": Text("Kuukautta ennen", "Månader före", "Months before"),
    },
    Writing.PATH: {"path": Text("Polku", "Väg", "Path")},
    Writing.SUBJECT: {"subject": Text("Mitä verrataan", "Vad som jämförs", "What is compared")},
    Writing.COUNT: {
        "events": Text("Tapahtumia", "Händelser", "Events"),
        "cases": CUSTOMERS,
        "customers": CUSTOMERS,
        "base": Text("Kaikkiaan", "Sammanlagt", "In all"),
        "starts": Text("Alkuja", "Starter", "Starts"),
        "ends": Text("Loppuja", "Slut", "Ends"),
        "rank": Text("Sija", "Plats", "Rank"),
        "variants": Text("Polkuja", "Vägar", "Paths"),
        "step": Text("Askel", "Steg", "Step"),
        "cases_again": Text("Uudelleen", "På nytt", "Again"),
        "most": Text("Enintään", "Högst", "At most"),
        "loops": Text("Heti uudelleen", "Genast på nytt", "Straight again"),
        "loop_cases": Text("Asiakkaita, heti", "Klienter, genast", "Customers, straight"),
        "returns": Text("Paluita", "Återkomster", "Returns"),
        "return_cases": Text("Asiakkaita, palasi", "Klienter, återkom", "Customers, returned"),
        "reached": Text("Pääsi perille", "Kom fram", "Reached"),
        "kept": Text("Noudatti", "Följde", "Kept"),
        "before": Text("Ennen", "Före", "Before"),
        "same_time": Text("Samaan aikaan", "Samtidigt", "At the same time"),
        "after": Text("Jälkeen", "Efter", "After"),
        "any": Text("Käytti", "Använde", "Used"),
        "both": Text("Käytti molempia", "Använde båda", "Used both"),
        "exposed_months": Text("Kuukausia, joissa tekijä", "Månader med faktorn", "Months with it"),
        "position": Text("Kohta", "Ställe", "Place"),
        "months": Text("Kuukausia", "Månader", "Months"),
        "ever": Text("Joskus", "Någon gång", "Ever"),
        "age": Text("Ikä", "Ålder", "Age"),
        "clusters": Text("Lajeja", "Slag", "Kinds"),
        "smallest": Text("Pienin", "Minsta", "Smallest"),
        "competing": Text("Muu päätti", "Annat avslutade", "Ended otherwise"),
        "left": Text("Seuranta päättyi", "Uppföljningen slutade", "Followed no further"),
        "at_risk": AT_RISK,
        "df": Text("Vapausasteet", "Frihetsgrader", "Degrees of freedom"),
    },
    Writing.SHARE: {
        "share": _SHARE,
        "low": _LOW,
        "high": _HIGH,
        "standardised": Text("Ikävakioitu", "Åldersstandardiserad", "Ages standardised"),
        "share_again": Text("Osuus uudelleen", "Andel på nytt", "Share again"),
        "fitness": Text("Tapahtumista suunnitelman mukaan", "Händelser enligt planen", "Events that keep it"),
        "share_given_index": Text(
            "Osuus palvelun käyttäjistä", "Andel av tjänstens klienter", "Share with the service"
        ),
        "share_overall": Text("Osuus kaikista", "Andel av alla", "Share of all"),
        "waiting": Text("Odottaa yhä", "Väntar ännu", "Still waiting"),
        "share_reached": Text("Osuus perillä", "Andel framme", "Share that reached"),
        "reached_low": _LOW,
        "reached_high": _HIGH,
        "share_competing": Text("Osuus, jonka muu päätti", "Andel som annat avslutade", "Share that ended otherwise"),
        "modal_share": Text("Yleisimmän osuus", "Den vanligastes andel", "Share of it"),
    },
    Writing.POINTS: {"difference": Text("Erotus, %-yks.", "Skillnad, %-enh.", "Difference, pp")},
    Writing.NUMBER: {
        "effect_size": Text("Vaikutuskoko h", "Effektstorlek h", "Effect size h"),
        "statistic": Text("Testisuure", "Teststorhet", "Statistic"),
        "lift": Text("Nosto", "Lyft", "Lift"),
        "ratio": _RATIO,
        "crude_ratio": Text("Vakioimaton suhde", "Ojusterad kvot", "Crude ratio"),
        "timing_ratio": Text("Suhde, ajoitus", "Kvot, tidpunkt", "Ratio of timing"),
        "expected": Text("Odotettu", "Förväntat", "Expected"),
        "e_value": Text("E-arvo", "E-värde", "E-value"),
        "entropy": Text("Vaihtelu", "Variation", "Entropy"),
        "mean": _MEAN,
        "mean_low": _LOW,
        "mean_high": _HIGH,
        "changes": Text("Vaihdoksia", "Byten", "Changes"),
        "silhouette": _SILHOUETTE,
        "years": Text("Vuosia", "År", "Years"),
        "hazard_ratio": Text("Riskisuhde", "Riskkvot", "Hazard ratio"),
        "per_1000": Text("1\u00a0000 vuotta kohden", "Per 1\u00a0000 år", "For 1,000 years"),
        "rate": Text("Vuotta kohden", "Per år", "For a year"),
    },
    Writing.TIME: {
        "median": MEDIAN,
        "median_loop": Text("Mediaani, heti", "Median, genast", "Median, straight"),
        "median_return": Text("Mediaani, palasi", "Median, återkom", "Median, returned"),
        "time": TIME,
        "least": Text("Lyhin", "Kortast", "Shortest"),
        "tenth": Text("10\u00a0%", "10\u00a0%", "10\u00a0%"),
        "quarter": Text("25\u00a0%", "25\u00a0%", "25\u00a0%"),
        "three_quarters": Text("75\u00a0%", "75\u00a0%", "75\u00a0%"),
        "nine_tenths": Text("90\u00a0%", "90\u00a0%", "90\u00a0%"),
        "waiting_median": Text("Puolet odotti", "Hälften väntade", "Half waited"),
        "waiting_low": _LOW,
        "waiting_high": _HIGH,
        "below": Text("Alle", "Under", "Below"),
        "median_before": Text("Mediaani ennen", "Median före", "Median before"),
        "median_after": Text("Mediaani jälkeen", "Median efter", "Median after"),
        "median_lag": Text("Mediaani alkuun", "Median till början", "Median to the start"),
    },
    Writing.P: {
        "p": Text("p", "p", "p"),
        "adjusted_p": Text("p, korjattu", "p, korrigerat", "p, adjusted"),
        "timing_p": Text("p, ajoitus", "p, tidpunkt", "p of timing"),
    },
    Writing.YES: {"differs": DIFFERS, "precedes": Text("edeltää", "föregår", "precedes")},
}
_COLUMNS: Final = {
    name: Column(head, writing) for writing, columns in _BY_WRITING.items() for name, head in columns.items()
}
_RATES: Final = {end: Column(_COLUMNS[end].head, Writing.NUMBER) for end in ("low", "high")}
_TIMES: Final = {end: Column(_COLUMNS[end].head, Writing.TIME) for end in ("low", "high")}
_ELSEWHERE: Final[Mapping[tuple[str, str], Mapping[str, Column]]] = {
    ("step_map", "steps"): {"mean": Column(_MEAN, Writing.TIME)},
    ("between", "times"): {"most": Column(Text("Pisin", "Längst", "Longest"), Writing.TIME)},
    ("between", "classes"): {"from": Column(Text("Alkaen", "Från", "From"), Writing.TIME)},
    ("between", "medians"): {
        **_TIMES,
        "difference": Column(
            Text("Mediaanien erotus", "Skillnad mellan medianer", "Difference of medians"), Writing.TIME
        ),
    },
    ("time_to_event", "ends"): _TIMES,
    ("time_to_event", "intervals"): {"from": Column(Text("Alkaen", "Från", "From"), Writing.TIME)},
    ("time_to_event", "hazards"): _RATES,
    ("use", "use"): _RATES,
    ("use", "volumes"): _RATES,
    ("before_after", "services"): _RATES,
    ("factor_screen", "factors"): _RATES,
    ("factor_screen", "adjusted_for"): _RATES,
    ("states", "transitions"): {"rate": Column(_SHARE, Writing.SHARE)},
    ("lifespan", "use"): _RATES,
}
_OF_DIFFERENCES: Final = {end: Column(_COLUMNS[end].head, Writing.POINTS) for end in ("low", "high")}

TABLES: Final[Mapping[str, Text]] = {
    "steps": Text("Askeleet", "Steg", "Steps"),
    "services": Text("Palvelut", "Tjänster", "Services"),
    "shares": Text("Osuudet ryhmittäin", "Andelar efter grupp", "Shares by group"),
    "differences": Text("Ryhmien erotukset", "Skillnader mellan grupper", "Differences between groups"),
    "variants": Text("Polut", "Vägar", "Paths"),
    "links": Text("Askeleet palvelun ympärillä", "Steg kring tjänsten", "Steps around the service"),
    "nodes": Text("Palvelut askelittain", "Tjänster efter steg", "Services by step"),
    "times": Text("Ajat", "Tider", "Times"),
    "classes": Text("Ajat luokittain", "Tider i klasser", "Times in classes"),
    "medians": Text("Mediaanien erotus", "Skillnad mellan medianer", "Difference of medians"),
    "tests": Text("Testit", "Test", "Tests"),
    "keeping": Text("Suunnitelman noudattaminen", "Hur planen följs", "Keeping the design"),
    "leaving": Text("Missä suunnitelmasta poiketaan", "Var planen frångås", "Where the design is left"),
    "ends": Text("Miten odotus päättyi", "Hur väntan slutade", "How waiting ended"),
    "curve": Text("Osuudet ajan mukaan", "Andelar efter tid", "Shares by time"),
    "intervals": Text("Odotus jaksoittain", "Väntan i intervall", "Waiting in intervals"),
    "hazards": Text("Mihin nopeus liittyy", "Vad snabbheten hör ihop med", "What it comes sooner with"),
    "periods": Text("Kaikki palvelut jaksoittain", "Alla tjänster efter period", "All services by period"),
    "volumes": Text("Käytön suhteet", "Kvoter av användning", "Ratios of use"),
    "distribution": Text("Tilat kuukausittain", "Tillstånd månad för månad", "States by month"),
    "positions": Text("Vaihtelu kuukausittain", "Variation månad för månad", "Evenness by month"),
    "transitions": Text("Seuraava kuukausi", "Nästa månad", "A month later"),
    "time": Text("Aika eri tiloissa", "Tid i olika tillstånd", "Time in each state"),
    "ages": Text("Asutut vuodet iän mukaan", "Bodda år efter ålder", "Years lived by age"),
    "use": Text("Käyttö iän mukaan", "Användning efter ålder", "Use by age"),
    "splits": Text("Jaot lajien määrän mukaan", "Indelningar efter antal slag", "Splits by number of kinds"),
    "clusters": Text("Elämänkulun lajit", "Slag av livslopp", "Kinds of course"),
    "factors": Text("Tekijät", "Faktorer", "Factors"),
    "adjusted_for": Text("Minkä suhteen vakioitiin", "Vad som justerades för", "What was adjusted for"),
}


def column_of(method: str, table: str, name: str) -> Column:
    """A column of a table of a method; one that has no word here keeps its name."""
    if table == "differences" and name in _OF_DIFFERENCES:
        return _OF_DIFFERENCES[name]
    elsewhere = _ELSEWHERE.get((method, table), {})
    return elsewhere.get(name) or _COLUMNS.get(name) or Column(Text(name, name, name), Writing.WORD)
