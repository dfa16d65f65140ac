"""How a text looks to the restorer: sentences of slots, and how Vietnamese each stretch is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.restore.language_model import BOUNDARY
from pipeline.restore.words import WORD, Slot, slots

_LONGEST_SENTENCE = 200
_STARTS_ITEM = re.compile(
    r"\s*(?:[-–—+*•]|\(?\d{1,3}[.)\]/-]|\(?[IVXLC]{1,6}[.)\]-]|[a-zđA-ZĐ][.,)\]]|Điều|Chương|Mục|Kính gửi|Căn cứ)\s"
)


@dataclass
class Sentence:
    """Slots that the language model reads in one go; each is (page index, slot)."""

    items: list[tuple[int, Slot]] = field(default_factory=list)


def word_at(texts: Sequence[str], item: tuple[int, Slot]) -> str:
    """The word of a slot on its page."""
    page, slot = item
    return texts[page][slot.start : slot.end]


def sentences(texts: list[str], damaged: list[bool]) -> Iterator[Sentence]:
    """The sentences of all pages; one may go on over a page break."""
    current = Sentence()
    for index, text in enumerate(texts):
        found = slots(text, damaged[index])
        breaks = _breaks(text)
        starts = [start for start, _, _ in found]
        cuts = {bisect_left(starts, place) for place in breaks}  # before which slot a sentence ends
        cuts.update(place for place, (_, _, kind) in enumerate(found) if kind == BOUNDARY)
        begin = 0
        for cut in (*sorted(cuts), len(found)):
            items = [(index, slot) for slot in found[begin:cut]]
            while len(current.items) + len(items) > _LONGEST_SENTENCE:
                room = _LONGEST_SENTENCE - len(current.items)
                current.items += items[:room]
                yield current
                current, items = Sentence(), items[room:]
            current.items += items
            if current.items and (cut < len(found) or cut in cuts):
                yield current
                current = Sentence()
            begin = cut + (cut < len(found) and found[cut].kind == BOUNDARY)
    if current.items:
        yield current


def cut_glued(found: list[Sentence], texts: Sequence[str], cut: Callable[[int, str], int]) -> None:
    """Makes two slots of each word that `cut`, asked with its page and letters, cuts in two; 0 leaves it whole."""
    for sentence in found:
        items: list[tuple[int, Slot]] = []
        for page, slot in sentence.items:
            at = cut(page, texts[page][slot.start : slot.end]) if slot.kind == WORD else 0
            if at:
                middle = slot.start + at
                items += [(page, Slot(slot.start, middle, WORD)), (page, Slot(middle, slot.end, WORD))]
            else:
                items.append((page, slot))
        sentence.items = items


def _breaks(text: str) -> list[int]:
    """Offsets before which a sentence ends although no sign says so: cells, items, and lines that stop short."""
    found = [i for i, c in enumerate(text) if c == "\t"] if "\t" in text else []
    lines = text.split("\n")
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if not lengths:
        return found
    full = lengths[int(len(lengths) * 0.9)] if len(lengths) > 4 else 60
    at = 0
    before = ""
    for line in lines:
        if line.strip():
            short = len(before.rstrip()) < 0.6 * full
            if before and (short or _STARTS_ITEM.match(line)):
                found.append(at)
            before = line
        at += len(line) + 1
    return sorted(found)
