"""Text under repair: every step changes it, and the way back to the characters as read stays exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from pipeline.models import Alignment, Correction, CorrectionKind, Edit

# What a change that several steps made together is called: the deepest of them.
_DEPTH: dict[CorrectionKind, int] = {"encoding": 0, "spacing": 1, "tone": 2, "letter": 3, "marker": 4}


class Change(NamedTuple):
    """`text[start:end]` of the text before a step becomes `after`."""

    start: int
    end: int
    after: str
    kind: CorrectionKind
    confidence: float


_SPAN = itemgetter(0, 1)


class _Edit(NamedTuple):
    raw_start: int
    raw_end: int
    start: int
    end: int
    kind: CorrectionKind
    confidence: float


class Rewriting:
    """`raw`, the text as read, and `text`, what it is after the changes so far."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = raw
        self._edits: list[_Edit] = []

    def apply(self, changes: Iterable[Change]) -> None:
        """Makes the changes, which count in `text`; one that overlaps an earlier one of the same call is left out."""
        pieces: list[str] = []
        edits: list[_Edit] = []
        at = shift = 0
        text = self.text
        for start, end, after, kind, confidence in sorted(changes, key=_SPAN):
            if start < at or text[start:end] == after:
                continue
            pieces += text[at:start], after
            edits.append(_Edit(start, end, start + shift, start + shift + len(after), kind, confidence))
            shift += len(after) - (end - start)
            at = end
        if not edits:
            return
        pieces.append(text[at:])
        self.text = "".join(pieces)
        self._edits = _compose(self._edits, edits)

    def finished(self) -> tuple[str, Alignment, tuple[Correction, ...]]:
        """The text, the way back, and one correction for each edit, widened to whole words."""
        edits: list[Edit] = []
        corrections: list[Correction] = []
        for raw_start, raw_end, start, end, kind, confidence in _widen(self._edits, self.text):
            before, after = self.raw[raw_start:raw_end], self.text[start:end]
            if before != after:
                edits.append(Edit(raw_start, raw_end, start, end))
                corrections.append(Correction(start, end, before, after, kind, confidence))
        return self.text, Alignment(tuple(edits)), tuple(corrections)


def _compose(first: Sequence[_Edit], second: Sequence[_Edit]) -> list[_Edit]:
    """Edits raw → middle and middle → text as edits raw → text. Edits that touch in the middle become one."""
    if not first:
        return list(second)
    result: list[_Edit] = []
    i = j = 0
    behind = ahead = 0  # raw minus middle, and text minus middle, before the next edits
    while i < len(first) or j < len(second):
        begin = min(first[i].start if i < len(first) else _FAR, second[j].raw_start if j < len(second) else _FAR)
        raw_start, start = begin + behind, begin + ahead
        end = begin
        kind: CorrectionKind = "encoding"
        confidence = 1.0
        while True:
            if i < len(first) and first[i].start <= end:
                edit, end = first[i], max(end, first[i].end)
                behind = edit.raw_end - edit.end
                i += 1
            elif j < len(second) and second[j].raw_start <= end:
                edit, end = second[j], max(end, second[j].raw_end)
                ahead = edit.end - edit.raw_end
                j += 1
            else:
                break
            kind = max(kind, edit.kind, key=_DEPTH.__getitem__)
            confidence = min(confidence, edit.confidence)
        result.append(_Edit(raw_start, end + behind, start, end + ahead, kind, confidence))
    return result


_FAR = 1 << 62


def _widen(edits: Sequence[_Edit], text: str) -> list[_Edit]:
    """Edits inside one word joined and grown to the whole word."""
    result: list[_Edit] = []
    for edit in edits:
        left = edit.start
        floor = result[-1].end if result else 0
        while left > floor and text[left - 1].isalnum():
            left -= 1
        moved = edit.start - left
        if (
            result
            and left == floor
            and result[-1].end > 0
            and (moved or left == edit.start)
            and _touch(result[-1], edit, text)
        ):
            last = result.pop()
            grown = _Edit(
                last.raw_start, edit.raw_end, last.start, edit.end,
                max(last.kind, edit.kind, key=_DEPTH.__getitem__), min(last.confidence, edit.confidence),
            )  # fmt: skip
        elif moved:
            grown = edit._replace(raw_start=edit.raw_start - moved, start=left)
        else:
            grown = edit
        result.append(grown)
    return _widen_right(result, text)


def _touch(last: _Edit, edit: _Edit, text: str) -> bool:
    between = text[last.end : edit.start]
    return between == "" or between.isalnum()


def _widen_right(edits: Sequence[_Edit], text: str) -> list[_Edit]:
    result = []
    for index, edit in enumerate(edits):
        right = edit.end
        ceiling = edits[index + 1].start if index + 1 < len(edits) else len(text)
        while right < ceiling and text[right].isalnum():
            right += 1
        moved = right - edit.end
        result.append(edit._replace(raw_end=edit.raw_end + moved, end=right) if moved else edit)
    return result
