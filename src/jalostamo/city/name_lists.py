"""Lists of given names and surnames for each language, in letters that the population register can write.

They are faker's lists; a language that has none uses the nearest one's. Nobody's real name is meant.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from faker.providers.person.bg_BG import Provider as Bulgarian
from faker.providers.person.de_DE import Provider as German
from faker.providers.person.en_GB import Provider as British
from faker.providers.person.en_IN import Provider as Indian
from faker.providers.person.en_TH import Provider as Thai
from faker.providers.person.es_CO import Provider as Spanish
from faker.providers.person.et_EE import Provider as Estonian
from faker.providers.person.fi_FI import Provider as Finnish
from faker.providers.person.fr_DZ import Provider as Arabic
from faker.providers.person.fr_FR import Provider as French
from faker.providers.person.hu_HU import Provider as Hungarian
from faker.providers.person.it_IT import Provider as Italian
from faker.providers.person.lv_LV import Provider as Latvian
from faker.providers.person.pl_PL import Provider as Polish
from faker.providers.person.pt_BR import Provider as Portuguese
from faker.providers.person.ro_RO import Provider as Romanian
from faker.providers.person.ru_RU import Provider as Russian
from faker.providers.person.sv_SE import Provider as Swedish
from faker.providers.person.sw import Provider as Swahili
from faker.providers.person.tr_TR import Provider as Turkish
from faker.providers.person.uk_UA import Provider as Ukrainian
from faker.providers.person.vi_VN import Provider as Vietnamese
from faker.providers.person.zh_CN import Provider as Chinese
from numpy.typing import NDArray

from jalostamo.city.days import Shares, Whole

type _Elements = Iterable[str] | Mapping[str, float]

REGISTER_ENCODING: Final = "iso-8859-1"

# Cyrillic as Finnish writes it, without the letters that ISO 8859-1 lacks.
_CYRILLIC: Final = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "jo", "є": "je", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "ji", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "tsh", "ш": "sh", "щ": "shtsh", "ъ": "",
    "ы": "y", "ь": "", "э": "e", "ю": "ju", "я": "ja",
})  # fmt: skip
_CYRILLIC_LETTER: Final = re.compile("[\u0400-\u04ff]")
_LETTERS_WITHOUT_PARTS: Final = str.maketrans({"ı": "i", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ə": "e", "Ə": "E"})


@dataclass(frozen=True, slots=True, repr=False)
class NameList:
    """A name list is names, and how common each of them and those before it are together."""

    names: NDArray[np.object_]
    cumulated: Shares

    def at(self, chance: Shares) -> NDArray[np.object_]:
        """The name for each number between 0 and 1."""
        places: Whole = np.searchsorted(self.cumulated, chance, side="right").astype(np.int64)
        return self.names[np.minimum(places, len(self.names) - 1)]


@dataclass(frozen=True, slots=True, repr=False)
class Names:
    """The names of one language: for men and for women, given names and surnames."""

    given: tuple[NameList, NameList]
    surnames: tuple[NameList, NameList]


def latin(name: str) -> str | None:
    """The name as the population register can write it, or None.

    >>> latin("Юрий"), latin("Hưng"), latin("Väinö"), latin("O’Brien")
    ('Juri', 'Hung', 'Väinö', None)
    """
    if _writable(name):
        return name
    plain = _from_cyrillic(name) if _CYRILLIC_LETTER.search(name) else _without_parts(name)
    return plain if _writable(plain) else None


def _writable(name: str) -> bool:
    letters = name.replace(" ", "").replace("-", "").replace("'", "")
    named = letters.isalpha() or not letters
    return named and name.encode(REGISTER_ENCODING, errors="ignore").decode(REGISTER_ENCODING) == name


def _from_cyrillic(name: str) -> str:
    written = name.lower().translate(_CYRILLIC)
    return (written.removesuffix("i") if written.endswith("ii") else written).title()


def _without_parts(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.translate(_LETTERS_WITHOUT_PARTS))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _listed(names: _Elements) -> NameList:
    """A list with its weights where faker has any, else all equally common."""
    weights = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, 1.0)
    written: dict[str, float] = {}
    for name, weight in weights.items():
        plain = latin(name)
        if plain is not None:
            written[plain] = written.get(plain, 0.0) + float(weight)
    shares = np.array(list(written.values()))
    return NameList(np.array(list(written), dtype=object), np.cumsum(shares) / shares.sum())


# They never change; a city asks four times, and each making takes a tenth of a second.
@cache
def name_lists() -> Mapping[str, Names]:
    """The names of each language of the code list, but of the unknown one."""
    return MappingProxyType({language: _names(*lists) for language, lists in _SOURCES.items()})


def _names(men: _Elements, women: _Elements, *surnames: _Elements) -> Names:
    # One list of surnames serves for all, unless women have a form of their own.
    of_men, *of_women = map(_listed, surnames)
    return Names((_listed(men), _listed(women)), (of_men, of_women[0] if of_women else of_men))


_ARABIC: Final = (Arabic.first_names_male, Arabic.first_names_female, Arabic.last_names)
_TURKISH: Final = (Turkish.first_names_male, Turkish.first_names_female, Turkish.last_names)
_SOURCES: Final[dict[str, tuple[_Elements, ...]]] = {
    "fi": (Finnish.first_names_male, Finnish.first_names_female, Finnish.last_names),
    "sv": (Swedish.first_names_male, Swedish.first_names_female, Swedish.last_names),
    "ru": (
        Russian.first_names_male,
        Russian.first_names_female,
        Russian.last_names_male,
        Russian.last_names_female,
    ),
    "et": (Estonian.first_names_male, Estonian.first_names_female, Estonian.last_names),
    "so": _ARABIC,
    "en": (British.first_names_male, British.first_names_female, British.last_names),
    "ar": _ARABIC,
    "ku": _TURKISH,
    "sq": _TURKISH,
    "zh": (Chinese.first_romanized_names, Chinese.first_romanized_names, Chinese.last_romanized_names),
    "fa": _ARABIC,
    "vi": (Vietnamese.first_names_male, Vietnamese.first_names_female, Vietnamese.last_names),
    "es": (Spanish.first_names_male, Spanish.first_names_female, Spanish.last_names),
    "tr": _TURKISH,
    "th": (Thai.first_names, Thai.first_names, Thai.last_names),
    "de": (German.first_names_male, German.first_names_female, German.last_names),
    "fr": (French.first_names_male, French.first_names_female, French.last_names),
    "hi": (Indian.first_names_male, Indian.first_names_female, Indian.last_names),
    "ur": _ARABIC,
    "lv": (
        Latvian.first_names_male,
        Latvian.first_names_female,
        Latvian.last_names_male,
        Latvian.last_names_female,
    ),
    "uk": (Ukrainian.first_names_male, Ukrainian.first_names_female, Ukrainian.last_names),
    "ro": (Romanian.first_names_male, Romanian.first_names_female, Romanian.last_names),
    "pt": (Portuguese.first_names_male, Portuguese.first_names_female, Portuguese.last_names),
    "sw": (Swahili.first_names_male, Swahili.first_names_female, Swahili.last_names),
    "pl": (
        Polish.first_names_male,
        Polish.first_names_female,
        Polish.unisex_last_names,
    ),
    "ne": (Indian.first_names_male, Indian.first_names_female, Indian.last_names),
    "bn": _ARABIC,
    "it": (Italian.first_names_male, Italian.first_names_female, Italian.last_names),
    "hu": (Hungarian.first_names_male, Hungarian.first_names_female, Hungarian.last_names),
    "tl": (Spanish.first_names_male, Spanish.first_names_female, Spanish.last_names),
    "bg": (
        Bulgarian.first_names_male,
        Bulgarian.first_names_female,
        Bulgarian.last_names_male,
        Bulgarian.last_names_female,
    ),
}
