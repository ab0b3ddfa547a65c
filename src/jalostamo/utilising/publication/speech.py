"""How one page names and writes what a result holds: its labels and captions, in its language.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jalostamo.charts.flows import ENDS, OTHERS
from jalostamo.concepts.languages import Language, Text
from jalostamo.concepts.numerals import number
from jalostamo.producing.results import GroupEstimate, Result
from jalostamo.utilising.publication.captions import CAPTIONS
from jalostamo.utilising.publication.comparable import shared_source_of
from jalostamo.utilising.publication.numerals import share


@dataclass(frozen=True, slots=True)
class Speech:
    """A speech is one language with the labels of one report."""

    labels: Mapping[str, Text]
    language: Language

    def caption(self, name: str, **values: str) -> str:
        """One of the captions, its places filled."""
        return self.words(CAPTIONS[name]).format(**values)

    def words(self, text: Text) -> str:
        """A text in this language."""
        return text.in_language(self.language)

    def name(self, code: str) -> str:
        """What a group, a subject, or a step from one service to the next is called."""
        if ">" in code:
            source, target = code.split(">", 1)
            return self.caption("then", source=self.name(source), target=lowered(self.name(target)))
        if code in {ENDS, OTHERS}:
            return self.caption("ends" if code == ENDS else "others")
        return self.words(self.labels[code])

    def title(self, code: str) -> str:
        """The same at the beginning of a line."""
        name = self.name(code)
        return name[:1].upper() + name[1:]

    def subject(self, result: Result, code: str) -> str:
        """What a subject is called among the subjects of its result: a common first service is left to the title."""
        return self.title(code.partition(">")[2]) if shared_source_of(result) is not None else self.title(code)

    def number(self, value: float, *, places: int = 0) -> str:
        """A number with the language's separators."""
        return number(value, self.language, places=places)

    def share(self, value: float) -> str:
        """A share as per cent."""
        return share(value, self.language)

    def base(self, estimate: GroupEstimate) -> str:
        """How many customers an estimate rests on, and of how many where it is a share."""
        customers = self.number(estimate.customers)
        if estimate.exposure is not None:
            return self.caption("customers", customers=customers)
        return self.caption("of_base", customers=customers, base=self.number(estimate.base))

    def short_base(self, estimate: GroupEstimate) -> str:
        """The same where there is little room."""
        customers = self.caption("n", customers=self.number(estimate.customers))
        return customers if estimate.exposure is not None else f"{customers} / {self.number(estimate.base)}"


def lowered(label: str) -> str:
    """A label as it stands inside a sentence; an abbreviation keeps its capitals.

    >>> lowered("Family work"), lowered("BI report")
    ('family work', 'BI report')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
