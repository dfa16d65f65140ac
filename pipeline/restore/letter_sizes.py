"""Letters that look alike large and small (`S`, `V`, `Ở`), which a reader of a page took for the wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.restore.choices import Floats
from pipeline.restore.evidence import Evidence
from pipeline.restore.lattice import Sentences
from pipeline.restore.neighbours import CAPITAL, CAPITALS, SMALL
from pipeline.restore.rewriting import Change
from pipeline.restore.syllables import plain
from pipeline.restore.words import WORD, Slot
from pipeline.vietnamese import strip_marks

_ALIKE = frozenset("cosuvxyz")  # with or without marks
_NEVER = -4.4  # natural logarithm of how often a word has a capital inside sentences
_NEVER_IN_NAMES = -6.0  # the same for a word behind one with a capital: `khu kinh tế Bãi Lộng Và các xã`
_DOUBT = 1.3  # cost of taking a word for misread, above which the reader was sure of it
_SURENESS = 0.9


def mend_sizes(
    texts: Sequence[str],
    found: Sentences,
    evidence: Sequence[Evidence | None],
    number: Callable[[str], int],
    usual: Floats,
) -> Iterator[tuple[int, Change]]:
    """Words to write small, each with its page: `khu vực giám Sát`, `cấp cơ SỞ`.

    `usual` is the natural logarithm of how often each word has each case inside sentences.
    """
    for items in found.items():
        before: tuple[int, Slot] | None = None
        for item, after in zip(items, [*items[1:], None], strict=True):
            page, slot = item
            seen = evidence[page]
            if seen is not None and slot.kind == WORD and before is not None and texts[page][slot.start].isupper():
                text = texts[page]
                word = text[slot.start : slot.end]
                of_word = usual[number(plain(word))]
                alone = _is_small(texts, before) or of_word[CAPITAL] <= _NEVER_IN_NAMES
                small = alone and _is_small(texts, after) and _touches(text, before, item)
                doubted = len(word) == 2 or seen.at(slot.start, slot.end).cost < _DOUBT
                if small and doubted and _may_be_small(word, of_word):
                    yield page, Change(slot.start, slot.end, word.lower(), "letter", _SURENESS)
            before = item


def _may_be_small(word: str, usual: Floats) -> bool:
    """Whether a word begins with a letter that looks alike in both sizes, and is hardly ever written with a capital; or
    is two such letters, both large."""
    if strip_marks(word[0].lower()) not in _ALIKE or usual[SMALL] < -1:
        return False
    if len(word) == 2 and word.isupper():
        return not word.isascii() and strip_marks(word[1].lower()) in _ALIKE and bool(usual[CAPITALS] < _NEVER)
    return word[1:].islower() and bool(usual[CAPITAL] <= _NEVER)


def _is_small(texts: Sequence[str], item: tuple[int, Slot] | None) -> bool:
    return item is None or item[1].kind != WORD or texts[item[0]][item[1].start].islower()


def _touches(text: str, before: tuple[int, Slot], item: tuple[int, Slot]) -> bool:
    """Whether nothing but a blank or the end of a line stands between two words of one page."""
    return before[0] == item[0] and before[1].kind == WORD and text[before[1].end : item[1].start] in (" ", "\n")
