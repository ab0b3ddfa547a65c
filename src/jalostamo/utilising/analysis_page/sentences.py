"""The sentences in which findings are told as the title of their page, in three languages.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.languages import Text

NONE: Final = Text("Löydöksiä ei ole", "Inga fynd", "Nothing was found")
STEP: Final = Text(
    "Yleisin askel on ”{one}” – ”{other}”: sen otti {n} / {all}",
    "Det vanligaste steget är {one} – {other}: {n} av {all}",
    "The commonest step is {one} – {other}: {n} of {all}",
)
VARIANT: Final = Text(
    "Yleisin polku on ”{path}”: sitä kulki {share}",
    "Den vanligaste vägen är {path}: {share} gick den",
    "The commonest path is {path}: {share} walked it",
)
AROUND: Final = Text(
    "Palvelun ”{index}” jälkeen tulee useimmin ”{service}” ({share})",
    "Efter {index} kommer oftast {service} ({share})",
    "After {index}, {service} comes most often ({share})",
)
BEFORE: Final = Text(
    "Ennen palvelua ”{index}” on useimmin ”{service}” ({share})",
    "Före {index} är det oftast {service} ({share})",
    "Before {index}, {service} is most often ({share})",
)
NOTHING_AFTER: Final = Text(
    "Palvelun ”{index}” jälkeen ei useimmin tule mitään ({share})",
    "Efter {index} kommer oftast ingenting ({share})",
    "After {index}, nothing comes most often ({share})",
)
NOTHING_BEFORE: Final = Text(
    "Ennen palvelua ”{index}” ei useimmin ole mitään ({share})",
    "Före {index} är det oftast ingenting ({share})",
    "Before {index}, there is most often nothing ({share})",
)
AGAIN: Final = Text(
    "Useimmin uudelleen tulee ”{service}”: {n} / {all}",
    "Oftast kommer {service} på nytt: för {n} av {all}",
    "{service} comes again most often: for {n} of {all}",
)
NEVER_AGAIN: Final = Text("Mikään palvelu ei tule uudelleen", "Ingen tjänst kommer på nytt", "No service comes again")
WAITED: Final = Text(
    "”{one}” – ”{other}”: puolella kului enintään {time}",
    "{one} – {other}: hälften väntade högst {time}",
    "{one} – {other}: half waited at most {time}",
)
LESS_THAN_HALF: Final = Text(
    "”{one}” – ”{other}”: alle puolet pääsi perille",
    "{one} – {other}: mindre än hälften kom fram",
    "{one} – {other}: less than half came there",
)
KEPT: Final = Text(
    "Suunniteltua polkua noudattaa {share} ({n} / {all})",
    "Den planerade vägen följs av {share} ({n} av {all})",
    "{share} keep the designed path ({n} of {all})",
)
PRECEDED: Final = Text(
    "Palvelua ”{index}” edeltää useimmin ”{service}”: {n} / {all}",
    "{index} föregås oftast av {service}: för {n} av {all}",
    "{index} is most often preceded by {service}: for {n} of {all}",
)
FACTORS: Final = Text(
    "Alkua ”{start}” edeltää {n} / {all} tutkitusta tekijästä, varmimmin: {factor}",
    "{start} föregås av {n} av {all} undersökta faktorer, säkrast av: {factor}",
    "{start} is preceded by {n} of {all} factors, most surely by: {factor}",
)
NO_FACTOR: Final = Text(
    "Yhdenkään {all} tekijästä ei sanota edeltävän alkua ”{start}”",
    "Ingen av {all} faktorer sägs föregå {start}",
    "None of {all} factors is said to precede {start}",
)
STATES: Final = Text(
    "Jotakin palvelua käytetään {used} kuukausista, useimmin: ”{state}” ({share})",
    "Någon tjänst används {used} av månaderna, oftast {state} ({share})",
    "Some service is used in {used} of months, most often {state} ({share})",
)
LIFESPAN: Final = Text(
    "Eniten käytetään palvelua ”{service}” {age}-vuotiaana: {n} sadasta vuodessa",
    "Mest används {service} vid {age} års ålder: {n} av hundra under ett år",
    "{service} is used most, at age {age}: by {n} of a hundred in a year",
)
COURSES: Final = Text(
    "Elämänkulkuja on {n} lajia; suurimmassa ({share}) enimmäkseen: ”{state}”",
    "Livsloppen är av {n} slag; det största ({share}) är mest: {state}",
    "Courses are of {n} kinds; the largest ({share}) is mostly: {state}",
)
NO_KINDS: Final = Text(
    "Elämänkulut eivät jakaudu lajeihin sattumaa paremmin",
    "Livsloppen delar sig inte i slag bättre än av en slump",
    "Courses do not fall into kinds better than by chance",
)
HALF: Final = Text(
    "”{other}”: puolella odotus kesti enintään {time}",
    "{other}: för hälften varade väntan högst {time}",
    "{other}: half waited at most {time}",
)
NOT_HALF: Final = Text(
    "”{other}” tuli alle puolelle: {n} / {all}",
    "{other} kom till mindre än hälften: {n} av {all}",
    "{other} came to less than half: {n} of {all}",
)
USE: Final = Text(
    "Eniten käytetään palvelua ”{service}”: {n} / {all} tapahtumasta",
    "Mest används {service}: {n} av {all} händelser",
    "{service} is used most: {n} of {all} events",
)
