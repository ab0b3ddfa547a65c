"""Hierarchies: how a value becomes coarser, level by level; read from files, built of the values there are, or ready.

Handbook 2.6, phase 5.
"""

from jalostamo.managing.hierarchies.calendars import STEPS, by_date
from jalostamo.managing.hierarchies.files import hierarchies_named, read_hierarchy, read_values, write_hierarchy
from jalostamo.managing.hierarchies.groups import by_order
from jalostamo.managing.hierarchies.intervals import Intervals, by_interval, in_order, whole_numbers
from jalostamo.managing.hierarchies.parents import by_code_list, read_parents
from jalostamo.managing.hierarchies.prefixes import by_prefix
from jalostamo.managing.hierarchies.shape import DEEPEST, TOP, Hierarchy, with_missing

__all__ = [
    "DEEPEST",
    "STEPS",
    "TOP",
    "Hierarchy",
    "Intervals",
    "by_code_list",
    "by_date",
    "by_interval",
    "by_order",
    "by_prefix",
    "hierarchies_named",
    "in_order",
    "read_hierarchy",
    "read_parents",
    "read_values",
    "whole_numbers",
    "with_missing",
    "write_hierarchy",
]
