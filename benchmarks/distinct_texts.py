"""Texts of two to six pages that differ from one another as documents of one archive do.

Each is put together of the head of one text of the corpus, of sections of several and of the foot of one. Numbers,
dates and names of places are drawn anew, and half of the clauses come from other sentences: words and forms come
again, as they do everywhere, sentences hardly ever. The same number always gives the same text.
"""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.measuring import ROOT
from pipeline.segment.numerals import roman

TEXTS = ROOT / "tests" / "gold" / "corpus" / "text"
CHARACTERS = (5_000, 15_000)  # two to six pages
_WIDTH = 72
_MARKER = re.compile(r"(?:[IVX]{1,5}|\d{1,2}|[a-zđ])\s?[-.,)/]\s|[-+*•]\s|Điều \d")
_SECTION = re.compile(r"[IVX]{1,5}\s?[-.]\s?(?=\S)")
_FOOT = "Nơi nhận"
_PLACE = re.compile(r"\b(tỉnh|huyện|thị xã|thành phố|xã|phường|thôn|bản|ấp) ((?:[A-ZĐÀ-Ỹ][a-zà-ỹ]+ ?){1,2})")
_DATE_OR_NUMBER = re.compile(r"\b\d{1,2}/\d{1,2}/(?P<year>\d{4})\b|\d+")
_SYLLABLES = tuple(
    f"{begin}{end}" for begin in ("B", "Ch", "Đ", "Gi", "H", "Kh", "L", "M", "Nh", "Ph", "Qu", "S", "T", "V", "X")
    for end in ("ang", "ình", "oan", "ường", "ải", "uyên", "ậm", "ông", "ưa")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Parts:
    head: tuple[str, ...]
    sections: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...]


def distinct_text(number: int) -> str:
    """The text of that number."""
    dice = random.Random(number)
    parts = _parts()
    clauses = [c for p in parts for s in p.sections for line in s[1:] for c in line.split(", ")[1:]]
    length = dice.randint(*CHARACTERS)
    lines = list(dice.choice(parts).head)
    sections = 0
    while sum(map(len, lines)) < length:
        heading, *body = dice.choice(dice.choice(parts).sections)
        sections += 1
        lines.append(f"{roman(sections)}. {_SECTION.sub('', heading, count=1)}")
        lines += [_with_other_clauses(line, clauses, dice) for line in body]
    lines += dice.choice(parts).foot
    return "\n".join(w for line in lines for w in textwrap.wrap(_renewed(line, dice), _WIDTH)) + "\n"


def _parts() -> list[_Parts]:
    found = [_taken_apart(path.read_text("utf-8")) for path in sorted(TEXTS.glob("*.txt"))]
    return [p for p in found if p.sections]


def _taken_apart(text: str) -> _Parts:
    paragraphs = _paragraphs(text)
    begins = [n for n, line in enumerate(paragraphs) if _SECTION.match(line)]
    end = next((n for n, line in enumerate(paragraphs) if line.startswith(_FOOT)), len(paragraphs))
    begins = [n for n in begins if n < end]
    borders = pairwise((*begins, end))
    sections = tuple(tuple(paragraphs[a:b]) for a, b in borders)
    return _Parts(tuple(paragraphs[: begins[0]]) if begins else (), sections, tuple(paragraphs[end:]))


def _paragraphs(text: str) -> list[str]:
    """Printed lines of a body joined; those of head and foot stay apart."""
    found: list[str] = []
    inside = at_foot = False
    for line in filter(None, map(str.strip, text.splitlines())):
        at_foot = at_foot or line.startswith(_FOOT)
        begins = bool(_MARKER.match(line)) or line.startswith("Căn cứ")
        inside = (inside or begins) and not at_foot
        if inside and not begins and found:
            found[-1] += " " + line
        else:
            found.append(line)
    return found


def _with_other_clauses(line: str, clauses: list[str], dice: random.Random) -> str:
    first, *others = line.split(", ")
    return ", ".join([first, *(dice.choice((c, dice.choice(clauses))) for c in others)])


def _renewed(line: str, dice: random.Random) -> str:
    """The line with other numbers, dates and places."""
    marker = _MARKER.match(line)
    begin = marker.end() if marker else 0
    rest = _DATE_OR_NUMBER.sub(lambda m: _another(m, dice), line[begin:])
    return line[:begin] + _PLACE.sub(lambda m: f"{m[1]} {_name(dice)} ", rest).rstrip()


def _another(found: re.Match[str], dice: random.Random) -> str:
    """A date, or a number of as many digits; what may be a day or a month stays what it is."""
    digits = found[0]
    if found["year"]:
        return f"{dice.randint(1, 28):02d}/{dice.randint(1, 12):02d}/{found['year']}"
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return str(dice.randint(2005, 2030))
    if digits.startswith("0") or int(digits) <= 31:
        return digits
    return str(dice.randint(10 ** (len(digits) - 1), 10 ** len(digits) - 1))


def _name(dice: random.Random) -> str:
    return f"{dice.choice(_SYLLABLES)} {dice.choice(_SYLLABLES)}"


def write_distinct_texts(folder: Path, count: int) -> Path:
    """A new folder of so many texts."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05d}.txt").write_text(distinct_text(number), encoding="utf-8")
    return folder
