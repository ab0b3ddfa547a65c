"""The closed vocabularies of the schools' old system: short codes, other than anybody else's.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import listed

# A school for the first six grades in each district, in the order of the districts.
_SCHOOLS: Final = (
    ("K01", "Keskustan koulu", "Centrums skola", "Town Centre School"),
    ("K02", "Satamarannan koulu", "Hamnstrandens skola", "Harbourside School"),
    ("K03", "Kirkkomäen koulu", "Kyrkbackens skola", "Church Hill School"),
    ("K04", "Asemanseudun koulu", "Stationstraktens skola", "Station Quarter School"),
    ("K05", "Lehtosaaren koulu", "Lundholmens skola", "Grove Island School"),
    ("K06", "Myllyniityn koulu", "Kvarnängens skola", "Mill Meadow School"),
    ("K07", "Koivurinteen koulu", "Björkbrinkens skola", "Birch Slope School"),
    ("K08", "Kalliopuiston koulu", "Bergsparkens skola", "Rock Park School"),
    ("K09", "Peltokylän koulu", "Åkerbyns skola", "Field Village School"),
    ("K10", "Tiilitehtaan koulu", "Tegelbrukets skola", "Brickworks School"),
    ("K11", "Järvenpäädyn koulu", "Sjöändans skola", "Lake End School"),
    ("K12", "Metsänreunan koulu", "Skogsbrynets skola", "Forest Edge School"),
    ("Y01", "Sataman yläkoulu", "Hamnens högstadium", "Harbour Lower Secondary"),
    ("Y02", "Asemapellon yläkoulu", "Stationsåkerns högstadium", "Station Field Lower Secondary"),
    ("Y03", "Kallion yläkoulu", "Bergets högstadium", "Rock Lower Secondary"),
    ("Y04", "Järven yläkoulu", "Sjöns högstadium", "Lake Lower Secondary"),
    ("R01", "Ruotsinkielinen koulu", "Svenska skolan", "Swedish-language School"),
)
_CLASS_LANGUAGES: Final = (("S", "suomi", "finska", "Finnish"), ("R", "ruotsi", "svenska", "Swedish"))
_HOME_LANGUAGES: Final = (
    ("SU", "suomi", "finska", "Finnish"),
    ("RU", "ruotsi", "svenska", "Swedish"),
    ("MU", "muu", "annat", "Other"),
)
_SEXES: Final = (("P", "poika", "pojke", "Boy"), ("T", "tyttö", "flicka", "Girl"))
_ABSENCES: Final = (
    ("S", "Sairaus", "Sjukdom", "Illness"),
    ("L", "Luvallinen poissaolo", "Beviljad frånvaro", "Leave granted"),
    ("M", "Myöhästyminen", "Försening", "Lateness"),
    ("H", "Terveydenhuollon käynti", "Besök i hälsovården", "Visit to health care"),
    ("K", "Kilpailu tai harrastus", "Tävling eller hobby", "Competition or hobby"),
    ("O", "Opiskelijahuollon käynti", "Besök i elevvården", "Visit to pupil welfare"),
    ("R", "Ryhmä muualla", "Gruppen på annat håll", "Group elsewhere"),
    ("U", "Uskonnollinen juhla", "Religiös fest", "Religious holiday"),
    ("V", "Matka huoltajan kanssa", "Resa med vårdnadshavare", "Journey with guardian"),
    ("P", "Poistettu oppitunnilta", "Avlägsnad från lektion", "Sent out of a lesson"),
    ("T", "Tuntematon syy", "Okänd orsak", "Reason unknown"),
    ("Y", "Yksittäisiä tunteja luvatta", "Enstaka timmar olovligt", "Single lessons without leave"),
)
_PROFESSIONS: Final = (
    ("PS", "Koulupsykologi", "Skolpsykolog", "School psychologist"),
    ("KU", "Koulukuraattori", "Skolkurator", "School social worker"),
    ("TH", "Kouluterveydenhoitaja", "Skolhälsovårdare", "School nurse"),
)
_WELFARE_REASONS: Final = (
    ("01", "Oppimisen vaikeus", "Inlärningssvårighet", "Difficulty in learning"),
    ("02", "Lukeminen ja kirjoittaminen", "Läsning och skrivning", "Reading and writing"),
    ("03", "Matematiikka", "Matematik", "Mathematics"),
    ("04", "Keskittyminen", "Koncentration", "Concentration"),
    ("05", "Koulumotivaatio", "Skolmotivation", "Motivation"),
    ("06", "Kaverisuhteet", "Kamratrelationer", "Friends"),
    ("07", "Vanhempien välinen riita", "Tvist mellan föräldrarna", "Dispute between parents"),
    ("08", "Kiusaaminen", "Mobbning", "Bullying"),
    ("09", "Jännittäminen", "Nervositet", "Nervousness"),
    ("10", "Alakulo", "Nedstämdhet", "Low spirits"),
    ("11", "Uni ja väsymys", "Sömn och trötthet", "Sleep and tiredness"),
    ("12", "Väkivallan kokemus", "Upplevelse av våld", "Experience of violence"),
    ("13", "Suru tai menetys", "Sorg eller förlust", "Grief or loss"),
    ("14", "Vanhempien ero", "Föräldrarnas skilsmässa", "Parents' separation"),
    ("15", "Uhmakkuus", "Trots", "Defiance"),
    ("16", "Käytös luokassa", "Beteende i klassen", "Conduct in class"),
    ("17", "Pelaaminen ja ruutuaika", "Spelande och skärmtid", "Games and screens"),
    ("18", "Ravinto", "Kost", "Nutrition"),
    ("19", "Pituuskasvu ja paino", "Längd och vikt", "Height and weight"),
    ("20", "Rokotus", "Vaccination", "Vaccination"),
    ("21", "Pieni tapaturma", "Litet olycksfall", "Small accident"),
    ("22", "Koulun vaihto", "Skolbyte", "Change of school"),
    ("23", "Kielen oppiminen", "Språkinlärning", "Learning of the language"),
    ("24", "Jatko-opinnot", "Fortsatta studier", "Further studies"),
)
_WELFARE_OUTCOMES: Final = (
    ("K", "Keskustelu riitti", "Samtalet räckte", "The talk was enough"),
    ("J", "Uusi aika", "Ny tid", "A new time"),
    ("R", "Ryhmään ohjattu", "Till en grupp", "Led to a group"),
    ("O", "Ohjattu muualle", "Hänvisad vidare", "Referred elsewhere"),
    ("H", "Yhteys huoltajaan", "Kontakt med vårdnadshavare", "Contact with guardian"),
)
_SUPPORT_LEVELS: Final = (
    ("T", "Tehostettu tuki", "Intensifierat stöd", "Intensified support"),
    ("E", "Erityinen tuki", "Särskilt stöd", "Special support"),
)
_SUBJECTS: Final = (
    ("AI", "Äidinkieli", "Modersmål", "Mother tongue"),
    ("MA", "Matematiikka", "Matematik", "Mathematics"),
    ("S2", "Suomi toisena kielenä", "Finska som andraspråk", "Finnish as a second language"),
    ("EN", "Englanti", "Engelska", "English"),
    ("RU", "Ruotsi", "Svenska", "Swedish"),
    ("YM", "Ympäristöoppi", "Omgivningslära", "Environmental studies"),
    ("LI", "Liikunta", "Gymnastik", "Physical education"),
    ("KA", "Kaikki aineet", "Alla ämnen", "All subjects"),
)

SCHOOL: Final = listed("school", *_SCHOOLS)
CLASS_LANGUAGE: Final = listed("class_language", *_CLASS_LANGUAGES)
HOME_LANGUAGE: Final = listed("home_language", *_HOME_LANGUAGES)
SEX: Final = listed("sex", *_SEXES)
ABSENCE: Final = listed("absence_reason", *_ABSENCES)
PROFESSION: Final = listed("profession", *_PROFESSIONS)
WELFARE_REASON: Final = listed("welfare_reason", *_WELFARE_REASONS)
WELFARE_OUTCOME: Final = listed("welfare_outcome", *_WELFARE_OUTCOMES)
SUPPORT_LEVEL: Final = listed("support_level", *_SUPPORT_LEVELS)
SUBJECT: Final = listed("subject", *_SUBJECTS)
