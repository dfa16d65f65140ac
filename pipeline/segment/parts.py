"""The pages of each document of a file; of a page that two documents share each holds its own part."""

from __future__ import annotations

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
        rest, gone = page, 0
        for line in (line for line in starts if line.page == page.number):
            at = page.text.rfind("\n", 0, line.start) + 1 - gone
            if line.first_of_page:
                documents.append([])
            elif _can_cut(rest, at):
                above, rest = _cut(rest, at)
                gone += at
                documents[-1].append(above)
                documents.append([])
        documents[-1].append(rest)
    return [tuple(document) for document in documents]


def _can_cut(page: RestoredPage, at: int) -> bool:
    return all(edit.end <= at - 1 or edit.start >= at for edit in page.alignment.edits)


def _cut(page: RestoredPage, at: int) -> tuple[RestoredPage, RestoredPage]:
    """The page above the line that begins at `page.text[at]`, and from that line on.

    Both keep number, size and boxes; offsets of either part count from its own beginning. Stamps of electronic
    signatures, which have no place in the text, stay with the upper part: they sign the document that ends there.
    """
    raw_at = page.alignment.to_raw(at, at)[0]
    above = _part(page, (0, at - 1), (0, raw_at - 1))
    below = _part(page, (at, len(page.text)), (raw_at, len(page.page.text_raw)))
    return above, replace(below, page=replace(below.page, signatures=()))


def _part(restored: RestoredPage, span: tuple[int, int], raw: tuple[int, int]) -> RestoredPage:
    start, end = span
    edits = (edit for edit in restored.alignment.edits if start <= edit.start and edit.end <= end)
    changes = (change for change in restored.corrections if start <= change.start and change.end <= end)
    return replace(
        restored,
        page=_raw_part(restored.page, *raw),
        text=restored.text[start:end],
        alignment=Alignment(
            tuple(Edit(e.raw_start - raw[0], e.raw_end - raw[0], e.start - start, e.end - start) for e in edits)
        ),
        corrections=tuple(replace(c, start=c.start - start, end=c.end - start) for c in changes),
    )


_S = TypeVar("_S", bound=Spanned)


def _raw_part(page: Page, low: int, high: int) -> Page:
    """What stands in `page.text_raw[low:high]`."""

    def within(items: Iterable[_S]) -> tuple[_S, ...]:
        found = (item for item in items if low <= item.start and item.end <= high)
        return tuple(replace(item, start=item.start - low, end=item.end - low) for item in found)  # type: ignore[type-var]

    words = within(page.words)
    tables = (replace(table, cells=within(table.cells)) for table in page.tables)
    sure = [word.confidence for word in words]
    return replace(
        page,
        text_raw=page.text_raw[low:high],
        lines=within(page.lines),
        words=words,
        tables=tuple(table for table in tables if table.cells),
        ocr_confidence=None if page.ocr_confidence is None or not sure else sum(sure) / len(sure),
        encodings=tuple((s - low, e - low, name) for s, e, name in page.encodings if low <= s and e <= high),
        capitals=tuple((s - low, e - low) for s, e in page.capitals if low <= s and e <= high),
    )
