"""A report of the shape of the handbook's pilot, its numbers made up: counts, intervals and paths of nobody."""

from __future__ import annotations

import hashlib
import math

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Language, Text
from jalostamo.producing.results import Comparison, Estimate, Flow, GroupEstimate, Result, Scale
from jalostamo.utilising.publication.findings import finding_of
from jalostamo.utilising.publication.report import CHAIN_STEPS, Answer, ChainLink, Fact, Report

LABELS = {
    "fi": Text("suomenkieliset", "finskspråkiga", "Finnish-speaking"),
    "sv": Text("ruotsinkieliset", "svenskspråkiga", "Swedish-speaking"),
    "foreign": Text("vieraskieliset", "de med främmande modersmål", "foreign-language"),
    "domestic": Text("suomen- ja ruotsinkieliset", "finsk- och svenskspråkiga", "Finnish- and Swedish-speaking"),
    "preventive": Text("Ehkäisevät palvelut", "Förebyggande tjänster", "Preventive services"),
    "lighter": Text(
        "Sijoitusta kevyemmät palvelut", "Tjänster lättare än placering", "Services lighter than placement"
    ),
    "no_placement_12_months": Text(
        "Ilman sijoitusta 12 kuukautta", "Utan placering i 12 månader", "Without placement for 12 months"
    ),
    "FC": Text("Kasvatus- ja perhe\u00adneuvonta", "Familje\u00adrådgivning", "Family counselling"),
    "HS": Text("Lapsi\u00adperheiden kotipalvelu", "Hemservice för barnfamiljer", "Home service for families"),
    "NOT": Text("Lastensuojelu\u00adilmoitus", "Barnskydds\u00adanmälan", "Child welfare notification"),
    "ASM": Text("Palvelu\u00adtarpeen arviointi", "Bedömning av service\u00adbehovet", "Assessment of service need"),
    "FW": Text("Perhetyö", "Familjearbete", "Family work"),
    "IFW": Text("Tehostettu perhetyö", "Intensifierat familjearbete", "Intensified family work"),
    "SP": Text("Tukihenkilö tai tukiperhe", "Stödperson eller stödfamilj", "Support person or family"),
    "EMP": Text("Kiireellinen sijoitus", "Brådskande placering", "Emergency placement"),
    "OCP": Text("Avohuollon sijoitus", "Placering inom öppenvården", "Placement as open care"),
    "TIC": Text("Huostaan\u00adotto", "Omhändertagande", "Taken into care"),
    "AFT": Text("Jälkihuolto", "Eftervård", "Aftercare"),
}
GROUPS = {"fi": 1.0, "sv": 1.0, "foreign": 0.0}
CHILDREN = {"fi": 3412, "sv": 316, "foreign": 742}
YEARS = {"fi": 19_840.0, "sv": 1_862.0, "foreign": 4_106.0}
RELEASE = hashlib.sha256(b"release").hexdigest()


def share_of(subject: str, group: str, customers: int, base: int) -> GroupEstimate:
    """A share with Wilson's interval; standardised, it moves a little."""
    crude = _wilson(customers, base)
    moved = Estimate(crude.value * 1.01, crude.low * 1.01, crude.high * 1.01)
    return GroupEstimate(subject, group, customers, base, None, crude, moved)


def rate_of(subject: str, group: str, customers: int, base: int, years: float) -> GroupEstimate:
    """A rate per thousand years with an interval on the logarithmic scale."""
    value = 1000 * customers / years
    spread = math.exp(1.96 / math.sqrt(max(customers, 1)))
    crude = Estimate(value, value / spread, value * spread)
    moved = Estimate(crude.value * 0.98, crude.low * 0.98, crude.high * 0.98)
    return GroupEstimate(subject, group, customers, base, years, crude, moved)


def compared(subject: str, scale: Scale, found: tuple[GroupEstimate, GroupEstimate]) -> Comparison:
    """Foreign-language children against all others, from the standardised estimates."""
    one, other = (estimate.standardised or estimate.crude for estimate in found)
    if scale == "ratio":
        error = math.hypot(*(math.log(e.high / e.low) / 3.92 for e in (one, other)))
        value = one.value / other.value
        estimate = Estimate(value, value * math.exp(-1.96 * error), value * math.exp(1.96 * error))
        z = math.log(value) / error
    else:
        error = math.hypot(*((e.high - e.low) / 3.92 for e in (one, other)))
        value = one.value - other.value
        estimate = Estimate(value, value - 1.96 * error, value + 1.96 * error)
        z = value / error
    p = math.erfc(abs(z) / math.sqrt(2))
    return Comparison(subject, "foreign", "domestic", scale, estimate, p, min(1.0, 2 * p))


