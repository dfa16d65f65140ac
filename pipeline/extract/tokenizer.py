"""underthesea's word segmentation as a spaCy tokenizer that never changes a character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc
from spacy.vocab import Vocab
from underthesea import word_tokenize

from pipeline.extract.quantities.units import UnitRules

MAX_STRETCH = 3_000
MAX_WORD = 80
MAX_TEXT = 100_000
BEHIND_A_NUMBER = 90
"""Longer stretches, words and paragraphs are rubbish or encoded data: they are split at blanks alone."""

# `BEHIND_A_NUMBER`: characters in which the words that a number counts end.
_BOUNDARY = re.compile(r"[.;:](?=\s)|[\t\n]")
_COUNTS = re.compile(r"(?P<number>\d[\d.,/]{0,18})\s{0,2}\(?[^\W\d_]")
_LONG_WORD = re.compile(rf"\S{{{MAX_WORD},}}")
_BY_BLANKS = re.compile(r"\d+(?:[.,]\d+)*|\w+|[^\w\s]")


class UndertheseaTokenizer:
    """Words of several syllables are one token (`nhân dân`); blanks inside a token are the text's own.

    Only what follows a number that stands before a word which is no known unit is given to underthesea, for only there
    does a rule ask where a word ends (what is counted?); elsewhere a token is a syllable. This halves the time of the
    whole pipeline.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        position = 0
        for start, end in _token_spans(text):
            if start > position:
                _add_gap(words, spaces, text[position:start])
            words.append(text[start:end])
            spaces.append(False)
            position = end
        if position < len(text):
            _add_gap(words, spaces, text[position:])
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """spaCy asks for it; there is no state."""
        return b""

    def from_bytes(self, _data: bytes, **_kwargs: object) -> UndertheseaTokenizer:
        """spaCy asks for it; there is no state."""
        return self


def _add_gap(words: list[str], spaces: list[bool], gap: str) -> None:
    """One blank after a word is that word's own, as spaCy has it; any other gap is a token."""
    if gap == " " and words and not spaces[-1] and not words[-1].isspace():
        spaces[-1] = True
    else:
        words.append(gap)
        spaces.append(False)


def _token_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of tokens, in order."""
    start = 0
    for end in (*(m.end() for m in _BOUNDARY.finditer(text)), len(text)):
        stretch = text[start:end]
        short = len(stretch) <= MAX_STRETCH and len(text) <= MAX_TEXT and not _LONG_WORD.search(stretch)
        position = 0
        for first, last in _counted(stretch) if short else ():
            yield from _by_blanks(stretch[position:first], start + position)
            yield from _segmented(stretch[first:last], start + first)
            position = last
        yield from _by_blanks(stretch[position:], start + position)
        start = end


def _by_blanks(text: str, offset: int) -> Iterator[tuple[int, int]]:
    return ((offset + m.start(), offset + m.end()) for m in _BY_BLANKS.finditer(text))


def _counted(stretch: str) -> Iterator[tuple[int, int]]:
    """Parts that begin with a number before a word and reach far enough behind it to hold what is counted."""
    end = 0
    start: int | None = None
    for match in filter(_counts_unknown, _COUNTS.finditer(stretch)):
        if start is not None and match.start() > end:
            yield start, end
            start = None
        start = match.start() if start is None else start
        blank = stretch.find(" ", match.end() + BEHIND_A_NUMBER)
        end = len(stretch) if blank < 0 else blank
    if start is not None:
        yield start, end


def _counts_unknown(match: re.Match[str]) -> bool:
    """Whether a number stands before a word that no rule knows as a unit."""
    unit = UnitRules.load().after(match.string, match.end("number"))
    return unit is None or unit.rule is None


def _segmented(stretch: str, offset: int) -> Iterator[tuple[int, int]]:
    """Spans of underthesea's tokens. It rewrites white space and some marks: what cannot be found again is split at
    blanks, and what cannot be found even then belongs to a gap."""
    position = 0
    for token in word_tokenize(stretch, use_token_normalize=False) if stretch.strip() else []:
        for part in (token,) if _next_is(stretch, token, position) else token.split():
            start = stretch.find(part, position)
            if start >= 0 and not stretch[position:start].strip():
                yield offset + start, offset + start + len(part)
                position = start + len(part)


def _next_is(text: str, token: str, position: int) -> bool:
    start = text.find(token, position, position + len(token) + 8)
    return start >= 0 and not text[position:start].strip()
