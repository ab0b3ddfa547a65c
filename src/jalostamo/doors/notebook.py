"""The door of a notebook: `import jalostamo`, and analyses are put from where their findings are looked at.

It prints nothing, writes no file and looks at no clock; like the open room, it reaches nothing that sees a person.

Handbook 2.2 (the analytic environment; visualising, understanding and assessing the results).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Broken, JalostamoError, Misused
from jalostamo.doors.installation import refuse_other_user
from jalostamo.doors.own_folder import own_folder
from jalostamo.doors.people import home_of
from jalostamo.doors.publishing import assets_folder
from jalostamo.doors.putting import Source, findings_of
from jalostamo.doors.terminal import kind_and_place

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings, Found

type Place = str | os.PathLike[str]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """An answer is what an analysis found, shown by the notebook as a sentence, a drawing and a table."""

    analysis: Analysis
    findings: Findings

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables."""
        return tuple(self.findings.tables)

    def table(self, name: str) -> pandas.DataFrame:
        """A table as pandas holds it."""
        import pandas

        found = self._found(name)
        return pandas.DataFrame.from_records(list(found.rows), columns=list(found.columns))

    def arrow(self, name: str) -> pyarrow.Table:
        """A table as Arrow holds it."""
        import pyarrow

        found = self._found(name)
        return pyarrow.table({column: pyarrow.array(found.column(column)) for column in found.columns})

    def _found(self, name: str) -> Found:
        if name not in self.findings.tables:
            raise Misused(f"There is no such table; there is {', '.join(self.tables)}.", reason="found_unknown")
        return self.findings.tables[name]

    def __repr__(self) -> str:
        from jalostamo.utilising.notebook_cell import told_of

        return f"{self.analysis.name}: {told_of(self.findings)}"

    def _repr_html_(self) -> str:
        from jalostamo.utilising.notebook_cell import cell_of

        # Without the assets of a browser, the tables are all there is to see.
        assets = assets_folder()
        return cell_of(self.findings, self.analysis, assets=assets if (assets / "echarts").is_dir() else None)


def analyse(
    definition: Place,
    *,
    release: Place | None = None,
    log: Place | None = None,
    cells: Place | None = None,
    own_key: Place | None = None,
) -> Answer:
    """Put the analysis of a file to a release, to a log of one's own, or to printed cells.

    `own_key` is the file with your key, where a release is sealed to you and the key is not kept beside it.

    >>> import jalostamo
    >>> jalostamo.analyse("steps.toml", log="services.csv").table("steps")  # doctest: +SKIP
    """
    from jalostamo.engine.versions import check_versions
    from jalostamo.producing.analyses.asked import read_analysis

    check_versions()
    source = Source(*(None if place is None else Path(place) for place in (release, log, cells, own_key)))
    if source.release is not None:
        refuse_other_user(home_of(source.release), "open")
    analysis = read_analysis(Path(definition))
    with _told_without_values(), own_folder() as folder:
        return Answer(analysis, findings_of(analysis, source, workspace=folder, step=lambda _: None))


@contextmanager
def _told_without_values() -> Iterator[None]:
    """A library's warning, or error, may quote what it stumbled on, and a notebook keeps all that it shows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except JalostamoError:
            raise
        except Exception as error:
            sentence = f"Something went wrong that is our fault, not yours ({kind_and_place(error)})."
            raise Broken(sentence, reason="our_fault") from None


def methods() -> pandas.DataFrame:
    """The catalogue: every method, what it answers, and whom its findings ask for."""
    import pandas

    from jalostamo.producing.analyses.entries import entries

    columns = ("name", "kind", "competence", "answers", "read_with")
    told = [entry.as_mapping() for entry in entries()]
    return pandas.DataFrame([{name: entry[name] for name in columns} for entry in told])
