"""What each figure of a report is called, and the one sentence that explains it, in the three languages.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from jalostamo.concepts.languages import Text

Bound = Literal["least", "most", "between"]
Written = Literal["number", "share"]


@dataclass(frozen=True, slots=True)
class ModelWords:
    """A model's name, how its figure is bounded and written, and what it means; {0} is its column."""

    name: Text
    meaning: Text
    bound: Bound
    written: Written = "number"


MODELS: Final[dict[str, ModelWords]] = {
    "k_anonymity": ModelWords(
        Text("k-anonymiteetti", "k-anonymitet", "k-anonymity"),
        Text(
            "Kuinka monta vähintään on samanlaisia kaikissa kvasitunnisteissa.",
            "Hur många som minst är lika i alla kvasiidentifierare.",
            "The fewest who are alike in all quasi-identifiers.",
        ),
        "least",
    ),
    "l_diversity": ModelWords(
        Text("l-monimuotoisuus: {0}", "l-diversitet: {0}", "l-diversity: {0}"),
        Text(
            "Kuinka monta eri arvoa luokassa on vähintään, jottei luokka kerro arvoa.",
            "Hur många olika värden en klass minst har, så att klassen inte berättar värdet.",
            "The fewest different values in a class, so that the class does not tell the value.",
        ),
        "least",
    ),
    "t_closeness": ModelWords(
        Text("t-läheisyys: {0}", "t-närhet: {0}", "t-closeness: {0}"),
        Text(
            "Kuinka kaukana luokan jakauma enintään on koko taulun jakaumasta (0 on sama, 1 täysin eri).",
            "Hur långt en klass fördelning högst är från hela tabellens (0 är samma, 1 helt annan).",
            "How far the values of a class are from those of the whole table at most (0 is the same, 1 quite another).",
        ),
        "most",
    ),
    "k_map": ModelWords(
        Text("k-kartta", "k-karta", "k-map"),
        Text(
            "Kuinka monta samanlaista väestössä on vähintään jokaista taulussa olevaa kohti.",
            "Hur många i befolkningen som minst är lika var och en i tabellen.",
            "The fewest in the population who are like somebody of the table.",
        ),
        "least",
    ),
    "presence": ModelWords(
        Text("Taulussa olo", "Förekomst i tabellen", "Presence"),
        Text(
            "Kuinka varmasti väestöön kuuluvasta enintään voi sanoa, että hän on taulussa; osuus luokan väestöstä.",
            "Hur säkert det högst kan sägas om någon i befolkningen att hon finns i tabellen; andel av klassens befolkning.",
            "How surely it can be said of somebody in the population that she is in the table; a share of her class there.",
        ),
        "most",
        "share",
    ),
    "presence:least": ModelWords(
        Text("Taulussa olo, pienin", "Förekomst i tabellen, minst", "Presence, the least"),
        Text(
            "Sama luokassa, jossa osuus on pienin: pieni osuus kertoo, ettei joku ole taulussa.",
            "Detsamma i klassen med den minsta andelen: en liten andel berättar att någon inte finns i tabellen.",
            "The same in the class where the share is least: a small one tells that somebody is not in the table.",
        ),
        "least",
        "share",
    ),
    "maximum_risk": ModelWords(
        Text("Suurin riski", "Största risk", "Maximum risk"),
        Text(
            "Todennäköisyys tunnistaa suurimmassa vaarassa oleva: yksi jaettuna pienimmän luokan koolla.",
            "Sannolikheten att känna igen den mest utsatta: ett delat med den minsta klassens storlek.",
            "How likely the one most at risk is recognised: one divided by the size of the smallest class.",
        ),
        "most",
        "share",
    ),
    "average_risk": ModelWords(
        Text("Keskimääräinen riski", "Genomsnittlig risk", "Average risk"),
        Text(
            "Kuinka suuri osuus tunnistettaisiin, jos jokainen arvattaisiin luokastaan.",
            "Hur stor andel som skulle kännas igen om var och en gissades ur sin klass.",
            "The share who would be recognised if each were guessed from her class.",
        ),
        "most",
        "share",
    ),
    "sample_uniqueness": ModelWords(
        Text("Ainoita taulussa", "Unika i tabellen", "Unique in the table"),
        Text(
            "Niiden osuus, jotka ovat luokkansa ainoat kirjoitetuissa riveissä.",
            "Andelen som är ensamma i sin klass i de skrivna raderna.",
            "The share who are alone in their class of the written rows.",
        ),
        "most",
        "share",
    ),
    "population_uniqueness": ModelWords(
        Text("Ainoita väestössä", "Unika i befolkningen", "Unique in the population"),
        Text(
            "Niiden arvioitu tai laskettu osuus, joiden kaltaisia väestössä ei ole ketään muuta.",
            "Den skattade eller räknade andelen som ingen annan i befolkningen liknar.",
            "The share, counted or estimated, whom nobody else in the population is like.",
        ),
        "most",
        "share",
    ),
}

HOLDS: Final = Text(
    "Kaikki mallit täyttyvät, ja riveistä jäi jäljelle {0}",
    "Alla modeller uppfylls, och {0} av raderna är kvar",
    "Every model holds, and {0} of the rows are left",
)
FAILS: Final = Text("{0} mallia {1}:stä ei täyty", "{0} av {1} modeller uppfylls inte", "{0} of {1} models do not hold")
EMPTY: Final = Text("Yhtään riviä ei jäänyt jäljelle", "Inte en enda rad är kvar", "No row is left")

UNKNOWN_MODEL: Final = Text(
    "Malli, jota tämä sivu ei tunne nimeltä; luvut ovat selvityksestä.",
    "En modell som sidan inte känner till namnet; siffrorna är ur redogörelsen.",
    "A model that this page does not know by name; the figures are the report's.",
)

