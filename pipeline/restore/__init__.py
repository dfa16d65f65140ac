"""Restoring: Page → RestoredPage, in Unicode, with its marks, letters and words put right, and every change told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.models import Alignment, Correction, Line, Page, RestoredPage
from pipeline.restore.encoding_repair import unspaced
from pipeline.restore.evidence import Evidence
from pipeline.restore.markers import repair_markers
from pipeline.restore.restorer import Restorer
from pipeline.restore.restorer import restorer as load_restorer
from pipeline.restore.rewriting import Change, Rewriting
from pipeline.restore.signs import mend_signs
from pipeline.restore.state import State
from pipeline.settings import RestoreSettings

__all__ = ["Restored", "restore", "restore_pages"]


@dataclass(frozen=True, slots=True)
class Restored:
    """Restored text, every change, the way back to the characters given, and how good the text given was (0 to 1)."""

    text: str
    corrections: tuple[Correction, ...]
    alignment: Alignment
    quality: float


def restore_pages(pages: Sequence[Page], settings: RestoreSettings) -> tuple[RestoredPage, ...]:
    """The pages of one document, restored together: sentences go on over page breaks.

    Raises ModelError where the language model is missing or damaged.
    """
    tool = load_restorer(settings.model)
    rewritings = [Rewriting(page.text_raw) for page in pages]
    for page, rewriting in zip(pages, rewritings, strict=True):
        tool.encoding.repair(page, rewriting)
    if settings.enabled:
        _restore_words(tool, rewritings, pages)
    return tuple(_restored(tool, page, rewriting) for page, rewriting in zip(pages, rewritings, strict=True))


def _restore_words(tool: Restorer, rewritings: Sequence[Rewriting], pages: Sequence[Page]) -> None:
    states = [tool.state(rewriting.text) for rewriting in rewritings]
    for page, rewriting, state in zip(pages, rewritings, states, strict=True):
        rewriting.apply(Change(*span, "spacing", 0.95) for span in unspaced(rewriting.text))
        if state is State.GOOD:
            rewriting.apply(tool.spacer.split_glued(rewriting.text))
            rewriting.apply(tool.spacer.join_cut(rewriting.text))
        rewriting.apply(repair_markers(rewriting.text, damaged=state is State.DAMAGED, read=page.method == "ocr"))
    evidence = [
        Evidence(page, rewriting.finished()[1]) if page.method == "ocr" else None
        for page, rewriting in zip(pages, rewritings, strict=True)
    ]
    for rewriting, seen, state in zip(rewritings, evidence, states, strict=True):
        if seen is not None:
            rewriting.apply(mend_signs(rewriting.text, seen))
            rewriting.apply(tool.bare_headings(rewriting.text) if state is State.GOOD else ())
    good = [r.text if state is State.GOOD else "" for r, state in zip(rewritings, states, strict=True)]
    for rewriting, changes in zip(rewritings, tool.misprints(good, evidence), strict=True):
        rewriting.apply(changes)
    for rewriting, changes in zip(rewritings, tool.changes([r.text for r in rewritings], states), strict=True):
        rewriting.apply(changes)


def restore(text: str) -> Restored:
    """Restores text that stands alone, with the shipped model."""
    page = Page(number=1, text_raw=text, method="plain", lines=_lines(text))
    done = restore_pages([page], RestoreSettings())[0]
    return Restored(done.text, done.corrections, done.alignment, done.quality)


def _lines(text: str) -> tuple[Line, ...]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(Line(start, start + len(line), None, 1.0))
        start += len(line) + 1
    return tuple(lines)


def _restored(tool: Restorer, page: Page, rewriting: Rewriting) -> RestoredPage:
    text, alignment, corrections = rewriting.finished()
    return RestoredPage(page, text, alignment, corrections, tool.quality(text, corrections))
