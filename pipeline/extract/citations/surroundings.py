"""What stands around a reference number: type before it, date, issuer, term and title after it.

All patterns run on `fold_in_place(text)`, whose offsets are those of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.citation_rules import CitationRules
from pipeline.document_types import DocumentType, all_types, type_of_name
from pipeline.extract.citations.issuers import issuer_end
from pipeline.vietnamese import fold, fold_in_place

# `số`, as OCR and haste write it; colon and comma as in `Số: 12/CT-UBND` and `Chỉ thị, số 12-CT/TU`.
_NUMBER_WORD = re.compile(r"(?<!\w)(?:so|s6|s0)\s{0,2}[:.]?\s{0,3}$")
_PART = r"(?:diem|khoan|dieu|chuong|muc|phan|phu luc)"
_PART_NUMBER = r"(?:[0-9ivxlc]{1,5}[a-z]?|[a-zđ](?!\w))"
_PROVISION = re.compile(
    rf"(?:{_PART}\s{_PART_NUMBER}(?:\s?,?\s(?:va\s)?(?:{_PART}\s)?{_PART_NUMBER}){{0,8}}"
    r"\s?,?\s?(?:cua\s|tai\s|ban hanh kem theo\s)?){1,4}$"
)
_DATE = re.compile(
    r"[\s,]{0,3}\(?(?:(?:ban hanh|ky|duoc ban hanh|duoc ky)\s)?(?P<same>cung\s)?ngay\s{0,2}(\d{1,2}|\d\s\d)"
    r"\s?(?:/|-|\.|,|thang)\s?(\d{1,2})\s?(?:/|-|\.|,|nam)\s?(\d{4}|\d{2})(?!\d)"
)
_MONTH = re.compile(r"[\s,]{0,3}\(?(?:ngay\s{1,6})?thang\s?(\d{1,2})\s?(?:/|-|\.|nam)\s?(\d{4})(?!\d)")
_YEAR = re.compile(r"\s?\(?nam\s(\d{4})(?!\d)")
_OF = re.compile(r"[\s,]{0,3}(?:do|cua)\s(?:dong chi\s)?")
_YEARS = r"\d{4}\s?-\s?\d{4}"
_TERM = re.compile(
    r"[\s,]{0,3}\(?(?:(?P<session>khoa\s(?:[ivxl]{1,8}|\d{1,2})(?!\w))"
    rf"|(?P<years>nhiem ky\s(?:{_YEARS}|[ivxl]{{1,8}}(?!\w)|thu \w{{1,10}})))\)?"
    rf"(?:[\s,]{{1,2}}(?:tai\s)?(?:ky hop\s(?:thu\s|lan thu\s)?\w{{1,10}}|nhiem ky\s{_YEARS}))?"
)
_SESSION = re.compile(r"[\s,]{0,3}(?:tai\s)?ky hop\s(?:thu\s|lan thu\s|chuyen de\s)?\w{1,10}")
_QUOTES = {"“": "”", '"': '"', "«": "»", "‘": "’", "”": "”"}
_QUOTED = re.compile(r"[\s,]{0,3}(?:ve(?: viec)?\s)?[“\"«‘”]")


@dataclass(slots=True)
class Around:
    """What was read after a number, and where it ended. `issuer` and `title` are spans in the text."""

    end: int
    issued_on: str | None = None
    same_day: bool = False
    issuer: tuple[int, int] | None = None
    term: tuple[int, int] | None = None
    title: tuple[int, int] | None = None


@cache
def _names() -> dict[str, DocumentType]:
    """Names without marks, and the codes that stand for them in running text (`QĐ số 12/QĐ-UBND`)."""
    return {fold_in_place(name): kind for kind in all_types() for name in kind.all_names}


@cache
def _abbreviations() -> dict[str, DocumentType]:
    codes: dict[str, DocumentType] = {}
    for kind in all_types():
        for code in (kind.code, *kind.old_codes):
            if len(code) > 1:
                codes.setdefault(code, kind)
    return codes


@cache
def _longest_name() -> int:
    return max(name.count(" ") + 1 for name in _names())


def number_word_start(folded: str, position: int) -> int | None:
    """Where the `số` before a number begins; None where none stands there."""
    match = _NUMBER_WORD.search(folded, max(0, position - 9), position)
    return match.start() if match else None


def type_before(text: str, folded: str, position: int) -> tuple[int, str] | None:
    """(start, printed words) of the document type's name that ends right before `position`; `""` for `văn bản`."""
    end = len(folded[:position].rstrip(" ,:(\u00a0"))
    if position - end > 4 or end == 0:
        return None
    lower = max(0, end - 48)
    words = [(m.start() + lower, m.end() + lower) for m in re.finditer(r"[^\s,;.()]+", folded[lower:end])]
    for count in range(min(_longest_name(), len(words)), 0, -1):
        start = words[-count][0]
        phrase = " ".join(folded[a:b] for a, b in words[-count:])
        if phrase in _names():
            return start, text[start:end]
    start = words[-1][0] if words else end
    if text[start:end] in _abbreviations():
        return start, _abbreviations()[text[start:end]].name
    if folded[lower:end].endswith("van ban"):
        return end - len("van ban"), ""
    return None