BOUNDS: Final[dict[str, Text]] = {
    "least": Text("vähintään {0}", "minst {0}", "at least {0}"),
    "most": Text("enintään {0}", "högst {0}", "at most {0}"),
    "between": Text("{0}", "{0}", "{0}"),
}

FIGURES: Final[dict[str, tuple[Text, Text]]] = {
    "rows": (
        Text("Rivejä kirjoitettu", "Skrivna rader", "Rows written"),
        Text(
            "Pois jätettyä riviä ei ole kirjoitettu lainkaan, ei tähtinäkään.",
            "En utelämnad rad är inte skriven alls, inte ens som stjärnor.",
            "A row that was left out is not written at all, not even as stars.",
        ),
    ),
    "suppressed": (
        Text("Jätetty pois", "Utelämnade", "Left out"),
        Text(
            "Rivit, joiden luokka ei täyttänyt malleja; niitä sai olla enintään {0}.",
            "Rader vars klass inte uppfyllde modellerna; de fick vara högst {0}.",
            "Rows whose class did not meet the models; there could be {0} at most.",
        ),
    ),
    "classes": (
        Text("Luokkia", "Klasser", "Classes"),
        Text(
            "Luokka on rivit, joiden kvasitunnisteet ovat samat; pienimmän luokan rivejä on {0}.",
            "En klass är rader med samma kvasiidentifierare; den minsta har {0}.",
            "A class is the rows with the same quasi-identifiers; the smallest has {0}.",
        ),
    ),
    "loss": (
        Text("Häviö", "Förlust", "Loss"),
        Text(
            "Kuinka paljon kvasitunnisteista hävisi kaikkiaan: 0\u00a0% ei mitään, 100\u00a0% kaikki.",
            "Hur mycket av kvasiidentifierarna som förlorades i allt: 0\u00a0% inget, 100\u00a0% allt.",
            "How much of the quasi-identifiers was lost in all: 0\u00a0% nothing, 100\u00a0% everything.",
        ),
    ),
    "maximum": (
        Text("Suurin riski", "Största risk", "Greatest risk"),
        Text(
            "Todennäköisyys, että suurimmassa vaarassa oleva tunnistetaan, jos hänen kvasitunnisteensa tiedetään.",
            "Sannolikheten att den mest utsatta känns igen av den som vet hennes kvasiidentifierare.",
            "How likely the one most at risk is recognised by whoever knows her quasi-identifiers.",
        ),
    ),
    "average": (
        Text("Keskimääräinen riski", "Genomsnittlig risk", "Average risk"),
        Text(
            "Kuinka suuri osuus tunnistettaisiin, jos jokainen arvattaisiin luokastaan.",
            "Hur stor andel som skulle kännas igen om var och en gissades ur sin klass.",
            "The share who would be recognised if each were guessed from her class.",
        ),
    ),
    "unique_share": (
        Text("Yksin luokassaan", "Ensamma i sin klass", "Alone in their class"),
        Text(
            "Niiden osuus, joiden kaltaisia riveissä ei ole ketään muuta.",
            "Andelen som ingen annan i raderna liknar.",
            "The share whom nobody else in the rows is like.",
        ),
    ),
    "nodes": (
        Text("Karkeistuksia", "Generaliseringar", "Generalisations"),
        Text(
            "Näin monta tapaa karkeistaa oli. Niistä katsottiin {0}; muut suljettiin pois rajojen avulla.",
            "Så många sätt att göra värden grövre fanns. {0} granskades; de övriga uteslöts med gränser.",
            "There were so many ways to make values coarser. {0} were looked at; bounds ruled out the others.",
        ),
    ),
    "catalogue": (
        Text("Luettelo", "Katalog", "Catalogue"),
        Text(
            "Valittiin {0} etukäteen hyväksytyn karkeistuksen joukosta; valinta kertoo taulusta enintään {1} bittiä.",
            "Valdes bland {0} på förhand godkända generaliseringar; valet berättar högst {1} bitar om tabellen.",
            "Chosen among {0} generalisations approved beforehand; the choice tells {1} bits of the table at most.",
        ),
    ),
    "objective": (
        Text("Tavoite", "Mål", "Objective"),
        Text(
            "Mitä etsittiin mahdollisimman pientä, ja kuinka pieni se on.",
            "Vad som skulle vara så litet som möjligt, och hur litet det är.",
            "What was to be as small as can be, and how small it is.",
        ),
    ),
}

PROOF: Final = {
    True: (
        Text("Todistetusti paras", "Bevisligen bäst", "Proved to be the best"),
        Text(
            "Mikään muu karkeistus, joka täyttää mallit, ei hävitä tavoitteen mukaan vähempää.",
            "Ingen annan generalisering som uppfyller modellerna förlorar mindre enligt målet.",
            "No other generalisation that meets the models loses less by the objective.",
        ),
    ),
    False: (
        Text("Paras löydetty", "Bästa funna", "Best found"),
        Text(
            "Aikaraja päätti etsimisen: paras voisi olla enintään näin paljon parempi.",
            "Tidsgränsen avslutade sökningen: den bästa kunde vara högst så mycket bättre.",
            "The time limit ended the search: the best could be better by so much at most.",
        ),
    ),
}

METRICS: Final[dict[str, Text]] = {
    "loss": Text("häviö", "förlust", "loss"),
    "precision": Text("karkeus", "grovhet", "coarseness"),
    "discernibility": Text("erottuvuus", "urskiljbarhet", "discernibility"),
    "average_class_size": Text("luokan keskikoko", "klassens medelstorlek", "average class size"),
    "entropy": Text("entropia", "entropi", "entropy"),
}