def reach() -> Result:
    """How preventive and lighter services reach children."""
    groups: list[GroupEstimate] = []
    for group, customers in {"fi": 1741, "sv": 166, "foreign": 258}.items():
        groups.append(rate_of("preventive", group, customers, CHILDREN[group], YEARS[group]))
    for group, (customers, base) in {"fi": (701, 1342), "sv": (66, 124), "foreign": (135, 382)}.items():
        groups.append(share_of("lighter", group, customers, base))
    groups.append(rate_of("preventive", "domestic", 1907, 3728, YEARS["fi"] + YEARS["sv"]))
    groups.append(share_of("lighter", "domestic", 767, 1466))
    comparisons = [compared(s, "ratio", _pair(groups, s)) for s in ("preventive", "lighter")]
    return _result("reach", "share", groups, comparisons)


def results() -> Result:
    """How many did without placement after the first lighter service."""
    counts = {"fi": (561, 701), "sv": (53, 66), "foreign": (92, 135), "domestic": (614, 767)}
    subject = "no_placement_12_months"
    groups = [share_of(subject, group, *count) for group, count in counts.items()]
    return _result("results", "share", groups, [compared(subject, "difference", _pair(groups, subject))])


VOLUMES = {
    "NOT": (812, 74, 232), "FC": (836, 79, 171), "ASM": (806, 73, 231), "HS": (498, 47, 66), "FW": (331, 29, 61),
    "IFW": (214, 20, 42), "SP": (182, 17, 35), "OCP": (121, 11, 43), "EMP": (71, 6, 48), "TIC": (82, 7, 29),
    "AFT": (24, 2, 6),
}  # fmt: skip


def volumes() -> Result:
    """How much each service is used."""
    groups: list[GroupEstimate] = []
    for service, (fi, sv, foreign) in VOLUMES.items():
        groups += [rate_of(service, g, n, CHILDREN[g], YEARS[g]) for g, n in zip(YEARS, (fi, sv, foreign), strict=True)]
        groups.append(rate_of(service, "domestic", fi + sv, 3728, YEARS["fi"] + YEARS["sv"]))
    comparisons = [compared(service, "ratio", _pair(groups, service)) for service in VOLUMES]
    return _result("volumes", "per_1000_years", groups, comparisons)


NEXT = {
    "NOT": {"ASM": (0.90, 0.91), "FC": (0.05, 0.05), "HS": (0.03, 0.02)},
    "ASM": {"FW": (0.27, 0.19), "IFW": (0.18, 0.13), "SP": (0.14, 0.09), "EMP": (0.08, 0.20), "FC": (0.07, 0.06),
            "HS": (0.05, 0.02), "OCP": (0.03, 0.05)},
    "FW": {"FC": (0.08, 0.07), "OCP": (0.10, 0.18), "TIC": (0.05, 0.09), "NOT": (0.12, 0.11), "HS": (0.06, 0.03)},
    "IFW": {"OCP": (0.14, 0.20), "TIC": (0.06, 0.11), "NOT": (0.10, 0.12), "SP": (0.06, 0.04)},
    "SP": {"OCP": (0.09, 0.15), "NOT": (0.10, 0.10), "FC": (0.07, 0.06)},
    "EMP": {"FW": (0.30, 0.22), "OCP": (0.25, 0.30), "IFW": (0.16, 0.14), "TIC": (0.08, 0.12)},
    "FC": {"NOT": (0.10, 0.12), "HS": (0.08, 0.05), "FW": (0.06, 0.04)},
    "HS": {"FC": (0.12, 0.10), "NOT": (0.10, 0.13)},
    "OCP": {"TIC": (0.16, 0.18), "FW": (0.10, 0.08)},
    "TIC": {"AFT": (0.16, 0.14)},
}  # fmt: skip


