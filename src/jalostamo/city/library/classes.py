"""The library's own subject classes: how common each is, which kind of reader borrows it, and which are sensitive.

Handbook 2.6 (special categories of data).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.languages import Text

# Kinds: S for small children, C for schoolchildren, Y for the young, F fiction, N knowledge, H hobbies, M music and films.
_CLASSES: Final = (
    ("01", "Kuvakirjat", "Bilderböcker", "Picture books", "S", 9.0, False),
    ("02", "Katselukirjat", "Pekböcker", "Board books", "S", 3.0, False),
    ("03", "Lorut ja laulut lapsille", "Rim och sånger för barn", "Rhymes and songs for children", "S", 1.5, False),
    ("04", "Sadut", "Sagor", "Fairy tales", "S", 2.5, False),
    ("05", "Lasten tietokirjat, luonto", "Faktaböcker för barn, natur", "Children's non-fiction, nature", "C", 2.0, False),
    ("06", "Lasten tietokirjat, maailma", "Faktaböcker för barn, världen", "Children's non-fiction, world", "C", 1.5, False),
    ("07", "Lasten tietokirjat, tekniikka", "Faktaböcker för barn, teknik", "Children's non-fiction, technology", "C", 1.2, False),
    ("08", "Helppolukuiset lastenkirjat", "Lättlästa barnböcker", "Easy readers", "C", 5.0, False),
    ("09", "Lastenromaanit", "Barnromaner", "Children's novels", "C", 6.0, False),
    ("10", "Lasten sarjakuvat", "Serier för barn", "Children's comics", "C", 5.0, False),
    ("11", "Nuortenromaanit", "Ungdomsromaner", "Young adult novels", "Y", 5.0, False),
    ("12", "Nuorten fantasia", "Fantasy för unga", "Young adult fantasy", "Y", 4.0, False),
    ("13", "Manga", "Manga", "Manga", "Y", 4.0, False),
    ("14", "Sarjakuvat aikuisille", "Serier för vuxna", "Comics for adults", "F", 1.2, False),
    ("15", "Kotimaiset romaanit", "Inhemska romaner", "Finnish novels", "F", 8.0, False),
    ("16", "Käännösromaanit", "Översatta romaner", "Translated novels", "F", 8.0, False),
    ("17", "Klassikot", "Klassiker", "Classics", "F", 1.5, False),
    ("18", "Kotimainen jännitys", "Inhemska deckare", "Finnish crime fiction", "F", 4.0, False),
    ("19", "Käännetty jännitys", "Översatta deckare", "Translated crime fiction", "F", 5.0, False),
    ("20", "Trillerit", "Thrillers", "Thrillers", "F", 2.0, False),
    ("21", "Science fiction", "Science fiction", "Science fiction", "F", 1.2, False),
    ("22", "Fantasia aikuisille", "Fantasy för vuxna", "Fantasy for adults", "F", 1.4, False),
    ("23", "Kauhu", "Skräck", "Horror", "F", 0.6, False),
    ("24", "Viihderomaanit", "Underhållningsromaner", "Romantic fiction", "F", 3.0, False),
    ("25", "Sukuromaanit", "Släktromaner", "Family sagas", "F", 1.6, False),
    ("26", "Historialliset romaanit", "Historiska romaner", "Historical novels", "F", 1.8, False),
    ("27", "Sotaromaanit", "Krigsromaner", "War novels", "F", 0.8, False),
    ("28", "Runot", "Dikter", "Poetry", "F", 0.7, False),
    ("29", "Näytelmät", "Skådespel", "Plays", "F", 0.3, False),
    ("30", "Novellit", "Noveller", "Short stories", "F", 0.9, False),
    ("31", "Selkokirjat", "Lättläst litteratur", "Plain-language books", "F", 0.7, False),
    ("32", "Elämäkerrat", "Biografier", "Biographies", "N", 3.0, False),
    ("33", "Suomen historia", "Finlands historia", "History of Finland", "N", 1.6, False),
    ("34", "Sotahistoria", "Krigshistoria", "Military history", "N", 1.2, False),
    ("35", "Maailmanhistoria", "Världshistoria", "World history", "N", 0.9, False),
    ("36", "Sukututkimus", "Släktforskning", "Genealogy", "N", 0.4, False),
    ("37", "Paikalliskulttuuri", "Lokal kultur", "Local culture", "N", 0.5, False),
    ("38", "Matkaoppaat", "Reseguider", "Travel guides", "N", 2.2, False),
    ("39", "Maantiede", "Geografi", "Geography", "N", 0.5, False),
    ("40", "Yhteiskunta", "Samhälle", "Society", "N", 1.0, False),
    ("41", "Politiikka ja aatteet", "Politik och ideologier", "Politics and ideologies", "N", 0.5, True),
    ("42", "Talous ja työelämä", "Ekonomi och arbetsliv", "Economy and working life", "N", 1.1, False),
    ("43", "Oikeus", "Juridik", "Law", "N", 0.5, False),
    ("44", "Kasvatus ja koulutus", "Fostran och utbildning", "Upbringing and education", "N", 1.2, False),
    ("45", "Kieltenopiskelu", "Språkstudier", "Language studies", "N", 1.8, False),
    ("46", "Filosofia", "Filosofi", "Philosophy", "N", 0.6, False),
    ("47", "Psykologia", "Psykologi", "Psychology", "N", 1.2, False),
    ("48", "Itsetuntemus ja hyvinvointi", "Självkännedom och välmående", "Self-knowledge and well-being", "N", 1.3, False),
    ("50", "Sairaudet ja hoito", "Sjukdomar och vård", "Illnesses and their care", "N", 1.0, True),
    ("51", "Mielenterveys", "Psykisk hälsa", "Mental health", "N", 0.8, True),
    ("52", "Päihteet ja riippuvuudet", "Rusmedel och beroenden", "Intoxicants and addictions", "N", 0.3, True),
    ("53", "Raskaus ja synnytys", "Graviditet och förlossning", "Pregnancy and childbirth", "N", 0.5, True),
    ("54", "Kristinusko", "Kristendom", "Christianity", "N", 0.8, True),
    ("55", "Islam", "Islam", "Islam", "N", 0.3, True),
    ("56", "Muut uskonnot", "Andra religioner", "Other religions", "N", 0.4, True),
    ("57", "Seksuaalisuus", "Sexualitet", "Sexuality", "N", 0.4, True),
    ("58", "Sukupuolen moninaisuus", "Könsmångfald", "Gender diversity", "N", 0.2, True),
    ("60", "Luonnontieteet", "Naturvetenskap", "Natural sciences", "N", 0.9, False),
    ("61", "Tietotekniikka", "Datateknik", "Computing", "N", 1.6, False),
    ("62", "Tekniikka ja rakentaminen", "Teknik och byggande", "Technology and building", "N", 0.9, False),
    ("63", "Eläimet ja kasvit", "Djur och växter", "Animals and plants", "H", 1.2, False),
    ("64", "Puutarha", "Trädgård", "Gardening", "H", 1.4, False),
    ("65", "Ruoka ja leivonta", "Mat och bakning", "Cooking and baking", "H", 2.2, False),
    ("66", "Käsityöt", "Handarbete", "Handicrafts", "H", 1.8, False),
    ("67", "Koti ja sisustus", "Hem och inredning", "Home and interior", "H", 0.9, False),
    ("68", "Liikunta ja retkeily", "Motion och friluftsliv", "Sports and hiking", "H", 1.2, False),
    ("69", "Kalastus ja metsästys", "Fiske och jakt", "Fishing and hunting", "H", 0.5, False),
    ("70", "Kuvataide ja valokuvaus", "Bildkonst och fotografi", "Art and photography", "H", 1.0, False),
    ("71", "Musiikin oppaat ja nuotit", "Musikhandböcker och noter", "Music guides and scores", "M", 1.0, False),
    ("72", "Populaarimusiikki", "Populärmusik", "Popular music", "M", 2.2, False),
    ("73", "Klassinen musiikki", "Klassisk musik", "Classical music", "M", 1.0, False),
    ("74", "Elokuvat", "Filmer", "Films", "M", 3.5, False),
    ("75", "Televisiosarjat", "Tv-serier", "Television series", "M", 1.4, False),
    ("76", "Konsolipelit", "Konsolspel", "Console games", "M", 1.2, False),
)  # fmt: skip

KINDS: Final = "SCYFNHM"
# How much more or less each kind is borrowed: small children, schoolchildren, the young, parents, other adults, the old.
READERS: Final = np.array([
    [9.0, 1.5, 0.0, 0.02, 0.02, 0.02, 0.1],
    [1.0, 7.0, 1.2, 0.05, 0.08, 0.20, 0.6],
    [0.1, 1.0, 7.0, 0.60, 0.35, 0.30, 1.5],
    [5.0, 2.2, 0.3, 0.70, 0.80, 0.90, 0.8],
    [0.1, 0.1, 0.3, 1.30, 1.30, 1.30, 1.3],
    [0.3, 0.2, 0.0, 1.90, 1.20, 1.00, 0.4],
])  # fmt: skip
SMALL, SCHOOL, YOUNG, PARENT, ADULT, OLD = range(len(READERS))

SPLIT: Final = "61"
PARTS: Final = ("61.1", "61.2")
_PARTS: Final = (
    Code(PARTS[0], Text("Ohjelmointi ja järjestelmät", "Programmering och system", "Programming and systems")),
    Code(PARTS[1], Text("Verkko ja mobiililaitteet", "Nätet och mobila enheter", "The net and mobile devices")),
)


def _label(fi: str, sv: str, en: str, *, sensitive: bool) -> Text:
    if not sensitive:
        return Text(fi, sv, en)
    return Text(f"{fi} (arkaluonteinen)", f"{sv} (känslig)", f"{en} (sensitive)")


CODES: Final = tuple(code for code, *_ in _CLASSES)
WEIGHTS: Final = np.array([weight for *_, weight, _ in _CLASSES])
KIND: Final = np.array([KINDS.index(kind) for *_, kind, _, _ in _CLASSES])
SENSITIVE: Final = np.array([sensitive for *_, sensitive in _CLASSES])

# The second version: class 61 stays in the list, as older loans are recorded by it.
SUBJECT_CLASS: Final = CodeList(
    "subject_class",
    "2",
    (*(Code(code, _label(fi, sv, en, sensitive=secret)) for code, fi, sv, en, _, _, secret in _CLASSES), *_PARTS),
)
