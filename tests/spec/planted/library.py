"""The truths about the library: tastes, what recommending reaches, and longer hours that change nothing.

Handbook 3.1.1, recommendations.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from tests.spec.planted.files import Files
from tests.spec.planted.rates import Estimate, ratio_of_counts, share

FEWEST_LOANS: Final = 20
TENTHS_OF_A_TASTE: Final = 3
RECOMMENDED: Final = 10
TASTE: Final = "library_taste_"


def measure_library(files: Files) -> dict[str, Estimate]:
    """Measure the truths about the library."""
    loans = files.records("library.loans").filter(pl.col("channel") != "renewal")
    return _tastes(files, loans) | {"library_longer_hours": _longer_hours(files, loans)} | _recalls(files, loans)


def _titles(files: Files) -> pl.DataFrame:
    tastes = {name: truth["titles"] for name, truth in files.truth["planted"].items() if name.startswith(TASTE)}
    rows = [(title, name) for name, titles in tastes.items() for title in titles]
    return pl.DataFrame(rows, schema=["title_number", "taste"], orient="row")


def _readers(files: Files, loans: pl.DataFrame, fewest: int = FEWEST_LOANS) -> pl.DataFrame:
    """Cards with a taste: how many loans they have, and how many of them are of the taste."""
    of_taste = loans.join(_titles(files), on="title_number").group_by("card_number", "taste").len("of_taste")
    counted = loans.group_by("card_number").len("loans").filter(pl.col("loans") >= fewest)
    return of_taste.join(counted, on="card_number").filter(
        10 * pl.col("of_taste") > TENTHS_OF_A_TASTE * pl.col("loans")
    )


def _tastes(files: Files, loans: pl.DataFrame) -> dict[str, Estimate]:
    sums = _readers(files, loans).group_by("taste").agg(pl.col("of_taste", "loans").sum())
    return {name: share(hits, of) for name, hits, of in sums.rows()}


def _longer_hours(files: Files, loans: pl.DataFrame) -> Estimate:
    truth = files.truth["planted"]["library_longer_hours"]
    since, months = date.fromisoformat(truth["since"]), truth["months"]
    start, end = pl.lit(since).dt.offset_by(f"-{months}mo"), pl.lit(since).dt.offset_by(f"{months}mo")
    lent = loans.filter(
        pl.col("channel").is_in(["desk", "self"]),
        pl.col("branch") != "VK",
        pl.col("loaned") >= start,
        pl.col("loaned") < end,
    )
    counts = lent.group_by(after=pl.col("loaned") >= since, group=pl.col("branch") == truth["group"]).len()
    number = {(after, group): count for after, group, count in counts.rows()}
    return ratio_of_counts(number[True, True], number[False, True], number[True, False], number[False, False])


def _sensitive_classes(files: Files) -> list[str]:
    lists = files.described("library")["code_list"]
    classes = next(each["codes"] for each in lists if each["name"] == "subject_class")
    return [each["code"] for each in classes if "(sensitive)" in each["en"]]


def _recalls(files: Files, loans: pl.DataFrame) -> dict[str, Estimate]:
    year = files.truth["to"]
    open_loans = loans.filter(~pl.col("subject_class").is_in(_sensitive_classes(files)))
    learned = open_loans.filter(pl.col("loaned").dt.year() < year)
    wanted = open_loans.filter(pl.col("loaned").dt.year() == year).select("card_number", "title_number").unique()
    # Whom the truth counts to a taste it does not say: here every card with three tenths of a taste, however few.
    readers = _readers(files, loans, fewest=1).sort("of_taste", "taste", descending=[True, False])
    tastes = readers.unique("card_number", keep="first", maintain_order=True).select("card_number", "taste")
    taste_or_none = pl.col("taste").fill_null("")
    of_all = _most_lent(learned.with_columns(taste=pl.lit("")))
    of_taste = pl.concat([of_all, _most_lent(learned.join(tastes, on="card_number"))])
    by_card = wanted.join(tastes, on="card_number", how="left").with_columns(taste=taste_or_none)
    return {
        "library_recall_popularity": _recall(by_card.with_columns(taste=pl.lit("")), of_all),
        "library_recall_by_taste": _recall(by_card, of_taste),
    }


def _most_lent(loans: pl.DataFrame) -> pl.DataFrame:
    lent = loans.group_by("taste", "title_number").len("times").sort("times", "title_number", descending=[True, False])
    return lent.group_by("taste", maintain_order=True).head(RECOMMENDED).select("taste", "title_number")


def _recall(wanted: pl.DataFrame, recommended: pl.DataFrame) -> Estimate:
    hits = wanted.join(recommended.with_columns(hit=1), on=["taste", "title_number"], how="left")
    each = hits.group_by("card_number").agg((pl.col("hit").sum() / pl.len()).alias("recall"))["recall"]
    mean, error = float(each.mean() or 0), float(each.std() or 0) / len(each) ** 0.5  # type: ignore[arg-type]
    return Estimate(mean, mean - 2 * error, mean + 2 * error)
