"""Pages without a text layer that can be believed: cleaned, read by tesseract, laid out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.models import Box, Page
from pipeline.read.assemble import PageFacts, assemble_page
from pipeline.read.layout.order import PageShape, lay_out, make_rows
from pipeline.read.layout.signatures import take_signatures
from pipeline.read.pictures.clean import Cleaned, Transform, clean
from pipeline.read.pictures.picture import Picture
from pipeline.read.pictures.upright import missing_turn, quarter_turn, share_of_syllables, turned
from pipeline.read.recognition.barred_letters import with_seen_bars
from pipeline.read.recognition.engine import Columns, read_by_program, read_inside
from pipeline.read.recognition.leaders import without_leaders
from pipeline.read.recognition.lost_blanks import with_lost_blanks
from pipeline.read.recognition.lost_lines import with_lost_lines
from pipeline.read.recognition.number_evidence import weigh_numbers
from pipeline.read.recognition.number_forms import follow_page
from pipeline.read.recognition.second_chance import read_illegible_again
from pipeline.read.recognition.signing import read_signature_again
from pipeline.read.recognition.twice import is_day_or_month, read_numbers_twice
from pipeline.read.tables.aligned import aligned_tables
from pipeline.read.tables.cells import read_cells_again
from pipeline.read.tables.lost_columns import with_lost_columns
from pipeline.read.tables.numbers import check_numbers
from pipeline.read.token import Token
from pipeline.settings import ReadSettings
from pipeline.vietnamese import is_syllable

# Pixels of a picture too low or too narrow for a single letter.
_LOWEST_LETTER = 8
# Below this confidence, what is neither a syllable nor a number is dirt.
_NOISE = 0.3
# The same for a whole line, and for one of less than two letters.
_NOISE_LINE, _NOISE_MARK = 0.6, 0.75
# The marker of a section is so long at most, and has so many words after it, each so sure.
_LONGEST_MARKER, _FEWEST_NUMBERED, _SURE = 6, 2, 0.7
# The symbol of a reference number, which a number written before it leaves in doubt: `/KH-SYT`.
_SYMBOL = re.compile(r"[/⁄][A-ZĐ]{2,8}-[A-ZĐ]{2,8}")
# A page with less of its letters in sure syllables is read a second time, by the other engine.
_DOUBTFUL_PAGE = 0.6
# A page with less of them, and of less confidence, shows a picture and no words.
_WORDLESS, _WORDLESS_CONFIDENCE = 0.3, 0.6


def read_picture(picture: Picture, facts: PageFacts, settings: ReadSettings) -> Page:
    """The page as tesseract reads it, the right way up.

    Raises PageError (`too_large`, `ocr_timeout`, `ocr_failed`) and ReadError (`tesseract_missing`, `language_missing`).
    """
    if min(picture.pixels.shape[:2]) < _LOWEST_LETTER:
        return assemble_page(facts, ())
    turn = quarter_turn(picture, settings.language)
    picture = turned(picture, turn)
    cleaned = clean(picture.pixels)
    tokens = [] if cleaned.blank else recognise(cleaned, settings)
    if further := missing_turn(cleaned, tokens, settings.language):
        turn, picture = (turn + further) % 360, turned(picture, further)
        cleaned = clean(picture.pixels)
        tokens = recognise(cleaned, settings)
    tokens = _surer(tokens, cleaned, settings)
    tokens = words_only(read_illegible_again(tokens, cleaned, settings.language))
    tokens = without_leaders(tokens, cleaned)
    tokens = with_lost_lines(tokens, cleaned, settings.language)
    rest, signatures = take_signatures(make_rows(tokens))
    height, width = cleaned.grey.shape
    shape = PageShape(width, height, frames=cleaned.frames, strokes=cleaned.strokes)
    aligned = (with_lost_columns(grid, cleaned) for grid in aligned_tables(rest, shape, cleaned.tables))
    tables = (*cleaned.tables, *aligned)
    lines = lay_out(rest, shape, tables)
    lines = [line for line in lines if line.table is not None or not _is_dirt(line.tokens)]
    lines = read_signature_again(lines, cleaned, picture.pixels, settings.language)
    lines = read_cells_again(lines, cleaned, settings.language)
    lines = weigh_numbers(check_numbers(lines, cleaned))
    lines = follow_page(read_numbers_twice(lines, cleaned, settings.language))
    lines = with_seen_bars(with_lost_blanks(lines, cleaned), cleaned)
    if turn in (90, 270):
        facts = replace(facts, width=facts.height, height=facts.width)
    facts = replace(facts, signatures=facts.signatures + signatures, rotation=turn)
    return assemble_page(facts, lines, tables, PlaceOnPage(cleaned.to_page, picture.points_per_pixel))


@dataclass(frozen=True, slots=True)
class PlaceOnPage:
    """Boxes in pixels of the cleaned image → points of the page."""

    to_page: Transform
    points_per_pixel: float

    def __call__(self, box: Box) -> Box:
        """The upright box around the four corners where they stand on the page."""
        (a, b, c), (d, e, f), (g, h, i) = self.to_page.tolist()
        xs, ys = [], []
        for x in (box.x0, box.x1):
            for y in (box.y0, box.y1):
                scale = self.points_per_pixel / (g * x + h * y + i)
                xs.append((a * x + b * y + c) * scale)
                ys.append((d * x + e * y + f) * scale)
        return Box(round(min(xs), 2), round(min(ys), 2), round(max(xs), 2), round(max(ys), 2))


def recognise(cleaned: Cleaned, settings: ReadSettings) -> list[Token]:
    """The words on a cleaned image, their boxes in its pixels."""
    data = None if cleaned.specked else read_inside(cleaned.grey, settings)
    return _tokens(read_by_program(cleaned.grey, settings) if data is None else data)


def _surer(tokens: list[Token], cleaned: Cleaned, settings: ReadSettings) -> list[Token]:
    """The better of two readings of a page of which the first made little."""
    so_far = _legible(tokens)
    if cleaned.specked or not tokens or so_far > _DOUBTFUL_PAGE:
        return tokens
    other = _tokens(read_by_program(cleaned.grey, settings))
    return other if _legible(other) > so_far else tokens


def _legible(tokens: Sequence[Token]) -> float:
    return share_of_syllables([(token.text, token.confidence) for token in tokens])


def _tokens(data: Columns) -> list[Token]:
    tokens = []
    rows: dict[tuple[int, int, int], int] = {}
    for index, text in enumerate(data["text"]):
        text = unicodedata.normalize("NFC", str(text)).strip()
        if not text or data["level"][index] != 5:
            continue
        place = (data["block_num"][index], data["par_num"][index], data["line_num"][index])
        confidence = max(0.0, min(1.0, float(data["conf"][index]) / 100))
        left, top, width, height = (float(data[k][index]) for k in ("left", "top", "width", "height"))
        tokens.append(
            Token(
                text=text,
                box=Box(left, top, left + width, top + height),
                confidence=confidence,
                row=rows.setdefault(place, len(rows)),
            )
        )
    return tokens


def words_only(tokens: Sequence[Token]) -> list[Token]:
    """The words without what specks and scrawls look like to a reader of letters; none where all of it is a picture."""
    kept = [
        token
        for index, token in enumerate(tokens)
        if token.confidence >= _NOISE
        or _could_be_a_word(token.text)
        or _may_number_a_line(tokens, index)
        or is_day_or_month(tokens, index)
    ]
    if not kept:
        return []
    certain = sum(token.confidence for token in kept) / len(kept)
    return [] if certain < _WORDLESS_CONFIDENCE and _legible(kept) < _WORDLESS else kept


def _is_dirt(row: Sequence[Token]) -> bool:
    """Whether a line has no figures, no longer syllables, and was hardly read."""
    if any(_SYMBOL.search(token.text) for token in row):
        return False
    certain = sum(token.confidence for token in row) / len(row)
    letters = sum(c.isalnum() for token in row for c in token.text)
    if letters < 2 and not any(c.isdigit() for token in row for c in token.text):
        return certain < _NOISE_MARK
    return certain < _NOISE_LINE and not any(_is_number_or_longer_syllable(token) for token in row)


def _is_number_or_longer_syllable(token: Token) -> bool:
    bare = token.text.strip(".,;:!?()\"'“”-")
    return (len(bare) > 2 and is_syllable(bare)) or (any(c.isdigit() for c in bare) and token.confidence >= _NOISE)


def _may_number_a_line(tokens: Sequence[Token], index: int) -> bool:
    """Whether a token stands before a line of sure words as `VII.`, `c)` and what is misread of them (`Ì.`, `©)`) do.

    The sequence of the sections tells later what it was; without it, the section is lost.
    """
    token, following = tokens[index], tokens[index + 1 : index + 1 + _FEWEST_NUMBERED]
    if token.text[-1] not in ".)" or len(token.text) > _LONGEST_MARKER or len(following) < _FEWEST_NUMBERED:
        return False
    begins = index == 0 or tokens[index - 1].row != token.row
    return begins and all(other.row == token.row and other.confidence >= _SURE for other in following)


def _could_be_a_word(text: str) -> bool:
    """Whether specks and scrawls hardly ever look like this: a syllable, a symbol, or something with a digit in it."""
    return bool(_SYMBOL.search(text)) or any(c.isdigit() for c in text) or is_syllable(text.strip(".,;:!?()\"'“”-"))
