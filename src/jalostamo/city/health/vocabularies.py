"""The closed vocabularies of the health services: their own codes for what other systems call otherwise.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.health.reasons import REASONS
from jalostamo.city.vocabularies import listed

_FORMS: Final = (
    ("REC", "Vastaanotto", "Mottagning", "Reception"),
    ("PHO", "Puhelinyhteydenotto", "Telefonkontakt", "Phone contact"),
    ("HOM", "Kotikäynti", "Hembesök", "Home visit"),
    ("REM", "Etävastaanotto", "Distansmottagning", "Remote reception"),
    ("DEN", "Suun terveydenhuolto", "Munhälsovård", "Dental care"),
    ("CHC", "Neuvola", "Barnrådgivning", "Child health clinic"),
    ("SCH", "Kouluterveydenhuolto", "Skolhälsovård", "School health care"),
    ("MEN", "Mielenterveyspalvelu", "Mentalvårdstjänst", "Mental health service"),
    ("SUB", "Päihdepalvelu", "Missbrukartjänst", "Substance abuse service"),
)
_UNITS: Final = (
    ("HC1", "Keskustan terveysasema", "Centrums hälsostation", "Town Centre Health Station"),
    ("HC2", "Lehtosaaren terveysasema", "Lundholmens hälsostation", "Grove Island Health Station"),
    ("HC3", "Kalliopuiston terveysasema", "Bergsparkens hälsostation", "Rock Park Health Station"),
    ("HC4", "Järvenpäädyn terveysasema", "Sjöändans hälsostation", "Lake End Health Station"),
    ("CC1", "Itäinen neuvola", "Östra barnrådgivningen", "Eastern Child Health Clinic"),
    ("CC2", "Läntinen neuvola", "Västra barnrådgivningen", "Western Child Health Clinic"),
    ("DC1", "Itäinen hammashoitola", "Östra tandkliniken", "Eastern Dental Clinic"),
    ("DC2", "Läntinen hammashoitola", "Västra tandkliniken", "Western Dental Clinic"),
    ("SH1", "Itäinen kouluterveydenhuolto", "Östra skolhälsovården", "Eastern School Health Care"),
    ("SH2", "Läntinen kouluterveydenhuolto", "Västra skolhälsovården", "Western School Health Care"),
    ("MH1", "Itäinen mielenterveysyksikkö", "Östra mentalvårdsenheten", "Eastern Mental Health Unit"),
    ("MH2", "Läntinen mielenterveysyksikkö", "Västra mentalvårdsenheten", "Western Mental Health Unit"),
    ("SA1", "Päihdepoliklinikka", "Missbrukarpolikliniken", "Substance Abuse Clinic"),
    ("HM1", "Kotisairaanhoito", "Hemsjukvården", "Home Nursing"),
    (
        "TC1",
        "Terveysneuvonta ja etäpalvelut",
        "Hälsorådgivning och distanstjänster",
        "Health Advice and Remote Services",
    ),
)
_PROFESSIONS: Final = (
    ("DOC", "Lääkäri", "Läkare", "Doctor"),
    ("NUR", "Sairaanhoitaja", "Sjukskötare", "Nurse"),
    ("PHN", "Terveydenhoitaja", "Hälsovårdare", "Public health nurse"),
    ("PHY", "Fysioterapeutti", "Fysioterapeut", "Physiotherapist"),
    ("DNT", "Hammaslääkäri", "Tandläkare", "Dentist"),
    ("HYG", "Suuhygienisti", "Munhygienist", "Dental hygienist"),
    ("PSY", "Psykologi", "Psykolog", "Psychologist"),
    ("PSN", "Psykiatrinen sairaanhoitaja", "Psykiatrisk sjukskötare", "Psychiatric nurse"),
    ("SOC", "Sosiaalityöntekijä", "Socialarbetare", "Social worker"),
)
_OUTCOMES: Final = (
    ("DONE", "Asia hoidettu", "Ärendet klart", "Settled"),
    ("FOLL", "Seurantakäynti sovittu", "Uppföljning avtalad", "Follow-up agreed"),
    ("LABS", "Tutkimuksiin", "Till undersökningar", "Sent to tests"),
    ("MEDI", "Lääkitys aloitettu tai muutettu", "Medicinering inledd eller ändrad", "Medication begun or changed"),
    ("REFE", "Lähete erikoissairaanhoitoon", "Remiss till specialsjukvård", "Referred to specialised care"),
    ("SICK", "Sairauspoissaolotodistus", "Sjukintyg", "Certificate of sick leave"),
    ("SELF", "Itsehoito-ohjeet", "Egenvårdsanvisningar", "Advice on self-care"),
    ("NOSH", "Ei saapunut", "Uteblev", "Did not come"),
)
_LANGUAGES: Final = (
    ("fin", "suomi", "finska", "Finnish"),
    ("swe", "ruotsi", "svenska", "Swedish"),
    ("rus", "venäjä", "ryska", "Russian"),
    ("est", "viro", "estniska", "Estonian"),
    ("eng", "englanti", "engelska", "English"),
    ("som", "somali", "somaliska", "Somali"),
    ("ara", "arabia", "arabiska", "Arabic"),
    ("mis", "muu kieli", "annat språk", "Other language"),
    ("und", "ei tiedossa", "okänt", "Not known"),
)
_SEXES: Final = (("M", "mies", "man", "Male"), ("F", "nainen", "kvinna", "Female"))

FORM: Final = listed("form", *_FORMS)
UNIT: Final = listed("unit", *_UNITS)
PROFESSION: Final = listed("profession", *_PROFESSIONS)
OUTCOME: Final = listed("outcome", *_OUTCOMES)
LANGUAGE: Final = listed("language", *_LANGUAGES)
SEX: Final = listed("sex", *_SEXES)
REASON: Final = listed("reason", *REASONS)

RECEPTION, PHONE, HOME, REMOTE, DENTAL, CLINIC, SCHOOL, MENTAL, SUBSTANCE = range(len(_FORMS))
BY_APPOINTMENT: Final = (DENTAL, CLINIC, MENTAL, SUBSTANCE)
"""The forms whose units are closed at weekends and on holidays."""

# The services' code of each native language of the population register; every other is "mis".
LANGUAGE_OF: Final = {
    "fi": "fin", "sv": "swe", "ru": "rus", "et": "est", "en": "eng", "so": "som", "ar": "ara", "99": "und",
}  # fmt: skip
