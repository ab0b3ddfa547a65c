"""Findings out of breaks, absences, lateness and suspicions: each with a sentence that says when and what, and never why.

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.concepts.numerals import number, with_decimal_mark
from jalostamo.managing.quality.absences import Absence
from jalostamo.managing.quality.breaks import Break
from jalostamo.managing.quality.cells import ALL, Cells
from jalostamo.managing.quality.findings import Finding, FindingKind, said
from jalostamo.managing.quality.lateness import Lateness, prompt_share
from jalostamo.managing.quality.naming import Naming
from jalostamo.managing.quality.profiles import ShownTable

_NEAR: Final = 1
_LOOKS: Final = {
    "personal_identity_code": Text("henkilötunnuksia", "personbeteckningar", "personal identity codes"),
    "telephone": Text("puhelinnumeroita", "telefonnummer", "telephone numbers"),
    "e_mail": Text("sähköpostiosoitteita", "e-postadresser", "e-mail addresses"),
    "bank_account": Text("tilinumeroita", "kontonummer", "bank accounts"),
    "name": Text("henkilöiden nimiä", "personnamn", "names of persons"),
    "media": Text("kuvia tai ääntä", "bilder eller ljud", "images or speech"),
}


def told_breaks(breaks: Iterable[Break], cells: Cells, naming: Naming) -> Iterator[Finding]:
    """A finding for each break; what happens to the codes of a field in about one month is one finding."""
    mixes: defaultdict[tuple[str, str], list[list[Break]]] = defaultdict(list)
    for found in breaks:
        if found.kind == "volume":
            yield _volume(found, cells, naming)
        elif found.kind == "missing":
            yield _missing(found, cells, naming)
        else:
            groups = mixes[found.field, found.unit]
            if groups and found.at - groups[-1][0].at <= _NEAR:
                groups[-1].append(found)
            else:
                groups.append([found])
    for groups in mixes.values():
        yield from (_mix(group, cells, naming) for group in groups)


def _volume(found: Break, cells: Cells, naming: Naming) -> Finding:
    month, ratio = cells.month_at(found.at), f"{found.size:.1f}" if found.size < 20 else f"{found.size:.0f}"
    if found.size < 1:
        ratio = f"{found.size:.2f}"
    sentence = said(
        "{place}: kirjauksia on kuusta {month} alkaen noin {ratio}-kertaisesti kuukaudessa; vuodenaika ja kasvu on otettu huomioon.",
        "{place}: från {month} finns det ungefär {ratio} gånger så många poster i månaden; årstid och tillväxt är beaktade.",
        "{place}: from {month} there are about {ratio} times as many records a month, season and growth taken into account.",
        place=naming.place(found.unit),
        month=month,
        ratio=_decimal(ratio),
    )
    return _finding(found, naming, FindingKind.VOLUME, month=month, figures={"ratio": ratio}, sentence=sentence)


def _missing(found: Break, cells: Cells, naming: Naming) -> Finding:
    month = cells.month_at(found.at)
    figures = {"before": _per_cent(found.before), "after": _per_cent(found.after)}
    sentence = said(
        "{place}: kenttä ”{field}” puuttui {before} %:ssa kirjauksista ja kuusta {month} alkaen {after} %:ssa.",
        "{place}: fältet ”{field}” saknades i {before} % av posterna och från {month} i {after} %.",
        "{place}: the field “{field}” was missing in {before} % of the records, and from {month} in {after} %.",
        place=naming.place(found.unit),
        field=naming.field(found.field),
        month=month,
        **{name: _decimal(share) for name, share in figures.items()},
    )
    return _finding(found, naming, FindingKind.MISSING, month=month, figures=figures, sentence=sentence)


_HOW: Final = {
    "appeared": Text("alkaa esiintyä", "börjar förekomma", "begins to be recorded"),
    "ended": Text("lakkaa esiintymästä", "slutar förekomma", "is no longer recorded"),
}


def _mix(group: Sequence[Break], cells: Cells, naming: Naming) -> Finding:
    first = max(group, key=lambda b: (b.how != "level", b.strength))
    month = cells.month_at(first.at)
    parts = [_of_code(each, naming) for each in sorted(group, key=lambda b: (-max(b.before, b.after), b.code))]
    changes = _joined("; ", parts)
    sentence = said(
        "{place}: kentän ”{field}” koodien jakauma on toinen kuusta {month} alkaen: {changes}.",
        "{place}: fördelningen av koder i fältet ”{field}” är en annan från {month}: {changes}.",
        "{place}: the mix of codes in “{field}” is another one from {month}: {changes}.",
        place=naming.place(first.unit),
        field=naming.field(first.field),
        month=month,
        changes=changes,
    )
    figures = {f"{b.code} {b.how}": f"{_per_cent(b.before)} -> {_per_cent(b.after)}" for b in group}
    codes = tuple(sorted(b.code for b in group))
    return _finding(first, naming, FindingKind.CODE_MIX, month=month, figures=figures, sentence=sentence, codes=codes)


def _of_code(each: Break, naming: Naming) -> Text:
    label = naming.code(each.field, each.code)
    shares = _decimal(f"{_per_cent(each.before)} → {_per_cent(each.after)} %")
    how = _HOW.get(each.how)
    return Text(
        *(
            f"{label.in_language(language)} {how.in_language(language) + ', ' if how else ''}{shares.in_language(language)}"
            for language in LANGUAGES
        )
    )


def _finding(
    found: Break,
    naming: Naming,
    kind: FindingKind,
    *,
    month: str,
    figures: dict[str, str],
    sentence: Text,
    codes: tuple[str, ...] = (),
) -> Finding:
    table, unit = naming.declared.name, naming.unit_code(found.unit)
    source = naming.register.name
    return Finding(
        source, table, found.field, unit, kind, month, figures, codes, found.units, min(found.strength, 99), sentence
    )


_ABSENT: Final = (
    "{place}: kentän ”{field}” koodia ”{code}” ei ole kirjattu lainkaan, vaikka {n} vertailukelpoista yksikköä kirjaa sitä; "
    "niiden mukaan kirjauksia olisi noin {expected}.",
    "{place}: koden ”{code}” i fältet ”{field}” har inte registrerats alls, fast {n} jämförbara enheter använder den; enligt dem "
    "borde det finnas ungefär {expected} poster.",
    "{place}: “{code}” in the field “{field}” is not recorded at all, though {n} comparable units record it; by their measure "
    "there would be some {expected} records.",
)
_BESIDE: Final = (
    "{place}: kentän ”{field}” koodia ”{code}” ei ole kirjattu lainkaan, vaikka saman yksikön kirjauksia siitä on taulussa "
    "{elsewhere}; kirjauksia olisi vähintään noin {expected}.",
    "{place}: koden ”{code}” i fältet ”{field}” har inte registrerats alls, fast enheten har den i tabellen {elsewhere}; det "
    "borde finnas minst ungefär {expected} poster.",
    "{place}: “{code}” in the field “{field}” is not recorded at all, though the unit has it in the table {elsewhere}; there "
    "would be at least some {expected} records.",
)
_SILENT: Final = (
    "{place}: yksiköllä ei ole yhtään kirjausta, vaikka se on rekisterin koodistossa ja {n} muulla yksiköllä on; niillä on "
    "tavallisesti noin {expected} kirjausta.",
    "{place}: enheten har inte en enda post, fast den finns i registrets kodlista och {n} andra enheter har poster; de har "
    "vanligen ungefär {expected}.",
    "{place}: the unit has not one record, though it is in the register's code list and {n} other units have records; theirs "
    "are usually some {expected}.",
)


def told_absence(found: Absence, naming: Naming) -> Finding:
    """The finding of a code that one unit never records, or of a unit that records nothing."""
    expected = _two_figures(found.expected)
    form = _SILENT if not found.code else _BESIDE if found.elsewhere else _ABSENT
    sentence = said(
        *form,
        place=naming.place(found.unit),
        field=naming.field(found.field),
        code=naming.code(found.field, found.code) if found.code else "",
        n=str(found.comparable),
        elsewhere=found.elsewhere,
        expected=Text(*(number(expected, language) for language in LANGUAGES)),
    )
    figures = {"expected": str(expected), "comparable": str(found.comparable)}
    return Finding(
        naming.register.name,
        naming.declared.name,
        found.field,
        naming.unit_code(found.unit),
        FindingKind.ABSENT,
        None,
        figures,
        (found.code,) if found.code else (),
        1,
        min(found.strength, 99),
        sentence,
    )


def told_lateness(late: Lateness, naming: Naming) -> Iterator[Finding]:
    """The finding of a month from which records come sooner or later than before."""
    if late.shift is None:
        return
    before = _per_cent(prompt_share(late, max(late.shift - 12, 0), late.shift))
    after = _per_cent(prompt_share(late, late.shift, late.shift + 12))
    if abs(float(before) - float(after)) < 5:
        return
    month = late.month_at(late.shift)
    sentence = said(
        "{place}: tapahtumakuun tai seuraavan aikana kirjattiin {before} % ja kuusta {month} alkaen {after} %.",
        "{place}: under händelsemånaden eller den följande registrerades {before} % och från {month} {after} %.",
        "{place}: within the month of the event or the next, {before} % were recorded, and from {month} {after} %.",
        place=naming.place(ALL),
        month=month,
        before=before,
        after=after,
    )
    names = (naming.register.name, naming.declared.name, naming.declared.recorded or "")
    figures = {"before": before, "after": after}
    yield Finding(*names, "", FindingKind.LATENESS, month, figures, (), 0, 3.0, sentence)


_SUSPECTED: Final = (
    "{place}: kentässä ”{field}” näyttää olevan {looks}, vaikka sitä ei ole kuvattu sellaiseksi.",
    "{place}: fältet ”{field}” ser ut att innehålla {looks}, fast det inte är beskrivet så.",
    "{place}: the field “{field}” seems to hold {looks}, and is not described so.",
)
_HELD: Final = (
    "{place}: vapaassa tekstissä ”{field}” on {looks}. Suluissa on kirjausten määrä.",
    "{place}: fritexten ”{field}” innehåller {looks}. Inom parentes står antalet poster.",
    "{place}: the free text “{field}” holds {looks}. The number of records is in brackets.",
)


def told_suspicions(table: ShownTable, naming: Naming) -> Iterator[Finding]:
    """A finding for each field that looks as if it named persons, and is not described so."""
    for field in (f for f in table.fields if f.suspected):
        looks = _joined(", ", (_LOOKS[each] for each in field.suspected))
        sentence = said(*_SUSPECTED, place=naming.place(ALL), field=naming.field(field.name), looks=looks)
        yield _of_field(field.name, naming, FindingKind.UNMARKED, codes=field.suspected, sentence=sentence)


def told_free_texts(held: Iterable[tuple[str, Mapping[str, str]]], naming: Naming) -> Iterator[Finding]:
    """A finding for each free text in which persons are named, with about how many records do so."""
    for field, counts in ((f, counts) for f, counts in held if counts):
        looks = _joined(", ", (said(*["{what} ({n})"] * 3, what=_LOOKS[each], n=n) for each, n in counts.items()))
        sentence = said(*_HELD, place=naming.place(ALL), field=naming.field(field), looks=looks)
        kind, figures = FindingKind.IN_FREE_TEXT, dict(counts)
        yield _of_field(field, naming, kind, figures=figures, codes=tuple(counts), sentence=sentence)


def told_rejections(rejections: Sequence[tuple[str, str]], naming: Naming) -> Iterator[Finding]:
    """A finding for each field whose records were rejected, with how many of them as it may be shown."""
    for field, records in rejections:
        title = naming.field(field) if field else Text("tietue", "posten", "the record")
        sentence = said(
            "{place}: {n} tietuetta ei vastannut kuvaustaan (”{field}”), eikä niitä luettu.",
            "{place}: {n} poster motsvarade inte sin beskrivning (”{field}”) och lästes inte.",
            "{place}: {n} records did not agree with their description (“{field}”) and were not read.",
            place=naming.place(ALL),
            field=title,
            n=records,
        )
        yield _of_field(field, naming, FindingKind.REJECTED, figures={"records": records}, sentence=sentence)


def _of_field(
    field: str,
    naming: Naming,
    kind: FindingKind,
    *,
    sentence: Text,
    figures: Mapping[str, str] | None = None,
    codes: tuple[str, ...] = (),
) -> Finding:
    """The finding of what a field holds in the whole table, at no one time and whatever chance says."""
    names = (naming.register.name, naming.declared.name, field)
    return Finding(*names, "", kind, None, figures or {}, codes, 0, 0.0, sentence)


def _joined(separator: str, parts: Iterable[Text]) -> Text:
    listed = list(parts)
    return Text(*(separator.join(part.in_language(language) for part in listed) for language in LANGUAGES))


def _per_cent(share: float) -> str:
    # What is rare is told with a decimal: "0 %" would say that it is not there.
    return f"{100 * share:.1f}" if 0 < share < 0.01 else f"{100 * share:.0f}"


def _two_figures(number: float) -> int:
    """A number as coarse as an expectation is."""
    step: int = 10 ** max(len(str(int(number))) - 2, 0)
    return round(number / step) * step


def _decimal(written: str) -> Text:
    return Text(*(with_decimal_mark(written, language) for language in LANGUAGES))
