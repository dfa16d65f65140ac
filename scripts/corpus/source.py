"""Reads the source of one document: its words, how it is laid out, what damage it gets, and its gold rows.

A source is a TOML file. Its `body` holds one paragraph a line; signs at the start of a line say how it is set:

    {II.2.b}   the section that begins here, by its path (goes into the gold)
    !  bold    ^  bold and centred    =  centred    ~  italic
    |w| 1 4 2  the widths of the columns of the table that follows
    ||  a heading row of a table, |  any other row; cells are separated by |
    <page>     a new page
    <end>      recipients and signature, where an annex follows them
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent / "documents"

Style = Literal["body", "bold", "centred_bold", "centred", "italic"]
_STYLES: dict[str, Style] = {"!": "bold", "^": "centred_bold", "=": "centred", "~": "italic"}

# What stands before the words of a section, so that the gold can name the section by its first words.
_MARKER = re.compile(
    r"(?:Điều \d+\.|Chương [IVX]+\.?|Mục \d+\.?|Phần [IVX]+\.?|\(\d+\)(?: -)?|\d+(?:\.\d+)+\.?|\d+[.\-)/]+"
    r"|[IVXA-D][IVX]*[.\-)/]+|[a-zđ][),.\-]+)\s*"
)
_WORDS_THAT_NAME_A_SECTION = 6


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the body and how it is set."""

    text: str
    style: Style = "body"
    section: str | None = None


@dataclass(frozen=True)
class Table:
    """A ruled table: rows of cells, the first `header_rows` of them headings, widths relative to each other."""

    rows: tuple[tuple[str, ...], ...]
    header_rows: int
    widths: tuple[float, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class End:
    """Recipients and signature stand here; an annex follows."""


Block = Paragraph | Table | PageBreak | End


@dataclass(frozen=True)
class Source:
    """One document of the corpus."""

    name: str
    layout: Literal["state", "party", "none"]
    output: dict[str, Any]
    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    number: str
    place_date: str
    type: str
    title: tuple[str, ...]
    subject: tuple[str, ...]
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    authority: tuple[str, ...]
    signer: str
    font_size: float
    gold: dict[str, Any] = field(default_factory=dict)

    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs of the body, without tables."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    def sections(self) -> list[tuple[str, str]]:
        """Path and first words of each section, in the order of the document."""
        paragraphs = self.paragraphs()
        found = []
        for index, paragraph in enumerate(paragraphs):
            if paragraph.section is None:
                continue
            words = _MARKER.sub("", paragraph.text, count=1)
            if not words:  # the heading stands on the line after its number
                words = paragraphs[index + 1].text
            found.append((paragraph.section, " ".join(words.split()[:_WORDS_THAT_NAME_A_SECTION])))
        return found

    def gold_rows(self, table: str) -> list[list[str]]:
        """The hand-written rows of one gold table: cells of a line separated by `|`."""
        lines = self.gold.get(table, "").strip().splitlines()
        return [[cell.strip() for cell in line.split("|")] for line in lines if line.strip()]


def load(path: Path) -> Source:
    """The source in one file. Raises KeyError, ValueError or TOMLDecodeError with what is wrong."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Source(
        name=path.stem,
        layout=data.get("layout", "state"),
        output=data["output"],
        superior=tuple(data.get("superior", ())),
        issuer=tuple(data.get("issuer", ())),
        number=data.get("number", ""),
        place_date=data.get("place_date", ""),
        type=data.get("type", ""),
        title=tuple(data.get("title", ())),
        subject=tuple(data.get("subject", ())),
        addressees=tuple(data.get("addressees", ())),
        blocks=tuple(_blocks(data["body"])),
        recipients=tuple(data.get("recipients", ())),
        authority=tuple(data.get("authority", ())),
        signer=data.get("signer", ""),
        font_size=data.get("font_size", 13.5),
        gold=data.get("gold", {}),
    )


def load_all(folder: Path = FOLDER) -> list[Source]:
    """Every source, in the order of the file names."""
    return [load(path) for path in sorted(folder.glob("*.toml"))]


def _blocks(body: str) -> Iterator[Block]:
    table: list[str] = []
    for line in [*body.strip().splitlines(), ""]:
        if table and not line.startswith("|"):
            yield _table(table)
            table = []
        if line.startswith("|"):
            table.append(line)
        elif line.strip() == "<page>":
            yield PageBreak()
        elif line.strip() == "<end>":
            yield End()
        elif line.strip():
            yield _paragraph(line.strip())


def _paragraph(line: str) -> Paragraph:
    section = None
    marked = re.match(r"\{([^}]+)\}\s*", line)
    if marked:
        section, line = marked.group(1), line[marked.end() :]
    style = _STYLES.get(line[0], "body")
    return Paragraph(line[1:].strip() if style != "body" else line, style, section)


def _table(lines: list[str]) -> Table:
    widths: tuple[float, ...] = ()
    rows = []
    header_rows = 0
    for line in lines:
        if line.startswith("|w|"):
            widths = tuple(float(w) for w in line[3:].split())
            continue
        if line.startswith("||"):
            header_rows += 1
            line = line[1:]
        rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"rows of different length in the table that begins {lines[0]!r}")
    return Table(tuple(rows), header_rows, widths or (1.0,) * len(rows[0]))
