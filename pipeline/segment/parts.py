"""The pages of each document of a file; of a page that two documents share each holds its own part."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.models import Alignment, Edit, Page, RestoredPage, Spanned
from pipeline.segment.lines import TextLine


def parts_of(pages: Sequence[RestoredPage], starts: Sequence[TextLine]) -> list[tuple[RestoredPage, ...]]:
    """The pages of each document of a file. `starts` are the first lines of the second and further documents.

    A page that ends one document and begins the next is cut; an empty page belongs to the document before it. Where
    restoration changed something over both sides of a cut, the two documents stay one.
    """
    documents: list[list[RestoredPage]] = [[]]
    for page in pages:
        begun = 0
        for line in (line for line in starts if line.page == page.number):
            at = page.text.rfind("\n", 0, line.start) + 1
            if line.first_of_page:
                documents.append([])
            elif _can_cut(page, at):
                documents[-1].append(_part(page, begun, at))
                documents.append([])
                begun = at
        documents[-1].append(_part(page, begun, None) if begun else page)
    return [tuple(document) for document in documents]


def _can_cut(page: RestoredPage, at: int) -> bool:
    edits = page.alignment.edits
    touched = bisect_right(edits, at - 1, key=lambda edit: edit.end)
    return touched == len(edits) or edits[touched].start >= at


def _part(page: RestoredPage, start: int, end: int | None) -> RestoredPage:
    """A page from the line that begins at `page.text[start]` up to that at `end`, or to its own end.

    The parts of a page keep number, size and boxes; offsets of each count from its own beginning. Stamps of electronic
    signatures, which have no place in the text, stay with the first part: they sign the document that ends there.
    """
    raw_start = page.alignment.to_raw(start, start)[0] if start else 0
    raw_end = len(page.page.text_raw) if end is None else page.alignment.to_raw(end, end)[0] - 1
    end = len(page.text) if end is None else end - 1
    edits = page.alignment.edits
    edits = edits[bisect_left(edits, start, key=lambda e: e.start) : bisect_right(edits, end, key=lambda e: e.end)]
    changes = (change for change in page.corrections if start <= change.start and change.end <= end)
    raw = _raw_part(page.page, raw_start, raw_end)
    return replace(
        page,
        page=replace(raw, signatures=()) if start else raw,
        text=page.text[start:end],
        alignment=Alignment(
            tuple(Edit(e.raw_start - raw_start, e.raw_end - raw_start, e.start - start, e.end - start) for e in edits)
        ),
        corrections=tuple(replace(c, start=c.start - start, end=c.end - start) for c in changes),
    )


_S = TypeVar("_S", bound=Spanned)


def _raw_part(page: Page, low: int, high: int) -> Page:
    """What stands in `page.text_raw[low:high]`."""

    def within(items: Iterable[_S]) -> tuple[_S, ...]:
        found = (item for item in items if low <= item.start and item.end <= high)
        return tuple(replace(item, start=item.start - low, end=item.end - low) for item in found)  # type: ignore[type-var]

    def in_order(items: Sequence[_S]) -> tuple[_S, ...]:
        first = bisect_left(items, low, key=lambda item: item.start)
        return within(items[first : bisect_right(items, high, key=lambda item: item.start)])

    words = in_order(page.words)
    tables = (replace(table, cells=within(table.cells)) for table in page.tables)
    sure = [word.confidence for word in words]
    return replace(
        page,
        text_raw=page.text_raw[low:high],
        lines=in_order(page.lines),
        words=words,
        tables=tuple(table for table in tables if table.cells),
        ocr_confidence=None if page.ocr_confidence is None or not sure else sum(sure) / len(sure),
        encodings=tuple((s - low, e - low, name) for s, e, name in page.encodings if low <= s and e <= high),
        capitals=tuple((s - low, e - low) for s, e in page.capitals if low <= s and e <= high),
    )