def type_across_issuer(text: str, folded: str, position: int) -> tuple[int, str, tuple[int, int]] | None:
    """The type in `Quyết định của Ủy ban nhân dân tỉnh số 12/QĐ-UBND`, with the issuer's span."""
    at = folded.rfind(" cua ", max(0, position - 110), position)
    if at < 0:
        return None
    found = type_before(text, folded, at)
    if found is None or not found[1]:
        return None
    end = issuer_end(text, folded, at + 5)
    if end is None or folded[end:position].strip(" ,("):
        return None
    return found[0], found[1], (at + 5, end)


def law_before(text: str, folded: str, position: int) -> tuple[int, int, str] | None:
    """(start, end of the name, head) of the law whose name runs up to a number: `Luật Đất đai số 45/2013/QH13`."""
    rules = CitationRules.load().law
    floor = max(0, position - 170)
    best: tuple[int, str] | None = None
    for head in rules.heads:
        at = folded.rfind(fold_in_place(head) + " ", floor, position)
        if at >= 0 and (best is None or at > best[0] or (at <= best[0] < at + len(head))):
            best = at, head
    if best is None:
        return None
    start, head = best
    end = len(folded[:position].rstrip(" ,("))
    name = folded[start:end]
    if re.search(r"[.;:()\d]", name) or name.count(" ") > 24 or not text[start].isupper():
        return None
    return start, end, head


def provision_before(folded: str, position: int) -> int | None:
    """Where `khoản 2 Điều 5 của` before a mention begins; None where no provision stands there."""
    floor = max(0, position - 90)
    window = folded[floor:position]
    if "dieu " not in window and "khoan " not in window and "muc " not in window and "phu luc " not in window:
        return None
    match = _PROVISION.search(window)
    if match is None or (match.start() and window[match.start() - 1].isalnum()):
        return None
    return floor + match.start()


def read_after(text: str, folded: str, position: int) -> Around:
    """Date, issuer, term and title after a number, in whatever order they stand."""
    around = Around(position)
    for _ in range(5):
        if not (_read_date(folded, around) or _read_issuer(text, folded, around) or _read_term(folded, around)):
            break
    _read_title(text, folded, around)
    return around


def _read_date(folded: str, around: Around) -> bool:
    if around.issued_on is not None:
        return False
    if match := _DATE.match(folded, around.end):
        value = iso_date(match[2].replace(" ", ""), match[3], match[4])
        around.same_day = match["same"] is not None
    elif match := _MONTH.match(folded, around.end):
        value = f"{match[2]}-{int(match[1]):02d}" if 1 <= int(match[1]) <= 12 else None
    elif match := _YEAR.match(folded, around.end):
        value = match[1] if 1930 <= int(match[1]) <= 2100 else None
    else:
        return False
    if value is None:
        return False
    around.issued_on, around.end = value, match.end()
    if folded[around.end : around.end + 1] == ")":
        around.end += 1
    return True


def iso_date(day: str, month: str, year: str) -> str | None:
    """`21`, `4`, `2017` as `2017-04-21`; None for a day that no calendar has. Two-digit years are 1930 to 2029."""
    whole = int(year) if len(year) == 4 else (1900 if int(year) >= 30 else 2000) + int(year)
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not (1930 <= whole <= 2100 and 1 <= int(month) <= 12 and 1 <= int(day) <= lengths[int(month) - 1]):
        return None
    if (int(month), int(day)) == (2, 29) and whole % 4:
        return None
    return f"{whole}-{int(month):02d}-{int(day):02d}"


