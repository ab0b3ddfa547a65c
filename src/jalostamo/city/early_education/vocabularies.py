"""The closed vocabularies of early education, in words as its newer system writes them.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import listed

_FORMS: Final = (
    ("centre", "Päiväkoti", "Daghem", "Day-care centre"),
    ("family", "Perhepäivähoito", "Familjedagvård", "Family day care"),
    ("private", "Palveluseteli", "Servicesedel", "Private, with a voucher"),
    ("club", "Kerho", "Klubb", "Club"),
    ("preschool", "Esiopetus", "Förskola", "Preschool"),
    ("temporary", "Tilapäinen hoito", "Tillfällig vård", "Temporary care"),
)
# Two day-care centres in a district, in the order of the districts, then those of the whole town.
_DISTRICTS: Final = (
    ("Keskustan", "Centrums", "Town Centre"),
    ("Satamarannan", "Hamnstrandens", "Harbourside"),
    ("Kirkkomäen", "Kyrkbackens", "Church Hill"),
    ("Asemanseudun", "Stationstraktens", "Station Quarter"),
    ("Lehtosaaren", "Lundholmens", "Grove Island"),
    ("Myllyniityn", "Kvarnängens", "Mill Meadow"),
    ("Koivurinteen", "Björkbrinkens", "Birch Slope"),
    ("Kalliopuiston", "Bergsparkens", "Rock Park"),
    ("Peltokylän", "Åkerbyns", "Field Village"),
    ("Tiilitehtaan", "Tegelbrukets", "Brickworks"),
    ("Järvenpäädyn", "Sjöändans", "Lake End"),
    ("Metsänreunan", "Skogsbrynets", "Forest Edge"),
)
_CENTRES: Final = tuple(
    (f"ee-{number:02d}{letter}", f"{fi} päiväkoti {letter}", f"{sv} daghem {letter}", f"{en} Day Care {letter}")
    for number, (fi, sv, en) in enumerate(_DISTRICTS, start=1)
    for letter in "AB"
)
_ELSEWHERE: Final = (
    ("ee-family", "Perhepäivähoitajat", "Familjedagvårdarna", "Family day carers"),
    ("ee-private", "Yksityiset päiväkodit", "Privata daghem", "Private day-care centres"),
    ("ee-swedish", "Ruotsinkielinen päiväkoti", "Svenska daghemmet", "Swedish-language Day Care"),
)

FORM: Final = listed("form", *_FORMS)
UNIT: Final = listed("unit", *_CENTRES, *_ELSEWHERE)
CENTRES_OF_A_DISTRICT: Final = 2

CENTRE, FAMILY, PRIVATE, CLUB, PRESCHOOL, TEMPORARY = range(len(_FORMS))
