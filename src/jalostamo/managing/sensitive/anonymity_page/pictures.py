"""The page's charts, each drawn from the report's or the evidence's figures, and each shown as a table, too.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.charts.bars import Bar, bars_chart
from jalostamo.charts.blocks import Block, blocks_chart
from jalostamo.charts.choices import Axes, Choice, choices_chart
from jalostamo.charts.estimates import Mark, estimates_chart
from jalostamo.charts.picturing import Picture, picture_of
from jalostamo.managing.sensitive.anonymity_page.attack_words import AIMS, OF
from jalostamo.managing.sensitive.anonymity_page.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from jalostamo.charts.framing import Sheet
    from jalostamo.charts.rendering import Drawing, Renderer
    from jalostamo.managing.sensitive.anonymity_page.given import Evidence, Finding
    from jalostamo.managing.sensitive.anonymity_page.reported import Frontier, Report
    from jalostamo.managing.sensitive.anonymity_page.writing import Writer
    from jalostamo.managing.sensitive.preparing.anonymity.costs import ColumnLoss, Differences, Estimate, LeftOut

MOST_OPTIONS: Final = 200
_LONGEST: Final = 22
"""So much of a column's name has room beside what an attack is after."""


@dataclass(frozen=True, slots=True)
class Artist:
    """Draws the charts of one page in its language."""

    write: Writer
    draw: Renderer

    def group(self, name: str, *, small: bool) -> str:
        """What a group is called."""
        if small:
            return self._say("small")
        return name or self._say("missing")

    def class_sizes(self, report: Report) -> Picture | None:
        """How many rows lie in classes of which size."""
        sizes, rows = report.utility.class_sizes, report.released_rows
        if not sizes:
            return None
        bars = tuple(
            Bar(
                self.between(size.least, size.most),
                size.rows / rows,
                self.write.share(size.rows / rows),
                self._counted(size.classes),
            )
            for size in sizes
        )
        return self._picture("class_sizes", lambda sheet: bars_chart(bars, tick=self.write.share, sheet=sheet))

    def between(self, least: int, most: int) -> str:
        """From one number to another, or the one."""
        return self.write.count(least) + ("" if most == least else f"–{self.write.count(most)}")

    def losses(self, columns: tuple[ColumnLoss, ...]) -> Picture | None:
        """What each column lost."""
        if not columns:
            return None
        level = WORDS["level_note"]
        bars = tuple(
            Bar(
                found.column,
                found.loss,
                self.write.share(found.loss),
                self.write.said(level, str(found.level), str(found.highest)),
            )
            for found in sorted(columns, key=lambda one: -one.loss)
        )
        return self._picture(
            "loss_chart", lambda sheet: bars_chart(bars, tick=self.write.share, sheet=sheet, highest=1.0)
        )

    def left_out(self, found: LeftOut) -> Picture:
        """Who was left out."""
        bars = tuple(
            Bar(
                self.group(left.group, small=left.small),
                left.share,
                self.write.share(left.share),
                f"{self.write.count(left.suppressed)} / {self.write.count(left.rows)}",
            )
            for left in found.groups
        )
        return self._picture(
            "left_out_chart", lambda sheet: bars_chart(bars, tick=self.write.share, sheet=sheet), found.column
        )

    def difference(self, found: Differences, *, number: int) -> Picture:
        """How common a value is in each group, before and after."""
        blocks = tuple(
            Block(
                self.group(group.group, small=group.small),
                (self._mark("before", group.before), *((self._mark("after", group.after),) * bool(group.after.rows))),
            )
            for group in found.groups
        )
        value = found.value or self._say("missing")
        return self._picture(
            "difference_chart",
            lambda sheet: blocks_chart(blocks, tick=self.write.share, sheet=sheet),
            value,
            found.column,
            found.by,
            name=f"difference-{number}",
        )

    def risks(self, evidence: Evidence) -> Picture | None:
        """What attacks won, with their intervals."""
        found = [each for each in evidence.findings if each.figure.endswith(".risk")]
        if not any(each.high > 0 for each in found):
            return None
        marks = tuple(self._risk(each) for each in found)
        return self._picture("risk_chart", lambda sheet: estimates_chart(marks, tick=self.write.share, sheet=sheet))

    def frontier(self, found: Frontier) -> Picture | None:
        """What else could have been chosen."""
        if len(found.choices) < 2:
            return None
        options = tuple(Choice(c.loss, c.suppressed_share, c.chosen) for c in found.choices[:MOST_OPTIONS])
        axes = Axes(self._say("loss"), self._say("suppressed"), self._say("chosen"), self.write.share)
        return self._picture("frontier_chart", lambda sheet: choices_chart(options, axes=axes, sheet=sheet))

    def attacked(self, finding: Finding) -> str:
        """What an attack was of."""
        known = OF.get(finding.of)
        return finding.of if known is None else self.write.said(known)

    def aim(self, finding: Finding) -> str:
        """What an attack is after."""
        name = finding.figure.partition(".")[0]
        return self.write.said(AIMS[name]) if name in AIMS else name

    def _risk(self, finding: Finding) -> Mark:
        of = self.attacked(finding)
        of = of if len(of) <= _LONGEST else f"{of[: _LONGEST - 1]}…"
        value = min(max(finding.found, 0.0), 1.0)
        name = f"{self.aim(finding)}{f' ({of})' if of else ''}"
        ends = min(finding.low, value), max(finding.high, value)
        return Mark("risk", name, ends[0], value, ends[1], self.write.share(value), self._outcome(finding))

    def _outcome(self, finding: Finding) -> str:
        return self._say(finding.outcome) if finding.outcome in WORDS else finding.outcome

    def _mark(self, when: str, found: Estimate) -> Mark:
        note = self.write.said(WORDS["n"], self.write.count(found.rows))
        return Mark(when, self._say(when), found.low, found.value, found.high, self.write.share(found.value), note)

    def _counted(self, classes: int) -> str:
        if classes == 1:
            return self._say("classes_note_one")
        return self.write.said(WORDS["classes_note"], self.write.count(classes))

    def _say(self, word: str) -> str:
        return WORDS[word].in_language(self.write.language)

    def _picture(self, title: str, drawing: Callable[[Sheet], Drawing], *values: str, name: str = "") -> Picture:
        said = self.write.said(WORDS[title], *values)
        return picture_of((said, drawing), draw=self.draw, name=name or title.replace("_", "-"))
