"""A paper as a Word file, for board papers that are put together from many: headings, tables with heads, its language.

Handbook 2.6, phase 3; Appendix 1.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from townhall.pages.words import language, say, told
from townhall.permits.printing.composing import Printed, Stated

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.table import Table, _Cell, _Row

    from townhall.permits.estimating.drawing import Matrix

_TONGUES: Final = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
_INK, _MUTED, _ACCENT = RGBColor(0x1A, 0x25, 0x30), RGBColor(0x55, 0x62, 0x6E), RGBColor(0x0B, 0x5D, 0x63)
_FACE: Final = "Arial"


def as_docx(printed: Printed) -> bytes:
    """The paper as a Word file."""
    paper = Document()
    _styled(paper)
    _described(paper, printed)
    paper.add_paragraph(printed.town)
    paper.add_paragraph(printed.title)
    paper.add_heading(printed.name, level=1)
    paper.add_paragraph(printed.opening)
    for section in printed.sections:
        paper.add_heading(section.title, level=2)
        _tabled(paper, section.stated)
    if printed.matrices:
        paper.add_heading(say("estimate.matrices"), level=2)
        for matrix in printed.matrices:
            _drawn(paper, matrix)
    _footed(paper, printed)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def _styled(paper: Paper) -> None:
    sizes = {
        "Normal": (10, 6, _INK),
        "Heading 1": (20, 6, _INK),
        "Heading 2": (13, 6, _ACCENT),
        "Footer": (7, 0, _MUTED),
    }
    for name, (size, after, colour) in sizes.items():
        style = paper.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FACE, Pt(size), colour
        style.paragraph_format.space_after = Pt(after)
        faces = style.element.get_or_add_rPr().get_or_add_rFonts()
        # Word's own theme would come before the face that is named.
        for script, theme in (
            ("ascii", "asciiTheme"),
            ("hAnsi", "hAnsiTheme"),
            ("cs", "cstheme"),
            ("eastAsia", "eastAsiaTheme"),
        ):
            faces.set(qn(f"w:{script}"), _FACE)
            faces.attrib.pop(qn(f"w:{theme}"), None)
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), _TONGUES[language()])
    paper.styles["Normal"].element.get_or_add_rPr().append(tongue)
    page = paper.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Cm(2.5), Cm(2), Cm(2.2), Cm(2.5)


def _described(paper: Paper, printed: Printed) -> None:
    about = paper.core_properties
    about.title, about.author, about.language = f"{printed.title}: {printed.name}"[:255], printed.town[:255], language()
    about.subject, about.identifier = printed.case, printed.head
    about.created = about.modified = printed.at.replace(tzinfo=None)
    about.comments = ""


def _tabled(paper: Paper, stated: tuple[Stated, ...]) -> None:
    table = paper.add_table(rows=1, cols=2)
    table.style = "Table Grid"
    _head(table.rows[0], (say("estimate.entry"), say("papers.answer")))
    for each in stated:
        row = table.add_row()
        row.cells[0].text = each.title
        _written(row.cells[1], "\n".join(each.said) or say("form.unanswered"))
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Cm(5.5), Cm(11)


def _drawn(paper: Paper, matrix: Matrix) -> None:
    here = say("estimate.matrix_here", cell=matrix.here.title) if matrix.here else say("estimate.matrix_nowhere")
    paper.add_paragraph(f"{told(matrix.title)}. {here}").paragraph_format.keep_with_next = True
    table = paper.add_table(rows=1, cols=6)
    table.style = "Table Grid"
    _head(table.rows[0], (f"{told(matrix.upright)} ↓ {told(matrix.across)} →", *(str(told(c)) for c in matrix.columns)))
    for line in matrix.rows:
        row = table.add_row()
        row.cells[0].text = str(told(line.title))
        for cell, drawn in zip(row.cells[1:], line.cells, strict=True):
            cell.text = f"{told(drawn.title)} ● {say('estimate.here')}" if drawn.is_here else str(told(drawn.title))
            cell.paragraphs[0].runs[0].bold = drawn.is_here
    _small(table)
    paper.add_paragraph()


def _small(table: Table) -> None:
    for row in table.rows:
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8)


def _head(row: _Row, words: tuple[str, ...]) -> None:
    """The head of a table: bold, repeated on each page, and told to those who have it read to them."""
    for cell, word in zip(row.cells, words, strict=True):
        cell.text = word
        cell.paragraphs[0].runs[0].bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeated)


def _written(cell: _Cell, text: str) -> None:
    first, *others = text.split("\n")
    cell.text = first
    for line in others:
        cell.add_paragraph(line)


def _footed(paper: Paper, printed: Printed) -> None:
    foot = paper.sections[0].footer.paragraphs[0]
    foot.text = f"{printed.origin}\n{printed.told_digest}\n"
    run = foot.add_run()
    for kind, said in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = said
        run._r.append(part)
