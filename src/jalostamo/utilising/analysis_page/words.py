"""The words of the page of an analysis beside its claims and its tables, in three languages.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind
from jalostamo.producing.analyses.methods.conformance import KEPT
from jalostamo.utilising.publication.terms import METHOD, SKIP

WORDS: Final[Mapping[str, Text]] = {
    "skip": SKIP,
    "footer": Text(
        "Luvut on laskettu jäljitettävästi: sama määritelmä ja sama aineisto antavat samat luvut.",
        "Siffrorna kan spåras: samma definition och samma material ger samma siffror.",
        "The figures can be traced: the same definition and the same source give the same figures.",
    ),
    "differences": Text(
        "Mikä eroaa ja mikä ei", "Vad som skiljer sig och vad som inte gör det", "What differs, and what does not"
    ),
    "looked": Text("Mitä katsottiin", "Vad som betraktades", "What was looked at"),
    "method": METHOD,
    "chain": Text("Pyynnöstä lukuun", "Från begäran till siffra", "From request to figure"),
    "rule": Text("Rajaus", "Avgränsning", "What was kept"),
    "rules": Text(
        "Rajaukset järjestyksessä, ja mitä kustakin jäi",
        "Avgränsningarna i ordning, och vad var och en lämnade kvar",
        "What was kept, in order, and what each rule left",
    ),
    "asks": Text("Menetelmä", "Metod", "Method"),
    "reader": Text("Kenelle", "För vem", "For whom"),
}

TRUE: Final = (
    Text(
        "Todelliset luvut, ei julkaistavaksi",
        "Sanna siffror, inte för publicering",
        "True figures, not for publication",
    ),
    Text(
        "Luvut ovat tarkkoja eikä niitä ole suojattu. Ne voivat koskea yksittäisiä ihmisiä ja kuuluvat vain luvan saaneille.",
        "Siffrorna är exakta och inte skyddade. De kan gälla enskilda människor och är endast för dem som har tillståndet.",
        "The figures are exact and not protected. They may be of single people, and are for the people of the permit alone.",
    ),
)
PROTECTED: Final = (
    Text("Suojatut luvut", "Skyddade siffror", "Protected figures"),
    Text(
        "Luvut on laskettu suljetun ympäristön tulostamista soluista, joita on muutettu satunnaisesti. Ne eivät täsmää "
        "yhteen, eikä niitä pidä laskea yhteen. Välit ja testit ottavat muutoksen huomioon.",
        "Siffrorna har räknats av celler som den slutna miljön skrivit ut och som har ändrats slumpmässigt. De stämmer inte "
        "överens och ska inte summeras. Intervall och test tar hänsyn till ändringen.",
        "The figures were reckoned from cells that the closed room printed, which are perturbed. They do not add up, and are "
        "not to be added up. Intervals and tests know of it.",
    ),
)
SYNTHETIC: Final = (
    Text("Synteettinen kaksonen", "Syntetisk tvilling", "Synthetic twin"),
    Text(
        "Aineisto on keksitty: mikään tässä ei kerro kenestäkään. Luvut eivät vastaa todellisia.",
        "Materialet är påhittat: inget här handlar om någon. Siffrorna motsvarar inte verkliga.",
        "The material is made up: nothing here is about anybody. The figures are not those of real material.",
    ),
)
PERIOD: Final = Text("Aika", "Tid", "Period")
WHOLE_PERIOD: Final = Text("koko aineiston aika", "hela materialets tid", "all that the source covers")
CASES: Final = Text("Joukko", "Bas", "Base")
EVENTS: Final = Text("Tapahtumia", "Händelser", "Events")
GROUPS: Final = Text("Ryhmät", "Grupper", "Groups")
COMPARED: Final = Text("{one}, vertailuna {other}", "{one}, jämfört med {other}", "{one}, compared with {other}")
MADE_OF: Final = Text("Aineisto", "Material", "Source")
SOURCES: Final[Mapping[str, Text]] = {
    "release": Text("luovutus", "utlämning", "release"),
    "log": Text("oma loki", "egen logg", "log of one's own"),
    "cells": Text("tulostetut solut", "utskrivna celler", "printed cells"),
}
ADJUSTED: Final = Text(
    "Ryhmiä verrataan niin kuin niillä olisi sama ikärakenne ({bands} vuotta).",
    "Grupperna jämförs som om de hade samma åldersstruktur ({bands} år).",
    "Groups are compared as if both had the same ages ({bands} years).",
)
TIES: Final[Mapping[str, Text]] = {
    "row": Text(
        "Saman hetken tapahtumista ensin on se, joka on kirjattu ensin.",
        "Av händelser vid samma tid kommer den först som registrerats först.",
        "Of events at one time, the one recorded first comes first.",
    ),
    "activity": Text(
        "Saman hetken tapahtumat ovat palvelun nimen järjestyksessä.",
        "Händelser vid samma tid kommer i ordning efter tjänstens namn.",
        "Events at one time are ordered by the name of the service.",
    ),
}
TIED: Final = Text(
    "Peräkkäisistä tapahtumista {n} oli samalla hetkellä: niiden järjestys on säännön, ei tiedon.",
    "Av händelser efter varandra var {n} vid samma tid: deras ordning är regelns, inte materialets.",
    "{n} neighbouring events were at one time: their order is the rule's, not the record's.",
)
KINDS: Final[Mapping[Kind, Text]] = {
    Kind.DESCRIPTIVE: Text("kuvaileva: mitä on", "beskrivande: vad som är", "descriptive: what is"),
    Kind.DIAGNOSTIC: Text(
        "selittävä: mikä liittyy mihin", "förklarande: vad som hör ihop", "diagnostic: what goes with what"
    ),
    Kind.PREDICTIVE: Text("ennustava: mitä on tulossa", "förutsägande: vad som kommer", "predictive: what is to come"),
    Kind.RECOMMENDING: Text(
        "suositteleva: mitä pitäisi tehdä", "rekommenderande: vad som bör göras", "recommending: what should be done"
    ),
}
COMPETENCES: Final[Mapping[Competence, Text]] = {
    Competence.READER: Text("kenelle tahansa lukijalle", "för varje läsare", "for any reader"),
    Competence.ANALYST: Text(
        "lukija tarvitsee analyytikon osaamista",
        "läsaren behöver analytikerns kompetens",
        "asks for an analyst's competence",
    ),
    Competence.STATISTICIAN: Text(
        "lukija tarvitsee tilastotieteilijän osaamista",
        "läsaren behöver statistikerns kompetens",
        "asks for a statistician's competence",
    ),
}
NO_CAUSE: Final = Text(
    "Se, mikä edeltää, ei ole syy. Eroksi sanotaan vain se, mikä ylittää sattuman, kun vertailujen määrä otetaan huomioon; "
    "se, mistä eroa ei havaittu, voi silti erota.",
    "Det som föregår är inte orsaken. Skillnad kallas bara det som är större än slumpen, när antalet jämförelser beaktas; där "
    "ingen skillnad fanns kan det ändå finnas en.",
    "What precedes is not the cause. A difference is only said to be one beyond what chance explains, given how many were "
    "compared; where none was found, there may still be one.",
)
LINKS: Final[Mapping[str, Text]] = {
    "definition": Text("Analyysin määritelmä", "Analysens definition", "Definition of the analysis"),
    "source": Text("Aineisto, jolle se esitettiin", "Materialet som den ställdes till", "Source that it was put to"),
    "findings": Text(
        "Löydökset, joista sivu on piirretty", "Fynden som sidan ritats av", "Findings that the page is drawn from"
    ),
}

METHODS_OWN: Final[Mapping[str, Text]] = {
    KEPT: Text("Noudattaa suunnitelmaa", "Följer planen", "Keeps the design"),
    "skipped": Text("Ohitettu", "Överhoppat", "Skipped"),
    "inserted": Text("Suunnitelman ulkopuolella", "Utanför planen", "Not of the design"),
    "wrong_order": Text("Väärässä järjestyksessä", "I fel ordning", "In the wrong order"),
    "too_often": Text("Liian usein", "För ofta", "Too often"),
    "late": Text("Myöhässä", "För sent", "Late"),
    "unfinished": Text("Jäi kesken", "Blev på hälft", "Unfinished"),
    "gray": Text("Grayn testi", "Grays test", "Gray's test"),
    "log_rank": Text("Log-rank-testi", "Logranktest", "Log-rank test"),
    "moved in": Text("Muutto kuntaan", "Inflyttning", "Moving in"),
    "was born": Text("Syntymä", "Födelse", "Birth"),
    "left": Text("Poismuutto tai kuolema", "Utflyttning eller död", "Leaving"),
    "own": Text("oma", "egen", "own"),
    "household": Text("perheenjäsenen", "en familjemedlems", "of a member"),
    "use": Text("palvelu", "tjänst", "use"),
    "life event": Text("elämäntapahtuma", "livshändelse", "life event"),
    "attribute": Text("ominaisuus", "egenskap", "attribute"),
    "contacts": Text("asiointeja", "kontakter", "contacts"),
    "age": Text("ikä", "ålder", "age"),
    "reasonable": Text("kohtalainen", "skälig", "reasonable"),
    "strong": Text("vahva", "stark", "strong"),
    "weak": Text("heikko", "svag", "weak"),
}
"""Words that methods write into their tables, which no file labels."""
