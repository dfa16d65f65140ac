"""The printed lines of a document, with what their place on the page says about where paragraphs begin."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.models import Alignment, Box, Line, LineRole, RestoredPage
from pipeline.segment.hidden_capitals import HiddenCapitals
from pipeline.vietnamese import fold_in_place

FOLDED_LENGTH = 400
"""Characters of a line that are folded: no rule looks further, and a line may be a megabyte long."""

CAPITALS_LENGTH = 160
"""Characters of a line that tell whether it is in capitals."""

LONGEST_PRINTED_LINE = 170
"""Characters; where lines are longer, a line is a whole paragraph and not a printed line."""

SHORTEST_FULL_LINE = 60
"""Characters; where all lines are shorter, none of them is full."""

UNWRAPPED = 1_000_000


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line: `page.text[start:end]`, without the blanks around it.

    `text` shows capitals that a legacy font hid in small letters; `as_read` is the page's own text.
    """

    page: int
    start: int
    end: int
    text: str
    folded: str  # of the first FOLDED_LENGTH characters, one for one
    role: LineRole
    indent: int  # blanks before it
    gap: int  # empty lines above it on its page
    first_of_page: bool
    box: Box | None = None
    centred: bool = False
    bold: bool = False
    table: tuple[int, int, int] | None = None
    rest_of_row: bool = False  # the page break split its table row
    capitals: float = 0.0  # the share of its letters that are capitals
    confidence: float = 1.0  # the reader's
    small: str | None = None  # the page's text, where `text` differs from it

    @property
    def as_read(self) -> str:
        """`page.text[start:end]`; a row that bars part has a tab for each bar."""
        return self.text if self.small is None else self.small


def capital_share(text: str) -> float:
    """The share of the letters at the beginning of a text that are capitals."""
    head = text[:CAPITALS_LENGTH]
    letters = sum(map(str.isalpha, head))
    return sum(map(str.isupper, head)) / letters if letters else 0.0


def lines_of(pages: Sequence[RestoredPage]) -> list[TextLine]:
    """Every line of the pages that holds anything, in reading order."""
    return [line for page in pages for line in _lines_of_page(page)]


def _lines_of_page(page: RestoredPage) -> Iterator[TextLine]:
    rows = _table_rows(page)
    gap, first = 0, True
    hidden = HiddenCapitals(page)
    for start, end, line in _printed_lines(page):
        text = page.text[start:end]
        if not text.strip():
            gap += 1
            continue
        table = None
        if line is not None and line.role is LineRole.TABLE:
            table = _row_at(rows, line.start, line.end)
        # An empty cell at either end of a row keeps its tab: without it the others would move to other columns.
        blanks = None if table is None else " "
        stripped = text.strip(blanks)
        indent = len(text) - len(text.lstrip(blanks))
        small, capitals = stripped, hidden.shown(stripped)
        stripped = capitals or stripped
        yield TextLine(
            page=page.number,
            start=start + indent,
            end=start + indent + len(stripped),
            text=stripped,
            folded=fold_in_place(stripped[:FOLDED_LENGTH]),
            role=_role(page, line, end, stripped, first),
            indent=indent,
            gap=gap,
            first_of_page=first,
            box=line.box if line else None,
            centred=line.centred if line else False,
            bold=line.bold if line else False,
            table=table,
            rest_of_row=table is not None and page.page.tables[table[1]].split_row == table[2],
            capitals=capital_share(stripped),
            confidence=line.confidence if line else 1.0,
            small=small if capitals else None,
        )
        gap, first = 0, False


_PAGE_NUMBER = re.compile(r"[-–—.\s]{0,3}(?:Trang\s{0,2})?\d{1,4}(?:\s?/\s?\d{1,4})?[-–—.\s]{0,3}", re.IGNORECASE)


def _role(page: RestoredPage, line: Line | None, end: int, text: str, first: bool) -> LineRole:
    """The reader's word for a line; a bare number at the edge of a page is its page number."""
    role = line.role if line else LineRole.BODY
    at_edge = first or not page.text[end : end + 400].strip()
    if role is LineRole.BODY and len(text) < 16 and at_edge and _PAGE_NUMBER.fullmatch(text):
        return LineRole.PAGE_NUMBER
    return role


