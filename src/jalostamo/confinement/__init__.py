"""Confinement: walls of the kernel around a process, put up by the process itself before it touches what is not its own.

A room says which files, ports and amounts a process may have; what holds on this machine is told, and nothing else is claimed.

Handbook 2.6 (neither the right nor the technical opportunity to see unanonymised data).
"""

from jalostamo.confinement import machine
from jalostamo.confinement.confined import Confined, Network
from jalostamo.confinement.entering import enter, hide
from jalostamo.confinement.held import Held, Wall
from jalostamo.confinement.running import Allowance, Ended, Ending, entered_by, run_confined

__all__ = [
    "Allowance",
    "Confined",
    "Ended",
    "Ending",
    "Held",
    "Network",
    "Wall",
    "machine",
    "enter",
    "entered_by",
    "hide",
    "run_confined",
]
