"""Lays a document out on A4 pages as Decree 30/2020/NĐ-CP (state) and Guidance 36-HD/VPTW (Party) prescribe.

The result is a list of placed words and rules, so that the same page can be drawn visibly, drawn invisibly over a
scan, or written as text: what the gold holds is what was printed, line for line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reportlab.pdfbase import pdfmetrics

from scripts.corpus.source import Block, End, PageBreak, Paragraph, Source, Table

WIDTH, HEIGHT = 595.0, 842.0  # A4 in points
LEFT, RIGHT, TOP, BOTTOM = 85.0, 48.0, 57.0, 57.0
BODY_WIDTH = WIDTH - LEFT - RIGHT
INDENT = 32.0
REGULAR, BOLD, ITALIC, BOLD_ITALIC = "Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"


STATE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True)
class PlacedWord:
    """One word; `x` and `y` (the baseline) in points from the top left."""

    text: str
    x: float
    y: float
    font: str
    size: float
    last_of_line: bool
    line_in_capitals: bool = False


@dataclass
class LaidPage:
    """One page: its words, its rules (x0, y0, x1, y1), and its lines as a reader sees them."""

    words: list[PlacedWord] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def wrap(text: str, font: str, size: float, width: float, first_indent: float = 0.0) -> list[str]:
    """The text in lines no wider than `width`; the first is narrower by its indent."""
    lines: list[str] = []
    current = ""
    room = width - first_indent
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and pdfmetrics.stringWidth(longer, font, size) > room:
            lines.append(current)
            current, room = word, width
        else:
            current = longer
    return [*lines, current] if current else lines


class Printer:
    """Sets one document, page after page."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.size = source.font_size
        self.leading = round(self.size * 1.28, 1)
        self.pages = [LaidPage()]
        self.y = TOP + 6

    @property
    def page(self) -> LaidPage:
        """The page that is being set."""
        return self.pages[-1]

    def run(self) -> list[LaidPage]:
        """All pages of the document."""
        if self.source.layout != "none":
            self._head()
        self._title()
        for block in self.source.blocks:
            self._block(block)
        if not any(isinstance(block, End) for block in self.source.blocks):
            self._end()
        return self.pages

    def new_page(self) -> None:
        """Begins a page with its number in the top margin."""
        self.pages.append(LaidPage())
        self.y = TOP + 6
        number = str(len(self.pages))
        x = (WIDTH - pdfmetrics.stringWidth(number, REGULAR, 13)) / 2
        self.page.words.append(PlacedWord(number, x, 40, REGULAR, 13, True))

    def _need(self, height: float) -> None:
        if self.y + height > HEIGHT - BOTTOM:
            self.new_page()

    def _set(self, words: list[str], x: float, y: float, font: str, size: float, gap: float | None = None) -> None:
        space = pdfmetrics.stringWidth(" ", font, size) if gap is None else gap
        capitals = " ".join(words).isupper()
        for index, word in enumerate(words):
            self.page.words.append(PlacedWord(word, x, y, font, size, index == len(words) - 1, capitals))
            x += pdfmetrics.stringWidth(word, font, size) + space

    def _centre(self, text: str, middle: float, y: float, font: str, size: float) -> float:
        """One line, centred; runs of blanks keep their width, as in `Số:      /CT-UBND` of a draft."""
        width = float(pdfmetrics.stringWidth(text, font, size))
        parts = [(match.group(), match.start()) for match in re.finditer(r"\S+(?: \S+)*", text)]
        for part, start in parts:
            x = middle - width / 2 + pdfmetrics.stringWidth(text[:start], font, size)
            self._set(part.split(), x, y, font, size)
        return width

    def _column(self, rows: list[tuple[str, str, float]], middle: float) -> float:
        """Centred lines (text, font, size); an empty text is a rule. Returns where it ends."""
        y = TOP
        for text, font, size in rows:
            if text:
                y += size * 1.25
                self._centre(text, middle, y, font, size)
                self.page.lines.append(text)
            else:
                self.page.rules.append((middle - size, y + 6, middle + size, y + 6))
                y += 10
        return y

    def _head(self) -> None:
        source = self.source
        left: list[tuple[str, str, float]] = [(text, REGULAR, 12.5) for text in source.superior]
        left += [(text, BOLD, 12.5) for text in source.issuer]
        if source.layout == "state":
            left.append(("", REGULAR, 34))
            right = [
                (STATE, BOLD, 12.0),
                (MOTTO, BOLD, 13.0),
                ("", REGULAR, 78),
            ]
        else:
            left.append(("*", REGULAR, 13))
            right = [("ĐẢNG CỘNG SẢN VIỆT NAM", BOLD, 14.5), ("", REGULAR, 88)]
        if source.number:
            left.append((source.number, REGULAR, 13))
        left += [(text, REGULAR, 11.5) for text in source.subject]
        if source.place_date:
            right.append((source.place_date, ITALIC, 13.0))
        ends = self._column(left, LEFT + 88), self._column(right, LEFT + 320)
        self.y = max(ends) + 12

    def _title(self) -> None:
        middle = LEFT + BODY_WIDTH / 2
        if self.source.type:
            self.y += self.leading
            self._centre(self.source.type, middle, self.y, BOLD, self.size + 0.5)
            self.page.lines.append(self.source.type)
        for text in self.source.title:
            self.y += self.leading
            self._centre(text, middle, self.y, BOLD, self.size)
            self.page.lines.append(text)
        if self.source.title:
            self.page.rules.append((middle - 50, self.y + 7, middle + 50, self.y + 7))
            self.y += 14
        if self.source.addressees:
            self._addressees()

    def _addressees(self) -> None:
        named = self.source.addressees
        lines = [f"Kính gửi: {named[0]}"] if len(named) == 1 else ["Kính gửi:", *named]
        self.y += self.leading
        x = LEFT + 60
        for index, text in enumerate(lines):
            if index:
                self.y += self.leading
            self._set(text.split(), x + (70 if index else 0), self.y, REGULAR, self.size)
            self.page.lines.append(text)
        self.y += 10

    def _block(self, block: Block) -> None:
        if isinstance(block, PageBreak):
            self.new_page()
        elif isinstance(block, End):
            self._end()
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._paragraph(block)

    def _paragraph(self, paragraph: Paragraph) -> None:
        if paragraph.style.startswith("centred"):
            font = BOLD if paragraph.style == "centred_bold" else REGULAR
            self.y += 3
            for line in wrap(paragraph.text, font, self.size, BODY_WIDTH):
                self._need(self.leading)
                self.y += self.leading
                self._centre(line, LEFT + BODY_WIDTH / 2, self.y, font, self.size)
                self.page.lines.append(line)
            return
        font = {"bold": BOLD, "italic": ITALIC}.get(paragraph.style, REGULAR)
        lines = wrap(paragraph.text, font, self.size, BODY_WIDTH, INDENT)
        self.y += 4
        if len(lines) > 1:
            self._need(2 * self.leading)  # no first line alone at the foot of a page
        for index, line in enumerate(lines):
            self._need(self.leading)
            self.y += self.leading
            indent = INDENT if index == 0 else 0.0
            self._justified(line, LEFT + indent, BODY_WIDTH - indent, font, last=index == len(lines) - 1)
            self.page.lines.append(line)

    def _justified(self, line: str, x: float, width: float, font: str, *, last: bool) -> None:
        words = line.split()
        gap = None
        if not last and len(words) > 1:
            gap = (width - sum(pdfmetrics.stringWidth(w, font, self.size) for w in words)) / (len(words) - 1)
        self._set(words, x, self.y, font, self.size, gap)

    def _table(self, table: Table) -> None:
        size = self.size - 1.5
        leading = size * 1.2
        scale = BODY_WIDTH / sum(table.widths)
        widths = [w * scale for w in table.widths]
        self.y += 10
        for number, row in enumerate(table.rows):
            header = number < table.header_rows
            font = BOLD if header else REGULAR
            cells = [wrap(cell, font, size, width - 8) for cell, width in zip(row, widths, strict=True)]
            height = max(len(cell) for cell in cells) * leading + 6
            if self.y + height > HEIGHT - BOTTOM:
                self.new_page()
            self._row(cells, widths, height, leading, font, size, header=header)
            self.page.lines.append("\t".join(" ".join(cell) for cell in cells))
        self.y += 8

    def _row(
        self,
        cells: list[list[str]],
        widths: list[float],
        height: float,
        leading: float,
        font: str,
        size: float,
        *,
        header: bool,
    ) -> None:
        x = LEFT
        for column, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            y = self.y + (height - len(lines) * leading) / 2
            for line in lines:
                y += leading
                if header or column != 1:
                    self._centre(line, x + width / 2, y - 3, font, size)
                else:
                    self._set(line.split(), x + 4, y - 3, font, size)
            self.page.rules += [(x, self.y, x, self.y + height), (x + width, self.y, x + width, self.y + height)]
            x += width
        self.page.rules += [(LEFT, self.y, x, self.y), (LEFT, self.y + height, x, self.y + height)]
        self.y += height

    def _end(self) -> None:
        source = self.source
        if not (source.recipients or source.signer):
            return
        height = max(len(source.recipients) * 14 + 24, len(source.authority) * 17 + 90)
        self._need(height)
        top = self.y + 14
        if source.recipients:
            y = top + 12
            self._set(["Nơi", "nhận:"], LEFT, y, BOLD_ITALIC, 12)
            self.page.lines.append("Nơi nhận:")
            for text in source.recipients:
                for line in wrap(text, REGULAR, 11, BODY_WIDTH * 0.46):
                    y += 13.5
                    self._set(line.split(), LEFT, y, REGULAR, 11)
                    self.page.lines.append(line)
        y, middle = top, LEFT + BODY_WIDTH * 0.76
        for text in source.authority:
            y += 16.5
            self._centre(text, middle, y, BOLD, 13)
            self.page.lines.append(text)
        y += 68
        self._centre(source.signer, middle, y, BOLD, 13.5)
        if source.signer:
            self.page.lines.append(source.signer)
        self.y = y


def lay_out(source: Source) -> list[LaidPage]:
    """The pages of a document. Fonts must be registered first (`scripts.corpus.paper.register_fonts`)."""
    return Printer(source).run()