_NUMBER = re.compile(r"(?<![\w/])\d{1,5}(?:\s?/\s?\d{4})?\s?[-–/]\s?[A-ZĐÐ][A-Za-zĐÐđ]{1,4}\s?[-–/]\s?[A-ZĐÐ]")
_LONGEST_PART = 20


def _splits_number(before: str, after: str) -> bool:
    """Whether two lines break a reference number where it has a dash or a slash: `số 890-` | `QĐ/TU của Tỉnh ủy`."""
    head, tail = before.rstrip()[-_LONGEST_PART:], after[:_LONGEST_PART]
    if not head.endswith(("-", "–", "/")):
        return False
    return any(m.start() < len(head) < m.end() for m in _NUMBER.finditer(head + tail))


def _printed_lines(page: RestoredPage) -> Iterator[tuple[int, int, Line | None]]:
    """Each line of `page.text` with the layout line behind it."""
    spans = []
    start = 0
    for piece in page.text.split("\n"):
        spans.append((start, start + len(piece)))
        start += len(piece) + 1
    lines = page.page.lines
    if len(spans) == len(lines):
        for (start, end), line in zip(spans, lines, strict=True):
            yield start, end, line
        return
    starts = _restored_starts(lines, page.alignment)
    at = 0
    for start, end in spans:
        while at + 1 < len(lines) and starts[at + 1] <= start:
            at += 1
        fits = at < len(lines) and starts[at] <= max(end - 1, start)
        yield start, end, lines[at] if fits and page.text[start:end].strip() else None


def _restored_starts(lines: Sequence[Line], alignment: Alignment) -> list[int]:
    """Where each line begins in the restored text: one pass over lines and edits."""
    starts, at, shift = [], 0, 0
    for line in lines:
        while at < len(alignment.edits) and alignment.edits[at].raw_end <= line.start:
            shift = alignment.edits[at].end - alignment.edits[at].raw_end
            at += 1
        starts.append(line.start + shift)
    return starts


def _table_rows(page: RestoredPage) -> list[tuple[int, int, int]]:
    """(start in the raw text, index of the table, row), in the order of the text."""
    return sorted((cell.start, index, cell.row) for index, table in enumerate(page.page.tables) for cell in table.cells)


def _row_at(rows: list[tuple[int, int, int]], start: int, end: int) -> tuple[int, int, int] | None:
    at = bisect_left(rows, (start, -1, -1))
    if at < len(rows) and rows[at][0] < end:
        return -1, rows[at][1], rows[at][2]
    return None


