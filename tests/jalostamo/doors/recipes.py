"""The recipe by which tests of the doors make a small table of ages, towns and services coarser."""

from __future__ import annotations


def recipe(*, diversity: int, k: int, unit: str = "", limit: str = "") -> str:
    """The recipe's text: by rows or by a unit, with as many different services in each class, and what may be left out."""
    counted = f'unit = "{unit}"\n' if unit else ""
    left_out = f"suppression_limit = {limit}\n" if limit else ""
    return f"""
[table]
delimiter = ";"
{counted}[[quasi_identifier]]
column = "age"
hierarchy = "age.csv"
[[quasi_identifier]]
column = "town"
hierarchy = "town.csv"
[[sensitive]]
column = "service"
l_diversity = {{ kind = "distinct", l = {diversity} }}
[model]
k = {k}
{left_out}"""
