"""What each figure of the suite of attacks is called, and the one sentence that explains it, in the three languages.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import Final, Literal

from jalostamo.concepts.languages import Text

Kind = Literal["share", "count", "bits", "times"]

AIMS: Final[dict[str, Text]] = {
    "singling_out": Text("Erottaminen joukosta", "Utgallring", "Singling out"),
    "linkability": Text("Yhdistettävyys", "Kopplingsbarhet", "Linkability"),
    "inference": Text("Päättely", "Slutledning", "Inference"),
    "homogeneity": Text("Yhtenäiset luokat", "Enhetliga klasser", "Classes of one value"),
    "insider": Text("Rekisterin haltija", "Registrets innehavare", "The holder of the register"),
    "row_order": Text("Rivien järjestys", "Radernas ordning", "Order of rows"),
    "minimality": Text("Valinnan jälki", "Spår av valet", "Trace of the choice"),
    "downcoding": Text("Tarkentaminen", "Förfining", "Refining coarse values"),
    "crossing": Text("Ristiin aiempi luovutus", "Korsning med en tidigare utlämning", "Crossing an earlier release"),
    "differencing": Text(
        "Erotus painetuista luvuista", "Skillnad mot tryckta siffror", "Difference from printed cells"
    ),
}
"""What the attacks are after; the first part of a figure's name."""

