"""The number that a file's name gives its document, where a pen wrote it on the page and nobody could read it."""

from __future__ import annotations

import re
from pathlib import PurePath

from pipeline.vietnamese import fold

YEARS_BEFORE, YEARS_AFTER = 5, 15
"""A number from so many years before the year of issue to so many after it is a year: `bao-cao-2020.pdf`."""

_SEPARATORS = re.compile(r"[\s_.,+()\[\]/-]+")
_NUMBER = r"(?:so )?(?P<number>\d{1,5})(?!\d)"
_NO_DATE = r"(?! \d{1,2} (?:19|20)\d\d)(?! \d{1,2} \d{1,2}\b)(?! ?(?:dpi|trang|page|thang|quy|nam|ngay)\b)"


def number_in_name(path: str, symbol: str, kind: str | None, code: str | None, year: str | None) -> str | None:
    """The number in a file's name: right before the printed symbol (`359_KH-SYT.pdf`), or right after the name or code
    of the kind (`ke-hoach-359.pdf`, `KH 359`) where it is neither part of a date nor a year.

    `year` is that of issue. None where the name gives no number, or two.
    """
    name = " ".join(_SEPARATORS.sub(" ", fold(PurePath(path).stem)).split())
    before = re.escape(" ".join(_SEPARATORS.sub(" ", fold(symbol)).split()))
    found = {match["number"] for match in re.finditer(rf"(?<!\w){_NUMBER} ?{before}(?!\w)", name)}
    if not found:
        words = "|".join(re.escape(fold(word)) for word in (kind, code) if word)
        matches = re.finditer(rf"(?<!\w)(?:{words}) ?{_NUMBER}{_NO_DATE}", name) if words else ()
        found = {match["number"] for match in matches if not _is_year(match["number"], year)}
    found = {number for number in found if int(number) > 0}
    return found.pop() if len(found) == 1 else None


def _is_year(number: str, year: str | None) -> bool:
    if len(number) != len("2020") or not 1900 <= int(number) <= 2100:
        return False
    return year is None or -YEARS_BEFORE <= int(number) - int(year) <= YEARS_AFTER
