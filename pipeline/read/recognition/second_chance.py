"""Words of which the first reading made nothing, though they stand among words that it read well: read again alone.

A mark over two letters, a skewed heading or two words that touch make one long word of no meaning, and what is that
doubtful would be taken for dirt and dropped. Alone, at another scale, such words are mostly read well. Only what then
is Vietnamese, and sure, is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.second import Reading, SecondReader, second_reader
from pipeline.read.recognition.twice import cut
from pipeline.read.token import Token, bare, box_of
from pipeline.vietnamese import is_syllable

# A word that is no Vietnamese and less sure than this is read again; so is one of capitals, a short form perhaps.
_DOUBTFUL, _DOUBTFUL_CAPITALS = 0.75, 0.4
# How sure the words of the second reading are at least, and a word beside the doubtful one.
_SURE, _SURE_NEIGHBOUR = 0.8, 0.7
# Height of small letters (pixels) in the readings; the height and width of a word, in small letters.
_LETTERS = (18.0, 29.0)
_LOWEST, _HIGHEST, _NARROWEST = 0.7, 3.2, 1.0
# Words of one page that are read again: a page with more of them is ruined.
_MOST_PIECES = 24


def read_illegible_again(tokens: Sequence[Token], cleaned: Cleaned, language: str) -> list[Token]:
    """The words with those that nobody can read replaced by what they are when read alone."""
    doubtful = [index for index, token in enumerate(tokens) if _is_illegible(tokens, index, cleaned.letter)]
    reader = second_reader(language) if doubtful else None
    if reader is None:
        return list(tokens)
    found = {index: _again(tokens[index], cleaned, reader) for index in doubtful[:_MOST_PIECES]}
    return [word for index, token in enumerate(tokens) for word in found.get(index, (token,))]


def _is_illegible(tokens: Sequence[Token], index: int, letter: float) -> bool:
    """Whether a word of the size of its neighbours is none that could stand there."""
    token = tokens[index]
    text = bare(token.text)
    if not any(c.isalpha() for c in text) or any(c.isdigit() for c in text) or is_syllable(text):
        return False
    if token.confidence >= (_DOUBTFUL_CAPITALS if text.isupper() else _DOUBTFUL):
        return False
    width = token.box.x1 - token.box.x0
    if not (_LOWEST * letter <= token.height <= _HIGHEST * letter and width >= _NARROWEST * letter):
        return False
    beside = (tokens[at] for at in (index - 1, index + 1) if 0 <= at < len(tokens))
    return any(other.row == token.row and other.confidence >= _SURE_NEIGHBOUR for other in beside)


def _again(token: Token, cleaned: Cleaned, reader: SecondReader) -> tuple[Token, ...]:
    """The words that a doubtful one is, by the surest of the readings; itself where none is sure."""
    piece, (left, _) = cut(cleaned, box_of([token]))
    if piece.size == 0:
        return (token,)
    readings = (reader.read(piece, letter / cleaned.letter) for letter in _LETTERS)
    words = max((r for r in readings if _is_vietnamese(r)), key=_certainty, default=None)
    if words is None:
        return (token,)
    height = (token.box.y0, token.box.y1)
    return tuple(
        replace(
            token,
            text=word.text,
            box=Box(left + word.x0, height[0], left + word.x1, height[1]),
            confidence=word.confidence,
            alternatives=(),
        )
        for word in words
    )


def _certainty(words: Sequence[Reading]) -> float:
    return min(word.confidence for word in words)


def _is_vietnamese(words: Sequence[Reading]) -> bool:
    """Whether all words are sure and syllables, in one case or with a capital first."""
    return bool(words) and all(
        word.confidence >= _SURE and is_syllable(text) and _in_one_case(text)
        for word, text in ((word, bare(word.text)) for word in words)
    )


def _in_one_case(word: str) -> bool:
    return len(word) > 1 and (word[1:].islower() or word.isupper())