def paths() -> Result:
    """Which service follows which."""
    flows: list[Flow] = []
    for place, (group, starters) in enumerate({"domestic": 886, "foreign": 232}.items()):
        here = {"NOT": starters}
        for step in range(1, 5):
            here = _step(group, step, here, place, flows)
    groups: list[GroupEstimate] = []
    comparisons = []
    for target, (domestic, foreign) in NEXT["ASM"].items():
        subject = f"ASM>{target}"
        pair = (
            share_of(subject, "foreign", round(231 * foreign), 231),
            share_of(subject, "domestic", round(879 * domestic), 879),
        )
        groups += [pair[1], pair[0]]
        comparisons.append(compared(subject, "difference", pair))
    result = _result("paths", "share", groups, comparisons)
    return Result(result.name, result.method, result.unit, result.scale, result.definition, RELEASE, result.groups,
                  result.comparisons, tuple(flows))  # fmt: skip


def sample_report(language: Language = "fi") -> Report:
    """The whole report, opening in one language."""
    texts = zip((reach(), results(), volumes(), paths()), QUESTIONS, MEASURES, strict=True)
    answers = tuple(Answer(r, question, finding_of(r, LABELS), measure, NOTES) for r, question, measure in texts)
    chain = tuple(
        ChainLink(step, Text(*titles), hashlib.sha256(step.encode()).hexdigest(), facts)
        for step, (titles, facts) in zip(CHAIN_STEPS, CHAIN, strict=True)
    )
    return Report(
        title=Text("Tavoittavatko lastensuojelun palvelut perheet kielestä riippumatta?",
                   "Når barnskyddets tjänster familjerna oberoende av språk?",
                   "Do child protective services reach families whatever their language?"),
        need=NEED, language=language, period=("2010-01-01", "2016-12-31"), marking="synthetic", level="demo",
        made="2026-11-22", answers=answers, labels=LABELS, facts=FACTS,
        loss=(("fi", 16_902, 31), ("sv", 1_402, 22), ("foreign", 1_696, 118)), chain=chain,
    )  # fmt: skip


