"""What the keys of the truth file mean, and how each planted difference is found again.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

from typing import Final

SENTENCES: Final = {
    "reach_ratio": (
        "Children with a first notification (NOT) at least twelve months before the end, who stay resident for twelve "
        "months after it: the share for whom a lighter service (FW, IFW, SP) begins within those months, standardised "
        "by age in the year of the notification."
    ),
    "result_difference": (
        "Children whose first lighter service begins at least twelve months before the end, who stay resident for "
        "twelve months after: the share without a placement (OCP, TIC) within those months."
    ),
    "volume_ratio_HS": (
        "Spells of home service (HS) begun, per year of residence of children aged 0-17, standardised by age."
    ),
    "volume_ratio_FC": (
        "Spells of family counselling (FC) begun, per year of residence of children aged 0-17, standardised by age: "
        "the groups use it equally."
    ),
    "step_difference_ASM_EMP": (
        "Children with an assessment of service need (ASM) that can be followed for at least 25 days: the share whose "
        "next step after the first one is an emergency placement (EMP). Having no next step is an outcome of its own: "
        "those children stay in the base."
    ),
}

DOCUMENTATION: Final = {
    "marking": "Everything in these registers is synthetic: nobody in them has ever lived.",
    "people": "How many people live in the town on the first day of the registers.",
    "from": "The first year of the registers.",
    "to": "The last year of the registers, to its last day.",
    "seed": "The seed of all chance: the same people, from, to and seed give the same bytes.",
    "planted": (
        "The differences between language groups that rule the services; an analysis of the files finds them within "
        "its sampling error. Age is the calendar year less the year of birth, its bands are 0-2, 3-6, 7-12 and 13-17. "
        "The domestic group is native_language fi or sv, the foreign group everyone else, unknown (99) included."
    ),
    "planted.*.value": (
        "What was planted: on the scale 'ratio' group / reference, on 'difference' group - reference, on 'count' and "
        "'share' the number itself."
    ),
    "planted.*.scale": "'ratio', 'difference', 'share', 'days', 'count' or 'table'.",
    "planted.*.group": "The group that is compared.",
    "planted.*.reference": "The group that it is compared with.",
    "planted.*.interval": (
        "Where a right reading of these very files finds the value, nineteen times out of twenty; for counts it is exact. "
        "Empty where there is nobody to find it from."
    ),
    "planted.*.sentence": "How the value is found in the files: who is counted, and what.",
    "match.population": (
        "The population register: its records, its distinct identity codes, and how many persons are recorded twice, "
        "alike (exact_duplicates) or with another content (conflicting)."
    ),
    "match.social_services": (
        "The social services: records, records without a client code, and the distinct client codes: valid, or invalid "
        "by kind of fault: form (not eleven characters of a code; a day of 40 or more or a month of 20 or more is of no "
        "form), date (no such day), check_character. Of the valid ones, matched are a resident's code on every "
        "character, unmatched are not; "
        "look_alikes are those unmatched that differ from a resident's code in the century sign alone, "
        "former those unmatched that were a resident's code until it was changed."
    ),
    "match.social_services.by_recorded_language": (
        "The distinct client codes, and those of them that are matched and former, by the services' own language of "
        "contact."
    ),
    "factors": (
        "Every candidate factor of child protection: whose record it is, in which register, table and field, the code, "
        "and how many times as likely a first notification in the next year is with it."
    ),
    "museum_groups": "The groups of the museum's customers: their profiles, shares, and who answered as one of them.",
    "registers": "The records of each register, by table.",
    "suffers": (
        "What the records suffer from, as records have it in life: by register, then by table, then by kind. Counts are of "
        "records as written, second ones included."
    ),
    "suffers.*.*.bad_codes": "Records whose identity code is missing, no code, or not the person's code of that day.",
    "suffers.*.*.exact_duplicates": "Records that are written once more, alike in every field.",
    "suffers.*.*.late": "Records made more than late_after_days after what they tell of.",
    "suffers.*.*.late_after_days": "After how many days a record counts as late.",
    "suffers.*.*.recorded_ahead": "Records made before the day of what they tell of.",
    "suffers.*.*.not_recorded_yet": "What happened by the last day, but is recorded after it, and so is not in the files.",
    "suffers.*.*.missing_unit": "A unit of which something is missing in every year, and what.",
    "suffers.*.*.practice_change": "A day since which something is recorded in another way, and how.",
    "suffers.*.*.calls_without_reason": "Telephone calls without a reason, since none is recorded of them.",
    "suffers.population.languages": (
        "Native languages that were unknown at first and told later, are unknown at the end, or were changed."
    ),
    "counts.children": "Persons who lived in the town in some year in which their age was 0-17, by language group.",
    "counts.children_by_year": "Those persons in each year, by band of age and language group.",
    "counts.events": "Records of the social services by service, as written.",
    "counts.look_alike_pairs": (
        "Pairs of residents whose identity codes differ in the century sign alone. The child of each pair is a client "
        "of the social services under its own code; the other, born a hundred years before, is not."
    ),
}
