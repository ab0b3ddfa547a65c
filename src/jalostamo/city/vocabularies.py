"""The closed vocabularies of the town's two registers, and where speakers of each language come from.

A person's language, country or district is a place in these lists.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.languages import Text

VERSION: Final = "1"
DOMESTIC_LANGUAGES: Final = 2
"""The first two of the languages are the domestic ones."""

_LANGUAGES: Final = (
    ("fi", "suomi", "finska", "Finnish"),
    ("sv", "ruotsi", "svenska", "Swedish"),
    ("ru", "venäjä", "ryska", "Russian"),
    ("et", "viro", "estniska", "Estonian"),
    ("so", "somali", "somaliska", "Somali"),
    ("en", "englanti", "engelska", "English"),
    ("ar", "arabia", "arabiska", "Arabic"),
    ("ku", "kurdi", "kurdiska", "Kurdish"),
    ("sq", "albania", "albanska", "Albanian"),
    ("zh", "kiina", "kinesiska", "Chinese"),
    ("fa", "persia", "persiska", "Persian"),
    ("vi", "vietnam", "vietnamesiska", "Vietnamese"),
    ("es", "espanja", "spanska", "Spanish"),
    ("tr", "turkki", "turkiska", "Turkish"),
    ("th", "thai", "thailändska", "Thai"),
    ("de", "saksa", "tyska", "German"),
    ("fr", "ranska", "franska", "French"),
    ("hi", "hindi", "hindi", "Hindi"),
    ("ur", "urdu", "urdu", "Urdu"),
    ("lv", "latvia", "lettiska", "Latvian"),
    ("uk", "ukraina", "ukrainska", "Ukrainian"),
    ("ro", "romania", "rumänska", "Romanian"),
    ("pt", "portugali", "portugisiska", "Portuguese"),
    ("sw", "swahili", "swahili", "Swahili"),
    ("pl", "puola", "polska", "Polish"),
    ("ne", "nepali", "nepali", "Nepali"),
    ("bn", "bengali", "bengali", "Bengali"),
    ("it", "italia", "italienska", "Italian"),
    ("hu", "unkari", "ungerska", "Hungarian"),
    ("tl", "tagalog", "tagalog", "Tagalog"),
    ("bg", "bulgaria", "bulgariska", "Bulgarian"),
    ("99", "tuntematon", "okänt", "Unknown"),
)
_COUNTRIES: Final = (
    ("FIN", "Suomi", "Finland", "Finland"),
    ("SWE", "Ruotsi", "Sverige", "Sweden"),
    ("EST", "Viro", "Estland", "Estonia"),
    ("RUS", "Venäjä", "Ryssland", "Russia"),
    ("SOM", "Somalia", "Somalia", "Somalia"),
    ("KEN", "Kenia", "Kenya", "Kenya"),
    ("GBR", "Iso-Britannia", "Storbritannien", "United Kingdom"),
    ("USA", "Yhdysvallat", "Förenta staterna", "United States"),
    ("NGA", "Nigeria", "Nigeria", "Nigeria"),
    ("IRQ", "Irak", "Irak", "Iraq"),
    ("SYR", "Syyria", "Syrien", "Syria"),
    ("MAR", "Marokko", "Marocko", "Morocco"),
    ("TUR", "Turkki", "Turkiet", "Turkey"),
    ("IRN", "Iran", "Iran", "Iran"),
    ("AFG", "Afganistan", "Afghanistan", "Afghanistan"),
    ("XKX", "Kosovo", "Kosovo", "Kosovo"),
    ("ALB", "Albania", "Albanien", "Albania"),
    ("CHN", "Kiina", "Kina", "China"),
    ("VNM", "Vietnam", "Vietnam", "Viet Nam"),
    ("ESP", "Espanja", "Spanien", "Spain"),
    ("COL", "Kolumbia", "Colombia", "Colombia"),
    ("THA", "Thaimaa", "Thailand", "Thailand"),
    ("DEU", "Saksa", "Tyskland", "Germany"),
    ("FRA", "Ranska", "Frankrike", "France"),
    ("COD", "Kongon demokraattinen tasavalta", "Demokratiska republiken Kongo", "Congo (Democratic Republic)"),
    ("IND", "Intia", "Indien", "India"),
    ("PAK", "Pakistan", "Pakistan", "Pakistan"),
    ("LVA", "Latvia", "Lettland", "Latvia"),
    ("UKR", "Ukraina", "Ukraina", "Ukraine"),
    ("ROU", "Romania", "Rumänien", "Romania"),
    ("BRA", "Brasilia", "Brasilien", "Brazil"),
    ("TZA", "Tansania", "Tanzania", "Tanzania"),
    ("POL", "Puola", "Polen", "Poland"),
    ("NPL", "Nepal", "Nepal", "Nepal"),
    ("BGD", "Bangladesh", "Bangladesh", "Bangladesh"),
    ("ITA", "Italia", "Italien", "Italy"),
    ("HUN", "Unkari", "Ungern", "Hungary"),
    ("PHL", "Filippiinit", "Filippinerna", "Philippines"),
    ("BGR", "Bulgaria", "Bulgarien", "Bulgaria"),
)
_DISTRICTS: Final = (
    ("01", "Keskusta", "Centrum", "Town Centre"),
    ("02", "Satamaranta", "Hamnstranden", "Harbourside"),
    ("03", "Kirkkomäki", "Kyrkbacken", "Church Hill"),
    ("04", "Asemanseutu", "Stationstrakten", "Station Quarter"),
    ("05", "Lehtosaari", "Lundholmen", "Grove Island"),
    ("06", "Myllyniitty", "Kvarnängen", "Mill Meadow"),
    ("07", "Koivurinne", "Björkbrinken", "Birch Slope"),
    ("08", "Kalliopuisto", "Bergsparken", "Rock Park"),
    ("09", "Peltokylä", "Åkerbyn", "Field Village"),
    ("10", "Tiilitehdas", "Tegelbruket", "Brickworks"),
    ("11", "Järvenpääty", "Sjöändan", "Lake End"),
    ("12", "Metsänreuna", "Skogsbrynet", "Forest Edge"),
)
_SERVICES: Final = (
    ("FC", "Kasvatus- ja perheneuvonta", "Familjerådgivning", "Family counselling"),
    ("HS", "Lapsiperheiden kotipalvelu", "Hemservice för barnfamiljer", "Home service for families with children"),
    ("NOT", "Lastensuojeluilmoitus", "Barnskyddsanmälan", "Child welfare notification"),
    ("ASM", "Palvelutarpeen arviointi", "Bedömning av servicebehovet", "Assessment of service need"),
    ("FW", "Perhetyö", "Familjearbete", "Family work"),
    ("IFW", "Tehostettu perhetyö", "Intensifierat familjearbete", "Intensified family work"),
    ("SP", "Tukihenkilö tai tukiperhe", "Stödperson eller stödfamilj", "Support person or support family"),
    ("EMP", "Kiireellinen sijoitus", "Brådskande placering", "Emergency placement"),
    ("OCP", "Avohuollon sijoitus", "Placering inom öppenvården", "Placement as open care"),
    ("TIC", "Huostaanotto", "Omhändertagande", "Taking into care"),
    ("AFT", "Jälkihuolto", "Eftervård", "Aftercare"),
)
_UNITS: Final = (
    ("PKI", "Perhekeskus Itä", "Familjecentret Öst", "Family Centre East"),
    ("PKL", "Perhekeskus Länsi", "Familjecentret Väst", "Family Centre West"),
    ("PNE", "Perheneuvola", "Familjerådgivningen", "Family Counselling Clinic"),
    ("VAS", "Lastensuojelun vastaanotto", "Barnskyddets mottagning", "Child Welfare Reception"),
    ("SPK", "Sosiaali- ja kriisipäivystys", "Social- och krisjouren", "Social and Crisis Emergency Services"),
    ("SIJ", "Sijais- ja jälkihuolto", "Vård utom hemmet och eftervård", "Substitute Care and Aftercare"),
)
_RECORDED_LANGUAGES: Final = (
    ("FI", "suomi", "finska", "Finnish"),
    ("SV", "ruotsi", "svenska", "Swedish"),
    ("MUU", "muu kieli", "annat språk", "Other language"),
)
_SEXES: Final = (("1", "mies", "man", "Male"), ("2", "nainen", "kvinna", "Female"))


def listed(name: str, *rows: tuple[str, str, str, str]) -> CodeList:
    """A code list of rows: the code, and what it means in Finnish, Swedish and English."""
    return CodeList(name, VERSION, tuple(Code(code, Text(fi, sv, en)) for code, fi, sv, en in rows))


NATIVE_LANGUAGE: Final = listed("native_language", *_LANGUAGES)
COUNTRY: Final = listed("country", *_COUNTRIES)
DISTRICT: Final = listed("district", *_DISTRICTS)
SEX: Final = listed("sex", *_SEXES)
SERVICE: Final = listed("service", *_SERVICES)
UNIT: Final = listed("unit", *_UNITS)
RECORDED_LANGUAGE: Final = listed("recorded_language", *_RECORDED_LANGUAGES)

UNKNOWN_LANGUAGE: Final = NATIVE_LANGUAGE.allowed.index("99")
FC, HS, NOT, ASM, FW, IFW, SP, EMP, OCP, TIC, AFT = range(len(_SERVICES))

# How common each language is among the foreign ones, and where its speakers were born if not in Finland.
FOREIGN_ORIGINS: Final[dict[str, tuple[float, dict[str, float]]]] = {
    "ru": (0.20, {"RUS": 0.80, "EST": 0.12, "UKR": 0.08}),
    "et": (0.15, {"EST": 0.98, "RUS": 0.02}),
    "so": (0.10, {"SOM": 0.90, "KEN": 0.10}),
    "en": (0.07, {"GBR": 0.30, "USA": 0.25, "NGA": 0.30, "KEN": 0.15}),
    "ar": (0.08, {"IRQ": 0.60, "SYR": 0.20, "MAR": 0.20}),
    "ku": (0.05, {"IRQ": 0.50, "TUR": 0.30, "IRN": 0.20}),
    "sq": (0.05, {"XKX": 0.90, "ALB": 0.10}),
    "zh": (0.045, {"CHN": 1.0}),
    "fa": (0.03, {"IRN": 0.55, "AFG": 0.45}),
    "vi": (0.03, {"VNM": 1.0}),
    "es": (0.03, {"ESP": 0.55, "COL": 0.45}),
    "tr": (0.025, {"TUR": 1.0}),
    "th": (0.02, {"THA": 1.0}),
    "de": (0.02, {"DEU": 1.0}),
    "fr": (0.02, {"FRA": 0.60, "COD": 0.40}),
    "hi": (0.015, {"IND": 1.0}),
    "ur": (0.015, {"PAK": 1.0}),
    "lv": (0.01, {"LVA": 1.0}),
    "uk": (0.01, {"UKR": 1.0}),
    "ro": (0.01, {"ROU": 1.0}),
    "pt": (0.01, {"BRA": 1.0}),
    "sw": (0.01, {"COD": 0.60, "TZA": 0.40}),
    "pl": (0.012, {"POL": 1.0}),
    "ne": (0.012, {"NPL": 1.0}),
    "bn": (0.01, {"BGD": 0.85, "IND": 0.15}),
    "it": (0.008, {"ITA": 1.0}),
    "hu": (0.006, {"HUN": 0.80, "ROU": 0.20}),
    "tl": (0.012, {"PHL": 1.0}),
    "bg": (0.006, {"BGR": 1.0}),
}