NEED = Text(
    "Lastensuojelun tarve on kasvanut viime vuosina, etenkin raskaampien palvelujen. Miten palveluja voisi kehittää niin, "
    "että ne palvelevat paremmin sekä kantaväestöä että maahanmuuttajaperheitä?",
    "Behovet av barnskydd har ökat de senaste åren, särskilt av mer omfattande tjänster. Hur kan tjänsterna utvecklas så "
    "att de bättre betjänar både den inhemska befolkningen och invandrarfamiljer?",
    "The need for child protective services has increased in recent years, especially for more extensive services. How "
    "could the services be developed to better serve both the indigenous population and immigrant families?",
)
QUESTIONS = (
    Text("Miten ehkäisevät ja sijoitusta kevyemmät palvelut tavoittavat maahanmuuttajaperheiden lapset?",
         "Hur når förebyggande tjänster och tjänster lättare än placering barn i invandrarfamiljer?",
         "How do preventive services and services lighter than placement reach the children of immigrant families?"),
    Text("Millaisia tuloksia palvelut tuottavat lapsille verrattuna suomen- ja ruotsinkielisiin perheisiin?",
         "Hur väl når tjänsterna resultat för barnen jämfört med finsk- och svenskspråkiga familjer?",
         "How well do these services achieve results, compared to families whose native language is Finnish or Swedish?"),
    Text("Kuinka paljon eri palveluja käytetään, ja miten käyttö eroaa kielen mukaan?",
         "Hur mycket används de olika tjänsterna, och hur skiljer sig användningen efter språk?",
         "How much are the different services being used, and how does their use differ by language?"),
    Text("Millaisia ovat asiakaspolut eri palveluihin, ja eroavatko ne kielen mukaan?",
         "Hurdana är kundvägarna till de olika tjänsterna, och skiljer de sig efter språk?",
         "What are the customer paths to the different services, and do they differ by language?"),
)  # fmt: skip
MEASURES = (
    Text("Lapset, joille palvelu alkoi 12 kuukauden kuluessa ensimmäisestä ilmoituksesta; ehkäisevistä palveluista "
         "asiakkaat 1 000 lapsivuotta kohden. Yksikkö: henkilö.",
         "Barn för vilka en tjänst började inom 12 månader från första anmälan; för förebyggande tjänster klienter per "
         "1 000 barnår. Enhet: person.",
         "Children for whom a service started within 12 months of the first notification; for preventive services, "
         "customers per 1,000 child-years. Unit: person."),
    Text("Lapset, joille ensimmäinen kevyempi palvelu alkoi viimeistään 31.12.2015, ja joita ei sijoitettu 12 kuukauden "
         "kuluessa. Yksikkö: henkilö.",
         "Barn vars första lättare tjänst började senast 31.12.2015 och som inte placerades inom 12 månader. Enhet: person.",
         "Children whose first lighter service started by 31 Dec 2015, and who were not placed within 12 months. "
         "Unit: person."),
    Text("Eri asiakkaat, joille palvelu alkoi, 1 000 asuttua lapsivuotta kohden 2010–2016. Yksikkö: henkilö.",
         "Olika klienter för vilka tjänsten började per 1 000 barnår 2010–2016. Enhet: person.",
         "Distinct customers for whom the service started per 1,000 child-years of residence, 2010–2016. Unit: person."),
    Text("Lapset, joille arviointi tehtiin; seuraava palvelu sen jälkeen. Poluista neljä ensimmäistä palvelua ensimmäisestä "
         "ilmoituksesta alkaen. Yksikkö: henkilö.",
         "Barn som bedömdes; nästa tjänst efter det. Av vägarna de fyra första tjänsterna från första anmälan. Enhet: person.",
         "Children who were assessed; the next service after it. Of the paths, the first four services from the first "
         "notification on. Unit: person."),
)  # fmt: skip
NOTES = (
    Text("Luvut kuvaavat yhteyttä, eivät syytä.", "Siffrorna visar samband, inte orsak.",
         "The figures show association, not cause."),
    Text("Ikä on kalenterivuosi miinus syntymävuosi; ikäluokat 0–2, 3–6, 7–12 ja 13–17.",
         "Ålder är kalenderår minus födelseår; åldersklasser 0–2, 3–6, 7–12 och 13–17.",
         "Age is calendar year less birth year; age bands 0–2, 3–6, 7–12 and 13–17."),
)  # fmt: skip
FACTS = (
    Fact(Text("Henkilöä luovutuksessa", "Personer i utlämningen", "Persons in the release"), 19_829),
    Fact(Text("Asiakkaista yhdistettiin väestötietoihin", "Av klienterna kopplades till befolkningsdata",
              "Of customers linked to the population register"), 0.974,
         Text("9 näköiskoodia hylättiin", "9 liknande koder avvisades", "9 look-alike codes refused")),
    Fact(Text("Henkilöä poistettiin valmistelussa", "Personer togs bort i beredningen", "Persons removed in preparation"), 171),
    Fact(Text("Pienin ryhmä (k)", "Minsta grupp (k)", "Smallest class (k)"), 5),
)  # fmt: skip
CHAIN = (
    (("Lupa ja tilaus", "Tillstånd och beställning", "Permit and order"), "2026-11-02"),
    (("Kaksi rekisteriä", "Två register", "Two registers"), "20 031 + 9 644"),
    (("Henkilötunnuksella", "Med personbeteckning", "By personal identity code"), "4 812 / 4 938"),
    (("Pseudonymit ja luokat", "Pseudonymer och klasser", "Pseudonyms and classes"), "k = 5"),
    (("Analyytikon aineisto", "Analytikerns material", "The analyst's material"), "19 829"),
    (("Neljä vastausta", "Fyra svar", "Four answers"), "4"),
    (("Tämä sivu", "Den här sidan", "This page"), "fi, sv, en"),
)  # fmt: skip


def _step(group: str, step: int, here: dict[str, int], place: int, flows: list[Flow]) -> dict[str, int]:
    there: dict[str, int] = {}
    for source, customers in here.items():
        going = {t: round(customers * shares[place]) for t, shares in NEXT.get(source, {}).items()}
        flows += [Flow(group, step, source, target, n) for target, n in going.items() if n]
        ended = customers - sum(going.values())
        flows += [Flow(group, step, source, "", ended)] if ended > 0 else []
        for target, n in going.items():
            there[target] = there.get(target, 0) + n
    return {service: n for service, n in there.items() if n}


def _pair(groups: list[GroupEstimate], subject: str) -> tuple[GroupEstimate, GroupEstimate]:
    found = {g.group: g for g in groups if g.subject == subject}
    return found["foreign"], found["domestic"]


def _result(name: str, scale: Scale, groups: list[GroupEstimate], comparisons: list[Comparison]) -> Result:
    definition = hashlib.sha256(name.encode()).hexdigest()
    return Result(name, name, CustomerKind.PERSON, scale, definition, RELEASE, tuple(groups), tuple(comparisons))


def _wilson(customers: int, base: int) -> Estimate:
    share, z = customers / base, 1.96
    middle = (share + z * z / (2 * base)) / (1 + z * z / base)
    half = z / (1 + z * z / base) * math.sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    return Estimate(share, min(middle - half, share), max(middle + half, share))
