"""Number, date and place as a document prints them; what cannot be read for sure is None, never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.models import RestoredPage
from pipeline.segment.rules import HeaderRules

UNSURE_WORD = 0.88
"""Below this confidence of the reader a number or day counts as not read: print is read with 0.9 and more, what a pen
wrote into the form with 0.0 to 0.86."""

HALF_SURE_WORD = 0.75
"""From this confidence on a number is believed where the rest of the header bears it out: long symbols are read with
less confidence than the digits in them deserve."""

SLASH_LOST = "slash-lost"
"""The form of a symbol whose slash a pen's number ran into; its number is never sure."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Number and symbol. `value` is None where the number was printed but not read for sure."""

    value: str | None
    symbol: str
    year: str | None
    start: int
    end: int
    half_sure: str | None = None  # the number where the reader doubted it, but not much
    blank: str = ""  # as it is where nobody filled the number in: `/CT-UBND`
    symbol_sure: bool = False  # the reader had no doubt of the symbol's words

    @property
    def is_party(self) -> bool:
        """Whether the symbol is written the Party's way: type before the slash, body after it."""
        return "/" in self.symbol and "-" not in self.symbol.split("/")[0]

    @property
    def type_code(self) -> str:
        """The code of the type, or of the body where a `Công văn` carries no type."""
        return re.split(r"[-/]", self.symbol)[0]

    @property
    def body_code(self) -> str:
        """What the symbol says about the issuing body."""
        parts = re.split(r"[-/]", self.symbol, maxsplit=1)
        return parts[1] if len(parts) > 1 else parts[0]


@dataclass(frozen=True, slots=True)
class PlaceAndDate:
    """Place and date: `issued_on` as exact as it could be read; `text[start:end]` holds both."""

    place: str | None
    issued_on: str | None
    start: int
    end: int
    doubt: bool  # a day or month was printed but not read


def find_reference(text: str, page: RestoredPage, offset: int, intro_needed: bool = True) -> Reference | None:
    """The number and symbol in a header line that begins at `page.text[offset]`."""
    intro = next((m for rule in HeaderRules.load().numbers if (m := rule.regex.search(text[:200]))), None)
    if intro is None and _GARBLED_INTRO.match(text):
        intro_needed, garbled = False, True
    else:
        garbled = False
    if intro is None and intro_needed:
        return None
    at = intro.end() if intro else 0
    for rule in HeaderRules.load().symbols:
        match = rule.regex.search(text[at : at + 60])
        while match and _SYMBOL_FOLLOWS.match(text, at + match.end()):
            match = rule.regex.search(text[at : at + 60], match.end())
        if match is None:
            continue
        symbol = re.sub(r"\s+", "", match.group("symbol")).replace("Ð", "Đ")
        symbol = re.sub(r"[⁄∕]", "/", re.sub(r"[–—−]", "-", symbol))
        year = match.groupdict().get("year")
        number = match.group("number").strip(".…_:,;'’`~^ ")
        before = text[at : at + match.start()].strip(" .…_:,;'’`~^-")
        span = (offset + at + match.start("number"), offset + at + match.end("number"))
        join = {"party": "-", "blank": " "}.get(rule.id, "/")
        blank = f"{join}{year}/{symbol}" if year else f"{join}{symbol}"
        value: str | None = number + blank
        if garbled or before or rule.id == SLASH_LOST or (not number and not shows_blanks(page)):
            value = None
        if number and not re.fullmatch(r"0{0,4}[1-9]\d{0,4}[a-z]?", number):
            value = None
        half_sure = None
        if number and (sureness := _sureness(page, *span)) < UNSURE_WORD:
            tidy = _TIDY_INTRO.match(text) is not None
            value, half_sure = None, value if tidy and sureness >= HALF_SURE_WORD else None
        start = intro.start() if intro else match.start()
        symbol_at = (offset + at + match.start("symbol"), offset + at + match.end("symbol"))
        symbol_sure = _sureness(page, *symbol_at) >= UNSURE_WORD
        return Reference(value, symbol, year, start, at + match.end(), half_sure, blank, symbol_sure)
    return None


_GARBLED_INTRO = re.compile(r"(?:[S5]\S{1,12}\s{0,3}|[^\w\s]{0,3})[/⁄]\s?[A-ZĐ]{2,}\S{0,20}$")
"""`SóaA005 /SYT-NVY`, `§/SYT-NVY`: the pen ran into the word before it."""


_SYMBOL_FOLLOWS = re.compile(r"[^\w\s]{0,3}[/⁄][A-ZĐ]{2,}")
"""`Số: /T§/SYT-NVY`: what a pen wrote was read as a symbol, and the printed one follows."""


_TIDY_INTRO = re.compile(r"S[ốỐ](?:: ?| )\d")
"""`Số: 12`, as it is typed; a pen leaves no such even blanks."""


def shows_blanks(page: RestoredPage) -> bool:
    """Whether a place left empty in the text was empty on paper too: a scanner loses what a pen wrote there, and a
    signed PDF may hold number and date in a picture."""
    return page.page.method == "plain" or (page.page.method == "text_layer" and not page.page.signatures)


def _sureness(page: RestoredPage, start: int, end: int) -> float:
    """How sure the reader is of the words there; 1 where it did not have to look at an image."""
    if page.page.method != "ocr":
        return 1.0
    raw_start, raw_end = page.alignment.to_raw(start, end)
    return min((w.confidence for w in page.page.words if w.start < raw_end and w.end > raw_start), default=1.0)


