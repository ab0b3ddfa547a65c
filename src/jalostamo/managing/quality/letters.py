"""A letter to the owner of a source about its open deficiencies, in three languages; it tells of fields and counts alone.

Handbook 2.2 (deficiencies found in the data, and corrected at their source).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from jalostamo.concepts.languages import LANGUAGES, Language, Text
from jalostamo.managing.quality.deficiencies import Deficiency

_SUBJECT: Final = Text(
    "Aineistossa havaitut puutteet: {0}",
    "Brister som har hittats i materialet: {0}",
    "Deficiencies found in the data: {0}",
)
_GREETING: Final = Text(
    "Hyvä rekisterin omistaja,\n\naineistonne laatua tarkasteltaessa havaittiin seuraavaa. Luvut ovat karkeita, eikä "
    "kirjeessä ole ketään koskevaa tietoa. Havainto kertoo, milloin jokin on toisin, ei miksi.",
    "Bästa registerägare,\n\nvid granskning av ert material upptäcktes följande. Siffrorna är grova och brevet innehåller "
    "inga uppgifter om någon person. En iakttagelse säger när något är annorlunda, inte varför.",
    "Dear owner of the register,\n\nthe following was found when the quality of your data was looked at. Figures are "
    "coarse, and the letter holds nothing about any person. A finding tells when something differs, not why.",
)
_ASKED: Final = Text("Ehdotus: ", "Förslag: ", "Suggestion: ")
_CLOSING: Final = Text(
    "Vastatkaa kuhunkin numeroituun kohtaan: muuttuuko kirjaaminen, vai eikö kyse ole puutteesta? Kohta suljetaan vasta "
    "vastauksen jälkeen.",
    "Svara på varje numrerad punkt: ändras registreringen, eller är det ingen brist? En punkt stängs först efter svaret.",
    "Please answer each numbered point: will the recording change, or is it no deficiency? A point is closed only after "
    "the answer.",
)


def letter(source: Text, deficiencies: Sequence[Deficiency], language: Language) -> str:
    """The letter as plain text."""
    subject = _SUBJECT.in_language(language).format(source.in_language(language))
    points = [
        f"{each.number}. {each.sentence.in_language(language)}\n"
        f"   {_ASKED.in_language(language)}{each.suggestion.in_language(language)}"
        for each in deficiencies
    ]
    return "\n\n".join([subject, _GREETING.in_language(language), *points, _CLOSING.in_language(language)]) + "\n"


def letter_page(source: Text, deficiencies: Sequence[Deficiency]) -> str:
    """The letter as one page in the three languages, one after the other."""
    parts = []
    for language in LANGUAGES:
        subject, *paragraphs = letter(source, deficiencies, language).strip().split("\n\n")
        said = "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs)
        parts.append(f'<article lang="{language}"><h1>{escape(subject)}</h1>{said}</article>')
    return (
        '<!doctype html>\n<html lang="fi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(source.fi)}</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


_STYLE: Final = (
    "body{margin:0 auto;max-width:40rem;padding:24px 16px;font:400 16px/1.6 Inter,system-ui,sans-serif;background:#fdfcfa;"
    "color:#1a2530}h1{font-size:20px;line-height:1.3}article+article{border-top:1px solid #dcdfe2;margin-top:40px;"
    "padding-top:24px}@media (prefers-color-scheme:dark){body{background:#12171c;color:#e8edf1}"
    "article+article{border-color:#2f3943}}"
)
