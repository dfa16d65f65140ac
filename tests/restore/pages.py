"""Pages as a reader gives them to restoration."""

from __future__ import annotations

from pipeline.models import Page, Word


def page_read(text: str, confidence: float = 0.96, **special: float) -> Page:
    """A page that a machine has read, whose words have one confidence, but for those named."""
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        words.append(Word(at, at + len(word), None, special.get(word, confidence)))
        at += len(word)
    return Page(1, text, "ocr", (), words=tuple(words))
