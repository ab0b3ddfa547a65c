"""A finding: what was noticed in a source's recording, where and from which month, with its figures and its sentence.

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.languages import LANGUAGES, Text


class FindingKind(StrEnum):
    """A finding's kind says what changed or is amiss in the recording."""

    VOLUME = "volume"
    MISSING = "missing"
    CODE_MIX = "code_mix"
    ABSENT = "absent"
    LATENESS = "lateness"
    UNMARKED = "unmarked"
    IN_FREE_TEXT = "in_free_text"
    REJECTED = "rejected"
    OTHER = "other"


SUGGESTIONS: Final[Mapping[FindingKind, Text]] = {
    FindingKind.VOLUME: Text(
        "Kertokaa, muuttuiko kirjaaminen vai palvelu, ja kirjatkaa muutospäivä rekisterin kuvaukseen.",
        "Berätta om registreringen eller tjänsten ändrades, och anteckna ändringsdagen i registrets beskrivning.",
        "Tell whether the recording or the service changed, and note the day of the change in the register's description.",
    ),
    FindingKind.MISSING: Text(
        "Sopikaa, kuka kirjaa kentän ja milloin; tehkää siitä pakollinen, jos tieto on aina saatavilla.",
        "Kom överens om vem som fyller i fältet och när; gör det obligatoriskt om uppgiften alltid finns.",
        "Agree who fills the field and when; make it required if the fact is always at hand.",
    ),
    FindingKind.CODE_MIX: Text(
        "Antakaa vastaavuus vanhojen ja uusien koodien välille ja päivä, josta uudet ovat voimassa.",
        "Ge en motsvarighet mellan de gamla och nya koderna och dagen då de nya började gälla.",
        "Give a mapping between the old and the new codes, and the day from which the new ones hold.",
    ),
    FindingKind.ABSENT: Text(
        "Kertokaa, antaako yksikkö palvelua ja mihin se kirjataan; toimittakaa puuttuvat kirjaukset.",
        "Berätta om enheten ger tjänsten och var den registreras; leverera de uppgifter som saknas.",
        "Tell whether the unit gives the service and where it is recorded; deliver the records that are missing.",
    ),
    FindingKind.LATENESS: Text(
        "Sopikaa, missä ajassa tapahtumasta kirjataan, ja kertokaa, milloin kuukausi on valmis.",
        "Kom överens om hur snabbt en händelse registreras och berätta när en månad är färdig.",
        "Agree how soon after an event it is recorded, and tell when a month is complete.",
    ),
    FindingKind.UNMARKED: Text(
        "Merkitkää kenttä suoraksi tunnisteeksi tai vapaaksi tekstiksi, ja siirtäkää tunnisteet niille varattuun kenttään.",
        "Märk fältet som direkt identifierare eller fritext, och flytta identifierarna till ett eget fält.",
        "Mark the field as a direct identifier or as free text, and move identifiers to a field of their own.",
    ),
    FindingKind.IN_FREE_TEXT: Text(
        "Ohjeistakaa, ettei vapaaseen tekstiin kirjoiteta tunnisteita. Teksti ei lähde suljetusta huoneesta.",
        "Ge anvisningar om att inga identifierare skrivs i fritexten. Texten lämnar aldrig det slutna rummet.",
        "Instruct that no identifiers are written in the free text. The text never leaves the closed room.",
    ),
    FindingKind.REJECTED: Text(
        "Korjatkaa tietueet tai rekisterin kuvaus, niin että ne vastaavat toisiaan.",
        "Rätta posterna eller registrets beskrivning så att de stämmer överens.",
        "Correct the records, or the register's description, so that the two agree.",
    ),
    FindingKind.OTHER: Text(
        "Kertokaa, mistä tämä johtuu ja miten kirjaamista muutetaan.",
        "Berätta vad detta beror på och hur registreringen ändras.",
        "Tell what this is due to, and how the recording will be changed.",
    ),
}
"""What the owner is asked to do about each kind."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding is one thing noticed in one place of a source; `month` is the first that differs, `strength` minus log10 of p.

    `unit` is "" for the whole table. `codes` are of the field's code list. `figures` are shares, ratios and counts that may
    be shown.
    """

    source: str
    table: str
    field: str
    unit: str
    kind: FindingKind
    month: str | None
    figures: Mapping[str, str]
    codes: tuple[str, ...]
    units: int
    strength: float
    sentence: Text

    @property
    def name(self) -> str:
        """What tells this finding from the others of its source."""
        # A unit may lack several codes of one field; in a mix of codes the month tells which change is meant.
        lacking = self.codes if self.kind is FindingKind.ABSENT else ()
        parts = (self.source, self.table, self.field, self.unit, self.kind.value, self.month or "", *lacking)
        return "/".join(part or "-" for part in parts)

    def as_mapping(self) -> dict[str, object]:
        """The finding as a report holds it."""
        content = asdict(self)
        suggestion = SUGGESTIONS[self.kind].as_mapping()
        told = {"sentence": self.sentence.as_mapping(), "suggestion": suggestion, "codes": list(self.codes)}
        return {
            "name": self.name,
            **content,
            "figures": dict(self.figures),
            **told,
            "strength": round(self.strength, 1),
        }


def said(fi: str, sv: str, en: str, **words: Text | str) -> Text:
    """A sentence in three languages with words put in, each in its language."""
    forms = dict(zip(LANGUAGES, (fi, sv, en), strict=True))
    return Text(
        *(
            forms[language].format(
                **{k: w.in_language(language) if isinstance(w, Text) else w for k, w in words.items()}
            )
            for language in LANGUAGES
        )
    )