ATTACKS: Final[dict[str, tuple[Kind, Text]]] = {
    "singling_out.risk": (
        "share",
        Text(
            "Kuinka usein kirjoitetuista riveistä tehty kuvaus sopii tasan yhteen ihmiseen.",
            "Hur ofta en beskrivning gjord av de skrivna raderna passar exakt en människa.",
            "How often a description made of the written rows fits exactly one person.",
        ),
    ),
    "singling_out.smallest_class": (
        "count",
        Text("Pienimmän luokan rivit.", "Raderna i den minsta klassen.", "The rows of the smallest class."),
    ),
    "singling_out.alone_in_release": (
        "share",
        Text(
            "Niiden osuus, jotka ovat luokkansa ainoat kirjoitetuissa riveissä.",
            "Andelen som är ensamma i sin klass i de skrivna raderna.",
            "The share who are alone in their class of the written rows.",
        ),
    ),
    "singling_out.alone_in_source": (
        "share",
        Text(
            "Niiden osuus, jotka ovat ainoita lähteessä: heitä karkeistaminen suojaa.",
            "Andelen som är unika i källan: dem skyddar förgrovningen.",
            "The share who are alone in the source: those whom coarsening protects.",
        ),
    ),
    "singling_out.alone_with_value": (
        "share",
        Text(
            "Niiden osuus, joilla ainoina luokassaan on arkaluonteisen sarakkeen arvonsa.",
            "Andelen som ensamma i sin klass har sitt värde i en känslig kolumn.",
            "The share who alone in their class have their value of a sensitive column.",
        ),
    ),
    "linkability.risk": (
        "share",
        Text(
            "Kuinka usein kaksi luetteloa samoista ihmisistä voidaan yhdistää rivien avulla.",
            "Hur ofta två listor över samma människor kan kopplas ihop med raderna.",
            "How often two lists of the same people can be joined through the rows.",
        ),
    ),
    "inference.risk": (
        "share",
        Text(
            "Kuinka usein arkaluonteinen arvo arvataan oikein, yli sen minkä vertailuryhmästäkin arvaa.",
            "Hur ofta ett känsligt värde gissas rätt, utöver vad som gissas om en kontrollgrupp.",
            "How often a sensitive value is guessed rightly, beyond what is guessed of a control group.",
        ),
    ),
    "insider.fewest_candidates": (
        "count",
        Text(
            "Kuinka monen rivin joukkoon lähteen haltija vähintään jää, kun hän etsii yhtä.",
            "Bland hur många rader källans innehavare minst blir när hon söker en.",
            "Among how many rows at least the holder of the source is left when looking for one person.",
        ),
    ),
    "insider.fewest_units": (
        "count",
        Text(
            "Kuinka monta eri henkilöä tai kotitaloutta luokassa on vähintään.",
            "Hur många olika personer eller hushåll en klass minst har.",
            "The fewest different persons or households in a class.",
        ),
    ),
    "insider.share_below": (
        "share",
        Text(
            "Niiden osuus, joiden kohdalla haltijalle jää liian vähän ehdokkaita.",
            "Andelen för vilka innehavaren har för få kandidater kvar.",
            "The share of whom the holder has too few candidates left.",
        ),
    ),
    "insider.certain": (
        "share",
        Text(
            "Niiden osuus, joiden arkaluonteisen arvon haltija tietää varmasti.",
            "Andelen vars känsliga värde innehavaren vet säkert.",
            "The share whose sensitive value the holder knows for certain.",
        ),
    ),
    "insider.mean_gain": (
        "bits",
        Text(
            "Kuinka paljon haltija keskimäärin oppii ihmisestä lisää, bitteinä.",
            "Hur mycket innehavaren i medeltal lär sig om en människa, i bitar.",
            "How much the holder learns of a person on average, in bits.",
        ),
    ),
    "homogeneity.one_value": (
        "share",
        Text(
            "Niiden osuus, joiden luokassa on vain yksi arvo: luokka kertoo sen.",
            "Andelen vars klass har bara ett värde: klassen berättar det.",
            "The share whose class has one value only: the class tells it.",
        ),
    ),
    "homogeneity.likely": (
        "share",
        Text(
            "Niiden osuus, joiden luokassa yksi arvo on lähes varma.",
            "Andelen i vars klass ett värde är nästan säkert.",
            "The share in whose class one value is near to certain.",
        ),
    ),
    "homogeneity.likelier": (
        "share",
        Text(
            "Niiden osuus, joiden luokassa jokin arvo on monin verroin tavallista yleisempi.",
            "Andelen i vars klass något värde är många gånger vanligare än annars.",
            "The share in whose class some value is many times as common as otherwise.",
        ),
    ),
    "homogeneity.greatest_ratio": (
        "times",
        Text(
            "Kuinka moninkertaisesti jokin arvo on luokassa yleisempi kuin kaikilla.",
            "Hur många gånger vanligare ett värde är i en klass än hos alla.",
            "How many times as common a value is in some class as among all.",
        ),
    ),
    "row_order.risk": (
        "share",
        Text(
            "Kuinka usein rivin paikka tiedostossa kertoo, kenen se on.",
            "Hur ofta radens plats i filen berättar vems den är.",
            "How often the place of a row in the file tells whose it is.",
        ),
    ),
    "minimality.bits": (
        "bits",
        Text(
            "Kuinka paljon juuri näiden tasojen valinta voi enintään kertoa taulusta, bitteinä.",
            "Hur mycket valet av just dessa nivåer högst kan berätta om tabellen, i bitar.",
            "How much the choice of just these levels can tell of the table at most, in bits.",
        ),
    ),
    "minimality.gain": (
        "share",
        Text(
            "Kuinka paljon todennäköisemmäksi jokin arvo tulee sille, joka tietää, miten tasot valittiin.",
            "Hur mycket sannolikare ett värde blir för den som vet hur nivåerna valdes.",
            "How much likelier a value becomes to whoever knows how the levels were chosen.",
        ),
    ),
    "downcoding.risk": (
        "share",
        Text(
            "Kuinka usein karkeasta arvosta päästään takaisin tarkkaan.",
            "Hur ofta man kommer tillbaka från ett grovt värde till det exakta.",
            "How often a coarse value can be led back to the exact one.",
        ),
    ),
    "crossing.fewest_candidates": (
        "count",
        Text(
            "Kuinka monta yhteistä ihmistä kahden luovutuksen luokilla on vähintään.",
            "Hur många gemensamma människor klasserna i två utlämningar minst har.",
            "The fewest people whom a class of this release and one of another have in common.",
        ),
    ),
    "crossing.share_below": (
        "share",
        Text(
            "Niiden osuus, joista kaksi luovutusta yhdessä jättää liian vähän ehdokkaita.",
            "Andelen av vilka två utlämningar tillsammans lämnar för få kandidater.",
            "The share of whom two releases together leave too few candidates.",
        ),
    ),
    "crossing.one_value": (
        "share",
        Text(
            "Niiden osuus, joille kahden luovutuksen jälkeen jää vain yksi mahdollinen arvo.",
            "Andelen för vilka två utlämningar lämnar bara ett möjligt värde.",
            "The share for whom two releases leave one possible value only.",
        ),
    ),
    "crossing.changed": (
        "share",
        Text(
            "Niiden osuus, joiden luokassa on toisessa luovutuksessa muita arvoja.",
            "Andelen vars klass har andra värden i den andra utlämningen.",
            "The share whose class has other values in the other release.",
        ),
    ),
    "crossing.left_over": (
        "count",
        Text(
            "Kuinka moni erottuu luokkien erotuksesta kahden luovutuksen välillä.",
            "Hur många som syns i skillnaden mellan två utlämningars klasser.",
            "How many are told of by the difference between classes of two releases.",
        ),
    ),
    "differencing.small": (
        "count",
        Text(
            "Kuinka moni painettu luku kertoo vain muutamasta pois jätetystä.",
            "Hur många tryckta tal som berättar om bara några få utelämnade.",
            "How many printed cells tell of only a few people who were left out.",
        ),
    ),
}

UNKNOWN_ATTACK: Final = Text(
    "Hyökkäys, jota tämä sivu ei tunne nimeltä; luvut ovat näytöstä.",
    "En attack som sidan inte känner till namnet; siffrorna är ur beläggen.",
    "An attack that this page does not know by name; the figures are the evidence's.",
)

OF: Final[dict[str, Text]] = {
    "one column": Text("yksi sarake", "en kolumn", "one column"),
    "several columns": Text("useita sarakkeita", "flera kolumner", "several columns"),
}
"""What the suite says an attack was of, where that is no column's name."""

RECIPIENTS: Final[dict[str, Text]] = {
    "outside": Text("kuka tahansa", "vem som helst", "anybody"),
    "under_permit": Text(
        "luvassa nimetyt henkilöt", "de personer som ett tillstånd nämner", "the people whom a permit names"
    ),
}
