"""Texts that are not what their field declares, or only look wrong: each in a record between two sound ones."""

from __future__ import annotations

from tests.jalostamo.managing.corpus.cases import Case, between_sound_ones, of_type

from jalostamo.concepts.registers import FieldType, RegisterTable

_INTEGER = of_type(FieldType.INTEGER)
_DECIMAL = of_type(FieldType.DECIMAL)
_COMMA = of_type(FieldType.DECIMAL, decimal_mark=",")
_ISO_DATE = of_type(FieldType.DATE)
_FINNISH_DATE = of_type(FieldType.DATE, "%d.%m.%Y")
_AMERICAN_DATE = of_type(FieldType.DATE, "%m/%d/%Y")
_MOMENT = of_type(FieldType.DATETIME, timezone="Europe/Helsinki")
_WORDS = of_type(FieldType.BOOLEAN, "K;E")
_BOOLEAN = of_type(FieldType.BOOLEAN)
_CODE = of_type(FieldType.CODE)
_PERSON = of_type(FieldType.PERSONAL_IDENTITY_CODE)
_TEXT = of_type(FieldType.TEXT)

# The description, a sound text, the reason (None where the text is sound), and the texts with what they are called.
_FAMILIES: list[tuple[str, RegisterTable, str, str | None, dict[str, str]]] = [
    ("whole number", _INTEGER, "7", "not_integer", {
        "a power of ten": "1E5", "a decimal point": "7.0", "a decimal comma": "7,0", "a space before": " 7",
        "a space behind": "7 ", "a tab behind": "7\t", "a line end behind": "7\n", "an underscore": "1_000",
        "a space for thousands": "1 000", "a point for thousands": "1.000", "a comma for thousands": "1,000",
        "a hard space for thousands": "1\u00a0000", "a narrow space for thousands": "1\u202f000",
        "an apostrophe for thousands": "1'000", "hexadecimal": "0x10", "Arabic digits": "٣", "full-width digits": "７",
        "two signs": "--7", "a sign behind": "7-", "a minus of typesetters": "\u22127", "a dash": "-",
        "parentheses": "(7)", "19 digits": "1" * 19, "300 digits": "9" * 300, "not a number": "nan", "infinite": "inf",
        "a letter O": "1O", "a small L": "l7", "a superscript": "7²", "a fraction": "½", "a Roman numeral": "Ⅶ",
        "a formula": "=7", "a formula of two": "=1+1", "a command": "+cmd|' /C calc'!A0", "a euro": "7 €",
        "a zero-width space": "7\u200b", "a byte order mark": "\ufeff7", "a mark of direction": "\u202e7",
        "a NUL": "7\0", "a soft hyphen": "\u00ad7", "a word": "seven", "a question mark": "?", "null in words": "NULL",
    }),
    ("whole number", _INTEGER, "7", None, {
        "leading zeros": "0007", "a plus": "+7", "a minus": "-7", "minus nothing": "-0", "18 digits": "9" * 18,
    }),
    ("decimal", _DECIMAL, "7.5", "not_decimal", {
        "a comma": "7,5", "thousands and a comma": "1.000,00", "thousands and a point": "1,000.00", "five decimals": "7.00001",
        "no digit behind": "7.", "no digit before": ".5", "a power": "1e5", "15 digits": "1" * 15, "two points": "7.5.1",
        "a percent": "7.5 %", "a unit": "7.5h", "a space for thousands": "1 000.5", "a hard space": "7\u00a0.5",
        "a middle dot": "7·5", "an Arabic decimal mark": "7٫5", "not a number": "NaN", "infinite": "-Infinity",
    }),
    ("decimal with a comma", _COMMA, "7,5", "not_decimal", {
        "a point": "7.5", "both marks": "1.000,5", "two commas": "1,000,5", "no digit behind": "7,",
    }),
    ("decimal", _DECIMAL, "7.5", None, {
        "a whole one": "7", "leading zeros": "007.50", "a minus": "-0.0001", "the largest": "9" * 14 + ".9999",
    }),
    ("date", _ISO_DATE, "2024-02-29", "not_date", {
        "no such day": "2023-02-29", "30 February": "2024-02-30", "a month 13": "2024-13-01", "a month 0": "2024-00-01",
        "a day 0": "2024-01-00", "nothing but zeros": "0000-00-00", "the year 0": "0000-01-01", "the year 10000": "10000-01-01",
        "a year of two digits": "24-02-29", "no zeros": "2024-2-9", "Finnish": "29.2.2024", "American": "02/29/2024",
        "slashes": "2024/02/29", "no dashes": "20240229", "a time behind": "2024-02-29 10:00", "today": "today",
        "infinity": "infinity", "epoch": "epoch", "before our era": "0044-03-15 (BC)", "a space before": " 2024-02-29",
        "a serial number of a sheet": "45351", "a week": "2024-W09-4", "an ordinal day": "2024-060", "dashes of typesetters":
        "2024\u201102\u201129", "full-width digits": "２０２４-02-29",
    }),
    ("date", _ISO_DATE, "2024-02-29", None, {"the year 1": "0001-01-01", "the year 9999": "9999-12-31", "of old": "1582-10-10"}),
    ("Finnish date", _FINNISH_DATE, "29.02.2024", "not_date", {
        "two digits of a year": "01.02.24", "no zeros": "1.2.2024", "slashes": "2/3/2024", "month first": "02.29.2024",
        "ISO": "2024-02-29", "30 February": "30.02.2024", "a point behind": "29.02.2024.", "spaces": "29. 02. 2024",
    }),
    ("American date", _AMERICAN_DATE, "02/29/2024", "not_date", {"day first": "13/02/2024", "no zeros": "2/3/2024"}),
    ("time", _MOMENT, "2024-01-01T12:00", "not_datetime", {
        "the hour that clocks leap over": "2024-03-31 03:30:00", "an hour 25": "2024-01-01T25:00", "a minute 60": "2024-01-01T12:60",
        "a zone by name": "2024-01-01T12:00 Europe/Helsinki", "a zone by letters": "2024-01-01T12:00 EET", "now": "now",
        "no date": "12:00", "a zone too far": "2024-01-01T12:00+99:00", "am": "2024-01-01 12:00 AM", "a comma":
        "2024-01-01T12:00:00,5", "seconds of 1970": "1704067200", "Finnish": "1.1.2024 klo 12.00",
    }),
    ("time", _MOMENT, "2024-01-01T12:00", None, {
        "the hour that clocks show twice": "2024-10-27 03:30:00", "universal": "2024-01-01T12:00Z",
        "with an offset": "2024-01-01T12:00+05:30", "a day alone": "2024-01-01", "the end of a leap day": "2024-02-29T23:59:59.999",
    }),
    ("word", _WORDS, "K", "not_boolean", {"a small one": "k", "English": "true", "both": "K;E", "look-alike": "К", "one": "1"}),
    ("truth", _BOOLEAN, "true", "not_boolean", {"a capital": "True", "a number": "1", "yes": "yes", "a space": "true "}),
    ("code", _CODE, "1", "unknown_code", {
        "unknown": "3", "a zero before": "01", "a space": "1 ", "a decimal": "1.0", "full-width": "１", "superscript": "¹",
        "a letter l": "l", "a letter I": "I", "a soft hyphen": "1\u00ad", "a zero-width joiner": "1\u200d", "a hard space": "\u00a01",
    }),
    ("identity code", _PERSON, "010190-900P", None, {
        "a small letter": "010190-900p", "a space behind": "010190-900P ", "no code": "x", "a dash of typesetters": "010190\u2013900P",
        "a Cyrillic letter": "010190-900Р", "a power": "1E5", "leading zeros": "000000-0000",
    }),
    ("text", _TEXT, "a", None, {
        "a formula": "=1+1", "a command": "+cmd|' /C calc'!A0", "at": "@SUM(A1)", "a minus": "-2+3", "leading zeros": "0012",
        "a power": "1E5", "bidi marks": "\u202eabc\u202c", "zero-width": "a\u200bb", "emoji": "👩‍👧", "composed": "é", "decomposed":
        "e\u0301", "control characters": "a\x01\x02\x1f", "escape": "\x1b[31m", "a NUL": "a\0b", "delete": "\x7f", "a form feed":
        "a\x0cb", "a vertical tab": "a\x0bb", "next line": "a\x85b", "a separator of lines": "a\u2028b", "beyond the first plane":
        "\U0010ffff", "a noncharacter": "\uffff", "a private one": "\ue000", "a script": "<script>alert(1)</script>", "SQL":
        "'; DROP TABLE persons; --", "a path": "../../etc/passwd", "a template": "{{7*7}}", "a replacement": "\ufffd", "hard space":
        "\u00a0", "a space": " ", "null in words": "NULL", "missing in words": "NA", "a backslash": "\\", "a backslash and n": "\\n",
        "many": "a" * 100_000, "lines": "a\nb\nc", "a Cyrillic А": "А", "right to left": "שלום", "a soft hyphen": "a\u00adb",
    }),
]  # fmt: skip
VALUES: dict[str, Case] = {
    f"{kind}: {called}": between_sound_ones(text, declared, sound, reason)
    for kind, declared, sound, reason, texts in _FAMILIES
    for called, text in texts.items()
}
