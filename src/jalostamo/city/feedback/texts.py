"""Free texts put together from phrases; some hold a name, a telephone number or an identity code, and those are counted.

Handbook 2.6 (free text may hold anything).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Flags, Whole, weekday_of
from jalostamo.city.feedback import phrases
from jalostamo.city.feedback.phrases import Phrase
from jalostamo.city.feedback.vocabularies import SERVICE, UNIT
from jalostamo.city.town import Town

WITH_NAME, WITH_PHONE, WITH_CODE = 0.03, 0.02, 0.005
_SECOND_SENTENCE: Final = 0.45
_TELLS_WHERE: Final = 0.25
_SENTENCES: Final = 3
_LANGUAGES: Final = 3
# No subscriber's number begins with three zeros.
_OPEN_AT_WEEKENDS: Final = ("KIR", "MUS", "LII")
_ONLINE: Final = "ASI"
_SATURDAY: Final = 5
_PHONES: Final = ("045 000 {}", "+358 45 000 {}", "09 000 {}", "045-000{}")


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """Said is what texts are about: place by place who speaks, of which service and unit, how, when, in which language."""

    person: Whole
    service: Whole
    unit: Whole
    mood: Whole
    day: Whole
    language: Whole

    def __len__(self) -> int:
        return len(self.person)


def texts_of(chance: np.random.Generator, town: Town, said: Said) -> pl.DataFrame:
    """The texts, and which of them hold a name, a telephone number, an identity code."""
    number = len(said)
    first = chance.integers(0, _SENTENCES, number)
    second = (first + chance.integers(1, _SENTENCES, number)) % _SENTENCES
    about = [sentence for service in phrases.ABOUT for sentence in service]
    base = (said.service * _SENTENCES + said.mood) * _SENTENCES
    holds = {
        "holds_name": chance.random(number) < WITH_NAME,
        "holds_phone": chance.random(number) < WITH_PHONE,
        "holds_code": chance.random(number) < WITH_CODE,
    }
    parts = [
        _by_mood(chance, phrases.OPENINGS, said),
        _in_language(about, base + first, said),
        _where(chance.random(number) < _SECOND_SENTENCE, _in_language(about, base + second, said)),
        _where((chance.random(number) < _TELLS_WHERE) & _open(said), _visited(said)),
        _by_mood(chance, phrases.CLOSINGS, said),
        _where(holds["holds_name"], _named(chance, town, said)),
        _where(holds["holds_phone"], _phone(chance, said)),
        _where(holds["holds_code"], _code(chance, town, said)),
    ]
    joined = pl.concat_str(parts, separator=" ").str.replace_all(r" {2,}", " ").str.strip_chars()
    return pl.select(joined.alias("text")).with_columns(**{name: pl.Series(flags) for name, flags in holds.items()})


def _in_language(stock: Sequence[Phrase], place: Whole, said: Said) -> pl.Series:
    """The phrase of each place, in each one's language."""
    flat = pl.Series([words for phrase in stock for words in phrase])
    return flat.gather(place * _LANGUAGES + said.language)


def _by_mood(chance: np.random.Generator, stock: Sequence[Sequence[Phrase]], said: Said) -> pl.Series:
    """One of the phrases of each one's mood; every mood has as many."""
    flat = [phrase for of_mood in stock for phrase in of_mood]
    of_a_mood = len(flat) // len(stock)
    return _in_language(flat, said.mood * of_a_mood + chance.integers(0, of_a_mood, len(said)), said)


def _where(flags: Flags, words: pl.Series) -> pl.Series:
    return words.set(pl.Series(~flags), "")


def _filled(templates: pl.Series, slot: str, words: pl.Series) -> pl.Series:
    """The templates with each one's own word in the slot."""
    frame = pl.DataFrame({"template": templates, "word": words})
    halves = pl.col("template").str.split_exact(slot, 1)
    before, after = halves.struct.field("field_0"), halves.struct.field("field_1").fill_null("")
    return frame.select(pl.concat_str([before, pl.col("word"), after])).to_series()


def _open(said: Said) -> Flags:
    """Whether somebody can have been there on that day: nobody visits the net, and few places are open at weekends."""
    always = np.isin(said.service, [SERVICE.allowed.index(code) for code in _OPEN_AT_WEEKENDS])
    online = said.service == SERVICE.allowed.index(_ONLINE)
    return np.asarray(~online & (always | (weekday_of(said.day) < _SATURDAY)))


def _visited(said: Said) -> pl.Series:
    units = [(code.label.fi, code.label.sv, code.label.en) for code in UNIT.codes]
    sentence = _in_language([phrases.VISITED], np.zeros(len(said), dtype=np.int64), said)
    with_day = _filled(sentence, "{day}", _in_language(phrases.WEEKDAYS, weekday_of(said.day), said))
    return _filled(with_day, "{unit}", _in_language(units, said.unit, said))


def _named(chance: np.random.Generator, town: Town, said: Said) -> pl.Series:
    """The writer's own name at the end, or else that of somebody who might work there."""
    flat = [phrase for of_mood in phrases.NAMED for phrase in of_mood]
    which = chance.integers(0, _SENTENCES, len(said))
    # A town's founders are there in every plan: whoever is named stays the same in a longer one.
    somebody = chance.integers(0, town.plan.people, len(said))
    who = np.where(which == _SENTENCES - 1, said.person, np.minimum(somebody, len(town.people) - 1))
    names = pl.Series((town.first_names[who] + " " + town.surnames[who]).tolist(), dtype=pl.String)
    return _filled(_in_language(flat, said.mood * _SENTENCES + which, said), "{name}", names)


def _phone(chance: np.random.Generator, said: Said) -> pl.Series:
    form = pl.Series(_PHONES).gather(chance.integers(0, len(_PHONES), len(said)))
    digits = pl.Series(chance.integers(1000, 10_000, len(said))).cast(pl.String)
    stock = _in_language(phrases.CALL_ME, chance.integers(0, len(phrases.CALL_ME), len(said)), said)
    return _filled(stock, "{phone}", _filled(form, "{}", digits))


def _code(chance: np.random.Generator, town: Town, said: Said) -> pl.Series:
    codes = pl.Series(town.codes[said.person].tolist(), dtype=pl.String)
    stock = _in_language(phrases.MY_CODE, chance.integers(0, len(phrases.MY_CODE), len(said)), said)
    return _filled(stock, "{code}", codes)