_ENDS = re.compile(r"[.;:!?…][”\"»')\]]{0,2}$|\./\.?$")
_SENTENCE_ENDS = re.compile(r"[.!?…][”\"»')\]]{0,2}$|\./\.?$")
_OPEN = re.compile(
    r"[,(\-–]$|(?<!\w)(?:và|của|các|về|với|cho|từ|đến|tại|theo|trong|là|số|ngày|tháng|năm|hoặc|khoản|điểm|Điều|điều|mục|Mục|chương|phần|quý|khóa|bảng|biểu)$"
)
_COMPOUND = re.compile(
    r"(?<!\w)(?:(?:địa|thời|quan|trọng|đặc|thí|ưu|nhược|cao|thẩm|khuyết|tiêu) điểm|(?:danh|hạng|chuyên|khoản) mục"
    r"|(?:dân|tổng|hệ|chỉ|đổi|kinh tế|hạ tầng) số|(?:thành|cổ|học) phần|(?:đại|phát|tiêu|thuyết) biểu"
    r"|(?:tài|điều) khoản|(?:hàng|hằng) năm)$",
    re.IGNORECASE,
)
"""Ends of a line that look like an open phrase and are a word of two syllables: `Địa điểm`, `Thành phần`."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is usual in a document: how long lines are, where they begin and end, how far apart they stand."""

    width: int  # characters of a full line
    gap: int  # empty lines between two lines of one paragraph
    left: dict[int, float]  # page → left edge of the text, in points
    right: dict[int, float]

    @classmethod
    def of(cls, lines: Sequence[TextLine]) -> Layout:
        """Measured over the body lines."""
        body = [li for li in lines if li.role is LineRole.BODY]
        lengths = sorted(len(li.text) for li in body)
        width = lengths[int(len(lengths) * 0.9)] if lengths else 0
        width = max(width, SHORTEST_FULL_LINE)
        if width > LONGEST_PRINTED_LINE:
            width = UNWRAPPED
        inner = [li.gap for before, li in itertools.pairwise(body) if _runs_on(before, li)]
        gap = Counter(inner).most_common(1)[0][0] if len(inner) * 8 > len(body) else 0
        left: dict[int, float] = {}
        right: dict[int, float] = {}
        boxes: dict[int, list[Box]] = {}
        for li in body:
            if li.box and not li.centred:
                boxes.setdefault(li.page, []).append(li.box)
        everything = [b for page in boxes.values() for b in page]
        for number, found in boxes.items():
            some = found if len(found) >= 6 else everything
            left[number] = _most_common_edge([b.x0 for b in some], lowest=True)
            right[number] = _most_common_edge([b.x1 for b in some], lowest=False)
        return cls(width, gap, left, right)

    def is_centred(self, line: TextLine) -> bool:
        """Whether a line stands as far from the left as from the right edge of the text, and away from both."""
        if line.box is None or line.page not in self.left:
            return False
        left = line.box.x0 - self.left[line.page]
        right = self.right[line.page] - line.box.x1
        return left > 10 and right > 4 and abs(left - right) < 22

    def freshness(self, before: TextLine | None, line: TextLine, rest: str) -> float:
        """How sure a paragraph begins at a line, 0 to 1; `rest` is what follows its marker, if it has one."""
        if before is None:
            return 1.0
        if _splits_number(before.text, line.text):
            return 0.0
        score = 0.1
        if _SENTENCE_ENDS.search(before.text[-8:]):
            score += 0.4
        elif _ENDS.search(before.text[-8:]):
            score += 0.55
        elif _OPEN.search(before.text[-12:]) and not _COMPOUND.search(before.text[-16:]):
            score -= 0.35
        first = rest[:1]
        if first.islower() and not before.text.endswith((";", ":", ".", "/.")):
            score -= 0.7
        score += self._room(before, line)
        if len(line.text) < 120 or len(before.text) < 120:
            capitals = line.capitals > 0.8, before.capitals > 0.8
            if capitals[0] != capitals[1]:
                score += 0.35
            elif capitals[0] and line.gap <= self.gap and len(rest) == len(line.text):
                score -= 0.3
        if line.page == before.page and line.gap > self.gap:
            score += 0.5
        score += self._place(before, line)
        return min(1.0, max(0.0, score))

    def _room(self, before: TextLine, line: TextLine) -> float:
        """Whether the line before had room for the first word of this one, and so ended on purpose."""
        word = line.text.split(None, 1)[0] if line.text else ""
        if before.box and before.page in self.right:
            letter = (before.box.x1 - before.box.x0) / max(1, len(before.text))
            room = (self.right[before.page] - before.box.x1) / max(letter, 0.1)
            slack = 2.0
        else:
            room, slack = float(self.width - len(before.text)), 5.0
        if room > len(word) + 1 + slack:
            return 0.5 if room < 0.5 * self.width else 0.6
        return -0.3 if room < len(word) else -0.1

    def _place(self, before: TextLine, line: TextLine) -> float:
        score = 0.0
        if line.box and before.box and line.page in self.left:
            indent = line.box.x0 - self.left[line.page]
            before_indent = before.box.x0 - self.left.get(before.page, before.box.x0)
            if not line.centred:
                score += 0.35 if 9 < indent < 80 and indent - before_indent > -6 else -0.15
                if indent < 6 and before_indent < 6:
                    score -= 0.1
            height = max(4.0, line.box.y1 - line.box.y0)
            if line.page == before.page and line.box.y0 - before.box.y1 > 0.9 * height:
                score += 0.3
            if line.centred != before.centred:
                score += 0.3
        if line.bold != before.bold:
            score += 0.15
        return score


def _runs_on(before: TextLine, line: TextLine) -> bool:
    return before.page == line.page and line.text[:1].islower() and not _ENDS.search(before.text[-8:])


def _most_common_edge(values: list[float], lowest: bool) -> float:
    """The edge that most lines share: a margin, not an indent, and not one line that sticks out."""
    values = sorted(values)
    if not values:
        return 0.0
    return values[int(len(values) * 0.15)] if lowest else values[min(len(values) - 1, int(len(values) * 0.85))]