def _read_issuer(text: str, folded: str, around: Around) -> bool:
    if around.issuer is not None:
        return False
    match = _OF.match(folded, around.end)
    if match is None:
        return False
    end = issuer_end(text, folded, match.end())
    if end is None:
        return False
    around.issuer, around.end = (match.end(), end), end
    return True


def _read_term(folded: str, around: Around) -> bool:
    if around.term is None and (match := _TERM.match(folded, around.end)):
        name = "session" if match["session"] else "years"
        around.term, around.end = match.span(name), match.end()
        return True
    if match := _SESSION.match(folded, around.end):
        around.end = match.end()
        return True
    return False


def _read_title(text: str, folded: str, around: Around) -> None:
    longest = CitationRules.load().titles.max_length
    if match := _QUOTED.match(folded, around.end):
        opening = match.end() - 1
        closing = text.find(_QUOTES[text[opening]], opening + 1, opening + longest)
        if closing > 0:
            around.title = (opening + 1, closing)
            around.end = closing + 1
        return
    if match := _title_start().match(folded, around.end):
        end = _title_end(text, match.start("title"), longest)
        if end - match.start("title") >= 12:
            around.title = (match.start("title"), end)


@cache
def _title_start() -> re.Pattern[str]:
    starts = sorted((fold_in_place(s) for s in CitationRules.load().titles.starts), key=len, reverse=True)
    return re.compile(r"[\s,]{0,3}(?P<title>(?:" + "|".join(map(re.escape, starts)) + r")(?!\w))")


_TITLE_END = re.compile(r"[;:\n]|\.(?:\s|$)|\)|,\s(?=[^\W\d_a-zà-ỹđ])")


def _title_end(text: str, start: int, longest: int) -> int:
    match = _TITLE_END.search(text, start, start + longest)
    if match:
        return match.start()
    return len(text) if len(text) - start <= longest else text.rfind(" ", start, start + longest)


# `theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số …`; `Sở Nội vụ ban hành Hướng dẫn số …`
_ISSUER_LEADS = re.compile(r"\s(?:tai|da ban hanh|ban hanh|da co|co|ra|trinh tai)\s$")
_DAY_LEADS = re.compile(
    r"(?<!\w)ngay\s(\d{1,2})\s?(?:/|-|\.|thang)\s?(\d{1,2})\s?(?:/|-|\.|nam)\s?(\d{4}),\s"
    r"(?P<who>[^.;:,]{3,90}?)\s(?:da ban hanh|ban hanh|da co|co|ra)\s$"
)


def issuer_before(text: str, folded: str, start: int) -> tuple[int, int] | None:
    """The span of the issuer that stands before a mention and is joined to it by `tại`, `ban hành` or `có`."""
    window = folded[max(0, start - 13) : start]
    lead = _ISSUER_LEADS.search(window)
    if lead is None:
        return None
    end = start - len(window) + lead.start()
    floor = max(0, end - 130)
    opening = re.compile(r"(?<!\w)cua\s" if lead.group().strip() == "tai" else r"(?:^|[,;.]\s|\bcua\s)")
    for match in reversed(list(opening.finditer(folded, floor, end))):
        if issuer_end(text, folded, match.end()) == end:
            return match.end(), end
    return None


def date_before(folded: str, start: int) -> str | None:
    """The day in `Ngày 5/6/2020, Ủy ban nhân dân tỉnh ban hành` before a mention."""
    if not folded[max(0, start - 9) : start].endswith((" hanh ", " co ", " ra ")):
        return None
    match = _DAY_LEADS.search(folded, max(0, start - 150), start)
    return iso_date(match[1], match[2], match[3]) if match else None


def printed_type(printed: str) -> str | None:
    """The name that the printed words are, in its usual capitals: `kế hoạch liên tịch` is `Kế hoạch liên tịch`."""
    kind = type_of_name(printed)
    wanted = fold(printed)
    return next((name for name in kind.all_names if fold(name) == wanted), None) if kind else None


def canonical_type(printed: str) -> str | None:
    """The name of the kind that the printed words name: `chỉ thị` is `Chỉ thị`."""
    kind = type_of_name(printed)
    return kind.name if kind else None