_PLACE_GOES_ON = r"\w{0,4}(?:\s[^\W\d_]\w{0,6}){0,3}\s?,"
_NGA = "[gq][àaảâáạăấ]"
# `ngày`, as a scanner reads it: not a place of such a sound (`Lộc Ngạn, ngày 22`), which a comma or the word follows.
_DATE = re.compile(
    rf"(?P<date>(?:n{_NGA}|N{_NGA}(?!{_PLACE_GOES_ON})|NGÀ)"
    rf"(?!\S{{0,7}}(?:\s{{1,6}}\S{{1,6}})?[\s,.;]{{1,6}}[Nn]{_NGA})"
    r"(?P<day>\S{0,7}(?:\s{1,6}\S{1,6}){0,2}?)\s{0,6}"
    r"(?:[Tt]h[áaảâàă]ng|(?<=ngày)h[áaảâàă]ng|THÁNG)(?P<month>\s{0,4}\S{0,5}?(?:\s\S{1,4})??)\s{0,6}"
    r"(?:[Nn][ăaáâàẵ]m|NĂM)\s{0,3}(?P<year>\S{0,5}))"
)
_PARTS_LOST = re.compile(
    r"[A-ZÀ-ỸĐ][^,;:\d]{1,40}[,.]\s{0,3}(?P<date>(?=ng|th)(?:ngày\s{0,3}(?P<day>\S{0,4})\s{0,3})?"
    r"(?:tháng\s{0,3}(?P<month>\d{1,2})?\s{0,3})?(?:năm\s{0,3})?(?P<year>(?:19|20)\d\d))[\s.]{0,3}"
)
"""A date line of which the pen or the scanner left a part: `Đồng Mây, tháng 10 năm 2017`, `Đồng Mây, ngày 2021`."""

_PLACE_WORD = re.compile(r"(?:[A-ZÀ-ỸĐ][\w.’']*|[-–]|thành|phố|tỉnh)$")
_ABBREVIATED = ("TP", "TX", "TT", "Q", "P", "H")
"""What a place in small letters may begin with in capitals; any other word in capitals is of the column beside it."""
_HOUR = re.compile(
    r"[\s,]*(?:(?:vào )?(?:[Hh]ồi|[Ll]úc)\s{0,3})?\d{1,2}\s?(?:giờ|h|g|:)\s?(?:\d{2}\s?)?(?:phút\s?)?,?$"
)
"""The hour of a telegram, before its day: `Đồng Mây, hồi 17 giờ 30 ngày 12 tháng 9 năm 2020`."""


def find_place_and_date(text: str, page: RestoredPage, offset: int) -> PlaceAndDate | None:
    """Place and date in a header line that begins at `page.text[offset]`."""
    match = _DATE.search(text[:300]) or _PARTS_LOST.fullmatch(text[:120])
    figures = None if match else _figures(text)
    found = match or figures
    if found is None:
        return None
    before = text[: found.start("day") if figures else found.start("date")].rstrip()
    before = _HOUR.sub("", re.sub(r"\s*ngày$", "", before)).rstrip(" ,.;:")
    place, start = _place(before)
    printed_day = found["day"] or ""
    printed_day = re.sub(r"^[yYvWw](?=\W|\d|$)", "", printed_day).strip(" .…_") if match else printed_day
    printed_month = (found["month"] or "").strip(" .…_")
    day = _number(printed_day, 31)
    month = _number(printed_month, 12)
    year = _number(found.group("year").rstrip(".,;"), 2100)
    doubt = (day is None and bool(printed_day)) or (month is None and bool(printed_month))
    doubt = doubt or (day is None and not shows_blanks(page))
    if day is not None and _sureness(page, offset + found.start("day"), offset + found.end("day")) < UNSURE_WORD:
        day, doubt = None, True
    if month is not None and _sureness(page, offset + found.start("month"), offset + found.end("month")) < UNSURE_WORD:
        month, doubt = None, True
    issued_on = None
    if year is not None and year >= 1900:
        issued_on = f"{year:04d}"
        if month is not None:
            issued_on += f"-{month:02d}"
            if day is not None and _exists(year, month, day):
                issued_on += f"-{day:02d}"
    return PlaceAndDate(place, issued_on, start, found.end(), doubt)


def _figures(text: str) -> re.Match[str] | None:
    rule = next(r for r in HeaderRules.load().dates if r.id == "figures")
    return rule.regex.match(text[:120])


def _place(before: str) -> tuple[str | None, int]:
    """The words with capitals at the end of a text, and where they begin."""
    start = len(before)
    words = list(re.finditer(r"\S+", before))
    kept: list[str] = []
    for at in range(len(words) - 1, max(-1, len(words) - 9), -1):
        word, text = words[at], words[at].group()
        numbered = not kept and at and text.isdigit() and words[at - 1].group() in ("Phường", "Quận")
        if not numbered and not _PLACE_WORD.match(text):
            break
        if len(text) > 1 and text.isupper() and text.rstrip(".") not in _ABBREVIATED and not numbered:
            break
        kept.append(text)
        start = word.start()
    while kept and kept[-1] in {"-", "–", "phố"}:
        kept.pop()
    place = " ".join(reversed(kept)).strip(" ,.-–") or None
    return place, start if place else len(before)


def _number(text: str, highest: int) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text) and 1 <= int(text) <= highest else None


def _exists(year: int, month: int, day: int) -> bool:
    days = [31, 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1 <= day <= days[month - 1]
