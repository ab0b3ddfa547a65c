"""The lines of the log: closed words and counts, never a text that somebody wrote or that a library's error holds.

Handbook 2.6.
"""

from __future__ import annotations

import json
import logging
from typing import override


class Lines(logging.Formatter):
    """One line of JSON for each entry, of closed words and counts; of an error its kind and place, never its text."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname}
        if record.name.startswith("townhall"):
            told["event"] = record.getMessage()
            told |= {key: record.__dict__[key] for key in ("page", "method", "status", "ms") if key in record.__dict__}
        else:
            told["logger"] = record.name
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                told["place"] = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        return json.dumps(told, ensure_ascii=False)
