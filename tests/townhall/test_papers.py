"""Papers of a case: the same entries on page, in PDF and in Word; tagged, traceable, and loading nothing from anywhere."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from docx import Document
from tests.townhall.played import played

if TYPE_CHECKING:
    from django.test import Client

    from townhall.permits.models import Case
    from townhall.permits.printing.composing import Printed

type Cast = Callable[..., Client]


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case that was decided."""
    cast("f-ini")
    return played()


def decision_of(case: Case) -> Printed:
    from townhall.permits.printing.composing import printed_decision
    from townhall.permits.printing.outcomes import outcome_of
    from townhall.permits.recording import events_of, initiative_of
    from townhall.permits.views import names

    made = initiative_of(case)
    found = outcome_of(case, made, events_of(case))
    assert found is not None
    return printed_decision(case, found, made, names())


def form_of(case: Case) -> Printed:
    from townhall.permits.estimating.versions import versions_of
    from townhall.permits.printing.composing import printed_form
    from townhall.permits.recording import events_of
    from townhall.permits.views import names

    return printed_form(case, versions_of(case, events_of(case))[0], names())


def text_of(file: bytes) -> tuple[str, str]:
    """What stands in a Word file, and at its foot."""
    paper = Document(io.BytesIO(file))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return (
        "\n".join([*(each.text for each in paper.paragraphs), *cells]),
        "\n".join(each.text for each in paper.sections[0].footer.paragraphs),
    )


def test_page_and_word_file_say_every_entry_of_the_decision(cast: Cast, case: Case) -> None:
    client = cast("f-sec", "sv")
    page = client.get(f"/cases/{case.pk}/papers/").content.decode()
    file = client.get(f"/cases/{case.pk}/papers/decision.docx")
    assert file["Content-Disposition"] == f'attachment; filename="{case.pk}-beslut.docx"'
    said, foot = text_of(file.content)
    with translation.override("sv"):
        printed = decision_of(case)
    stated = [each for section in printed.sections for each in section.stated]
    assert {"Diarienummer", "Motivering", "Anvisning om ändringssökande", "Villkor"} <= {each.title for each in stated}
    for each in stated:
        assert each.title in said
        assert each.title in page
        assert all(one in said and one in page for one in each.said), each.title
    assert case.pk in foot and printed.head in foot and printed.head in page


def test_a_paper_is_a_tagged_pdf_in_the_language_of_its_reader(cast: Cast, case: Case) -> None:
    from townhall.permits.printing.pdf import as_pdf

    sent = cast("f-aud", "fi").get(f"/cases/{case.pk}/papers/decision.pdf")
    assert (sent["Content-Type"], sent.content[:5]) == ("application/pdf", b"%PDF-")
    with translation.override("fi"):
        printed = form_of(case)
        file = as_pdf(printed, readable=True)
    for tag in (
        b"/MarkInfo",
        b"/StructTreeRoot",
        b"/Lang (fi)",
        b"/DisplayDocTitle true",
        b"pdfuaid:part",
        b"/H1",
        b"/TH",
    ):
        assert tag in file, tag
    assert printed.head.encode() in file
    assert b"<dc:title>" in file and printed.name.encode() in file
    assert not re.search(rb"/URI|/JavaScript|/EmbeddedFile", file)


def test_the_form_in_word_draws_its_matrices_with_the_cell_of_the_case(case: Case) -> None:
    from townhall.permits.printing.word import as_docx

    with translation.override("en"):
        printed = form_of(case)
        file = as_docx(printed)
    tables = Document(io.BytesIO(file)).tables
    drawn = tables[-4:]
    assert [len(table.rows) for table in drawn] == [6] * 4
    assert all(sum("●" in cell.text for row in table.rows for cell in row.cells) == 1 for table in drawn)
    assert len(tables) == len(printed.sections) + 4


def test_a_paper_loads_nothing_from_outside_itself() -> None:
    from weasyprint.urls import FatalURLFetchingError

    from townhall.permits.printing.pdf import House

    for address in ("https://example.org/x.png", "file:///etc/hostname", "house:../town.toml", "data:text/plain,x"):
        with pytest.raises(FatalURLFetchingError):
            House().fetch(address)


def test_who_has_no_part_gets_no_paper_and_what_is_not_there_is_not_found(cast: Cast, case: Case) -> None:
    assert cast("f-ser").get(f"/cases/{case.pk}/papers/decision.pdf").status_code == 403
    client = cast("f-ini")
    for name in ("form-2.pdf", "form-0.docx", "decision.html"):
        assert client.get(f"/cases/{case.pk}/papers/{name}").status_code == 404
    opened = client.post("/cases/new/", {"role": "initiator"})["Location"]
    assert client.get(f"{opened}papers/decision.pdf").status_code == 404
    assert client.get(f"{opened}papers/").status_code == 200


def test_a_refusal_is_a_paper_too(cast: Cast) -> None:
    cast("f-ini")
    refused = played(level="high", data_class="pseudonymised_with_key", until="refuse", subjects="others")
    with translation.override("en"):
        printed = decision_of(refused)
    (section,) = printed.sections
    assert printed.title == "Refusal"
    assert ("Outcome", ("refused",)) in {(each.title, each.said) for each in section.stated}


def test_what_no_word_file_can_hold_is_left_out(case: Case) -> None:
    from dataclasses import replace

    from townhall.permits.printing.composing import printed_decision
    from townhall.permits.printing.outcomes import outcome_of
    from townhall.permits.printing.word import as_docx
    from townhall.permits.recording import events_of, initiative_of

    made = initiative_of(case)
    found = outcome_of(case, made, events_of(case))
    assert found is not None and found.made.decided is not None
    decision = replace(found.made.decided.decision, reasons="First\x0b\x00line\nand <b>second</b> \ud800line")
    odd = replace(found, made=replace(found.made, decided=replace(found.made.decided, decision=decision)))
    with translation.override("fi"):
        said, _ = text_of(as_docx(printed_decision(case, odd, made, {})))
    assert "Firstline" in said and "and <b>second</b> line" in said
