"""Two small registers as their owners would describe them; nobody's data belongs to them."""

from __future__ import annotations

from typing import Final


def _titled(word: str) -> str:
    return f'{{ fi = "{word}", sv = "{word}", en = "{word}" }}'


def _field(name: str, written: str, sensitivity: str, title: str, more: str = "") -> str:
    return (
        f'[[table.field]]\nname = "{name}"\ncolumn = "{name.upper()}"\ntype = "{written}"\n'
        f'sensitivity = "{sensitivity}"\ntitle = {_titled(title)}\n{more}\n'
    )


def _codes(name: str, codes: dict[str, str]) -> str:
    listed = ", ".join(
        f'{{ code = "{code}", fi = "{word}", sv = "{word}", en = "{word}" }}' for code, word in codes.items()
    )
    return f'[[code_list]]\nname = "{name}"\nversion = "1"\ncodes = [{listed}]\n'


def _head(name: str, title: str) -> str:
    told = f'name = "{name}"\nowner = "branch"\ncontroller = "city"\nmarking = "synthetic"'
    return f"[register]\n{told}\ntitle = {_titled(title)}"


LIBRARY: Final = "\n".join(
    (
        _head("library", "Loans of the library"),
        '[[register.controllers]]\norganisation = "city"\nsince = "1900-01-01"\nuntil = "2022-12-31"',
        '[[register.controllers]]\norganisation = "county"\nsince = "2023-01-01"',
        '[[table]]\nname = "loans"\nfile = "loans.csv"\noccurred = "loaned"',
        _field("card_number", "text", "link", "Card number"),
        _field("loaned", "date", "indirect_identifier", "Loaned"),
        _field("branch", "code", "ordinary", "Branch", 'code_list = "branch"'),
        _codes("branch", {"M": "Main library", "B": "Book bus"}),
    )
)
POPULATION: Final = "\n".join(
    (
        _head("population", "Population register"),
        '[[table]]\nname = "addresses"\nfile = "addresses.csv"\noccurred = "since"',
        _field("person", "personal_identity_code", "direct_identifier", "Identity code"),
        _field("since", "date", "indirect_identifier", "In force from"),
        _field("postcode", "code", "indirect_identifier", "Postcode", 'code_list = "postcode"\nlocates = true'),
        _field("district", "code", "indirect_identifier", "District", 'code_list = "district"\nlocates = true'),
        _field("native_language", "text", "indirect_identifier", "Native language"),
        _codes("postcode", {"1": "One", "2": "Two", "3": "Three"}),
        _codes("district", {"N": "North", "S": "South"}),
    )
)
