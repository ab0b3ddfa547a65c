"""A paper as a tagged PDF (PDF/UA-1), for archiving and for those who have it read aloud to them.

Nothing is loaded from anywhere but the house's own typeface. WeasyPrint takes a second to import: this module is imported
by whoever asks for a PDF, and not before.

Handbook 2.6, phase 3; Appendix 1.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from townhall.pages.words import language
from townhall.permits.printing.composing import Printed

_FONTS: Final = {f"house:{part}": f"inter-{part}-wght-normal.woff2" for part in ("latin", "latin-ext")}


class House(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Hands out the typeface, and refuses everything else that a paper might name."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = _FONTS.get(url)
        if name is None:
            raise FatalURLFetchingError("A paper names something outside itself.")
        folder = settings.ASSETS / "@fontsource-variable" / "inter" / "files"
        return URLFetcherResponse(url, (folder / name).read_bytes(), {"Content-Type": "font/woff2"})


def as_pdf(printed: Printed, *, readable: bool = False) -> bytes:
    """The paper as PDF/UA-1; `readable` leaves its objects uncompressed. The same paper has the same identifier."""
    page = render_to_string("permits/printed.html", {"printed": printed, "language": language()})
    house, fonts = House(), FontConfiguration()
    style = files("townhall.permits.printing").joinpath("paper.css").read_text(encoding="utf-8")
    made = HTML(string=page, url_fetcher=house, base_url="house:").write_pdf(
        stylesheets=[CSS(string=style, url_fetcher=house, font_config=fonts)],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=printed.head.encode("ascii"),
        uncompressed_pdf=readable,
    )
    return bytes(made)
