"""The counts that are exact: records, codes that match, businesses, exclusions, and texts that name somebody.

Handbook 2.2, combinability.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Final

import polars as pl
from tests.spec.planted.codes import fault_of, without_sign
from tests.spec.planted.files import Files
from tests.spec.planted.people import children_by_year, codes

Counts = dict[str, int]
PHONE: Final = re.compile(r"(?<!\d)(?:\+358 ?\d{1,2}|0\d{1,2})[ -]\d{3} ?\d{4}(?!\d)")
CODE: Final = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b")
WORD: Final = re.compile(r"[\w'-]+")


def measure_counts(files: Files) -> Counts:
    """Count everything of which the truth has an exact number, by its place in the truth."""
    return (
        _records(files) | _population(files) | _social_services(files) | _children(files) | _texts(files)
        | _businesses(files) | _others(files)
    )  # fmt: skip


def planted_counts(files: Files) -> Counts:
    """The truth's own numbers of what `measure_counts` counts."""
    planted = {
        f"planted.{name}": truth["value"]
        for name, truth in files.truth["planted"].items()
        if truth["scale"] == "count" and name not in ("museum_groups", "child_protection_factors")
    }
    return planted | {
        f"{part}.{name}": number
        for part in ("registers", "match", "counts")
        for name, number in _flat(files.truth[part]).items()
    }


def _flat(tree: object, at: str = "") -> Counts:
    if not isinstance(tree, dict):
        return {at: int(str(tree))}
    return {
        name: number
        for branch, below in tree.items()
        for name, number in _flat(below, f"{at}.{branch}" if at else branch).items()
    }


def _records(files: Files) -> Counts:
    names = (f"{register}.{table}" for register, tables in files.truth["registers"].items() for table in tables)
    return {f"registers.{name}": len(files.table(name)) for name in names}


def _population(files: Files) -> Counts:
    persons = files.table("population.persons")
    distinct = persons.unique()
    look_alikes = Counter(without_sign(code) for code in persons["identity_code"].unique())
    at = "match.population."
    return {
        at + "records": len(persons),
        at + "codes": persons["identity_code"].n_unique(),
        at + "exact_duplicates": len(persons) - len(distinct),
        at + "conflicting": len(distinct) - persons["identity_code"].n_unique(),
        "counts.look_alike_pairs": sum(number == 2 for number in look_alikes.values()),
        "planted.changed_identity_codes": len(files.table("population.identity_codes")),
    }


def _social_services(files: Files) -> Counts:
    decisions = files.table("social_services.decisions")
    written = decisions["client_code"].drop_nulls().unique().to_list()
    faults = {code: fault_of(code) for code in written}
    residents = set(files.table("population.persons")["identity_code"])
    former = set(files.table("population.identity_codes")["former_code"])
    unmatched = [code for code in written if faults[code] is None and code not in residents]
    without_signs = {without_sign(code) for code in residents}
    valid = sum(fault is None for fault in faults.values())
    at = "match.social_services."
    return {
        at + "records": len(decisions),
        at + "records_without_code": decisions["client_code"].null_count(),
        at + "codes": len(written),
        at + "valid": valid,
        **{at + "invalid." + kind: number for kind, number in Counter(faults.values()).items() if kind},
        at + "matched": valid - len(unmatched),
        at + "unmatched": len(unmatched),
        at + "former": sum(code in former for code in unmatched),
        at + "look_alikes": sum(without_sign(code) in without_signs - former for code in unmatched),
        **_by_recorded_language(decisions, residents, former),
        **{f"counts.events.{service}": number for service, number in decisions["service"].value_counts().rows()},
    }


def _by_recorded_language(decisions: pl.DataFrame, residents: set[str], former: set[str]) -> Counts:
    pairs = decisions.drop_nulls("client_code").select("recorded_language", "client_code").unique()
    parts = {
        "codes": pairs,
        "matched": pairs.filter(pl.col("client_code").is_in(list(residents))),
        "former": pairs.filter(pl.col("client_code").is_in(list(former - residents))),
    }
    at = "match.social_services.by_recorded_language."
    return {
        f"{at}{language}.{what}": number
        for what, rows in parts.items()
        for language, number in rows["recorded_language"].value_counts().rows()
    }


def _children(files: Files) -> Counts:
    children = children_by_year(files)
    groups = children.unique("code")["group"].value_counts().rows()
    cells = children.group_by("year", "band", "group").len().rows()
    return {f"counts.children.{group}": number for group, number in groups} | {
        f"counts.children_by_year.{year}.{band}.{group}": number for year, band, group, number in cells
    }


def _texts(files: Files) -> Counts:
    persons = files.table("population.persons")
    first_names = {name for names in persons["first_names"].drop_nulls() for name in names.split()}
    surnames = set(persons["surname"])
    texts = files.table("feedback.feedback")["text"].drop_nulls().to_list()
    pairs = (set(pairwise(WORD.findall(text))) for text in texts)
    return {
        "planted.feedback_texts_with_name": sum(any(a in first_names and b in surnames for a, b in p) for p in pairs),
        "planted.feedback_texts_with_phone": sum(bool(PHONE.search(text)) for text in texts),
        "planted.feedback_texts_with_code": sum(bool(CODE.search(text)) for text in texts),
    }


def _businesses(files: Files) -> Counts:
    businesses = files.table("businesses.businesses")
    traders = businesses.filter(pl.col("form") == "TMI")
    known = codes(files)["written"].to_list()
    return {
        "planted.businesses": len(businesses),
        "planted.sole_traders": len(traders),
        "planted.sole_traders_matched": traders["personal_identity_code"].is_in(known).sum(),
    }


def _others(files: Files) -> Counts:
    kinds = dict(files.table("exclusions.exclusions")["kind"].value_counts().rows())
    return {"planted.objections": kinds["objection"], "planted.safety_bans": kinds["safety_ban"]}
