"""What is written in and beside the figures of a result: titles, scales and the heads of tables, in three languages.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.utilising.publication.terms import CUSTOMERS, DIFFERS, FROM, GROUP, NOT_FOUND, SERVICE, TO

CAPTIONS: Final[dict[str, Text]] = {
    "share_title": Text(
        "{subject}: osuus ja 95\u00a0%:n luottamusväli",
        "{subject}: andel och 95\u00a0% konfidensintervall",
        "{subject}: share, with its 95\u00a0% interval",
    ),
    "rate_title": Text(
        "{subject}: asiakkaita 1\u00a0000 lapsivuotta kohden ja 95\u00a0%:n luottamusväli",
        "{subject}: klienter per 1\u00a0000 barnår och 95\u00a0% konfidensintervall",
        "{subject}: customers per 1,000 child-years, with 95\u00a0% interval",
    ),
    "blocks_rate_title": Text(
        "Asiakkaita 1\u00a0000 lapsivuotta kohden palveluittain ja 95\u00a0%:n luottamusväli",
        "Klienter per 1\u00a0000 barnår efter tjänst och 95\u00a0% konfidensintervall",
        "Customers of each service per 1,000 child-years, with 95\u00a0% interval",
    ),
    "blocks_share_title": Text(
        "Osuudet ja 95\u00a0%:n luottamusvälit",
        "Andelar och 95\u00a0% konfidensintervall",
        "Shares, with 95\u00a0% intervals",
    ),
    "ratio_title": Text(
        "Suhde: {group} verrattuna ryhmään {reference}",
        "Kvot: {group} jämfört med {reference}",
        "Ratio: {group} compared with {reference}",
    ),
    "difference_title": Text(
        "Erotus prosenttiyksikköinä: {group} verrattuna ryhmään {reference}",
        "Skillnad i procentenheter: {group} jämfört med {reference}",
        "Difference in percentage points: {group} compared with {reference}",
    ),
    "after_title": Text(
        "Palvelun ”{source}” jälkeen: {title}", "Efter {source}: {title}", "Next after {source}: {title}"
    ),
    "paths_title": Text(
        "{group}: {customers} asiakkaan polut",
        "{group}: {customers} klienters stigar",
        "{group}: the paths of {customers} customers",
    ),
    "of_base": Text("{customers} / {base}", "{customers} / {base}", "{customers} of {base}"),
    "customers": Text("{customers} asiakasta", "{customers} klienter", "{customers} customers"),
    "n": Text("n\u00a0{customers}", "n\u00a0{customers}", "n\u00a0{customers}"),
    "years": Text("{years} vuotta", "{years} år", "{years} years"),
    "counted": Text("laskettu {value}", "räknat {value}", "counted {value}"),
    "value": Text("Arvo", "Värde", "Value"),
    "interval": Text("95\u00a0%:n väli", "95\u00a0% intervall", "95\u00a0% interval"),
    "base": CUSTOMERS,
    "as_counted": Text("Laskettuna", "Som räknat", "As counted"),
    "group": GROUP,
    "less": Text("vähemmän", "mindre", "less"),
    "none": Text("ei eroa", "ingen skillnad", "no difference"),
    "more": Text("enemmän", "mer", "more"),
    "not_found": NOT_FOUND,
    "differs": DIFFERS,
    "too_few": Text("liian vähän vertailuun", "för få att jämföra", "too few to compare"),
    "step": Text("{number}. palvelu", "Tjänst {number}", "Service {number}"),
    "ends": Text("Ei uutta palvelua", "Ingen ny tjänst", "No further service"),
    "others": Text("Muut palvelut", "Övriga tjänster", "Other services"),
    "then": Text("{source}, sitten {target}", "{source}, sedan {target}", "{source}, then {target}"),
    "paths_reading": Text(
        "Virran leveys on osuus ryhmän asiakkaista. Missä väri on vahvempi, ryhmien seuraavat askeleet eroavat.",
        "Strömmens bredd är andelen av gruppens klienter. Där färgen är starkare skiljer sig gruppernas nästa steg.",
        "The width of a stream is the share of the group's customers. Where its colour is stronger, the groups' next steps "
        "differ.",
    ),
    "estimates_table": Text(
        "Arvio ja sen väli ryhmittäin, n = asiakkaita",
        "Skattning och intervall efter grupp, n = klienter",
        "Estimate and interval by group, n = customers",
    ),
    "aged_table": Text(
        "Ikävakioitu arvio ja sen väli ryhmittäin, n = asiakkaita, ja laskettu luku",
        "Åldersstandardiserad skattning och intervall efter grupp, n = klienter, och räknat tal",
        "Estimate with ages standardised and interval by group, n = customers, and the figure as counted",
    ),
    "services_table": Text(
        "Palvelut vaiheittain: osuus ryhmästä ja asiakkaita",
        "Tjänsterna per skede: andel av gruppen och klienter",
        "The services at each stage: share of the group, and customers",
    ),
    "paths_table": Text(
        "Palvelusta seuraavaan: osuus ryhmästä ja asiakkaita",
        "Från en tjänst till nästa: andel av gruppen och klienter",
        "From one service to the next: share of the group, and customers",
    ),
    "subject": SERVICE,
    "path_step": Text("Seuraava palvelu", "Nästa tjänst", "Next service"),
    "ratio_column": Text("Suhde", "Kvot", "Ratio"),
    "difference_column": Text("Erotus, %-yks.", "Skillnad, %-enh.", "Difference, pp"),
    "from": FROM,
    "to": TO,
    "number": Text("Vaihe", "Skede", "Stage"),
}
