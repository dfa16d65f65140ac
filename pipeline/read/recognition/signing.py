"""The signature beside the list of recipients, read again where the first reading lost it.

Seal and pen run over office and name, and a reader of whole pages often takes all of it for a picture. Alone, as one
block, what is still legible is read; only an office and a person's name are taken from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.models import Box, LineRole
from pipeline.read.layout.rules import LayoutRules
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import Pixels
from pipeline.read.pictures.seals import Ring, find_ring, without_ring
from pipeline.read.recognition.offices import read_offices
from pipeline.read.recognition.second import BLOCK, SPARSE, SecondReader, second_reader
from pipeline.read.recognition.signature_place import SignaturePlace, find_place
from pipeline.read.token import PlacedLine, Token, box_of, text_of
from pipeline.vietnamese import fold, is_syllable

# What is read at once with this confidence is believed; below, a second reading must say the same.
_SURE, _LEGIBLE = 0.85, 0.7
# How sure a word under a seal can be.
_UNDER_A_SEAL, _HIDDEN = 0.85, 0.5
# Percent of likeness, without marks, from which on another reading bears out an office.
_ALIKE = 75.0
# Below this confidence a line of a letter or two is a stroke of the pen.
_SPECK = 0.75
# How near (in heights of a letter) a mark without meaning must stand to a name to be the rest of it.
_NEAR = 2.5
# An office higher than so many letters is two, one over the other; so much of its ink under it is another line.
_TWO_LINES, _AS_MUCH_INK, _DARK = 2.7, 0.5, 140
_AUTHORITY = re.compile(r"(?:tm|kt|tl|tuq|q)(?:[ ./,]|$)|[tk] ?[./] ?(?:m|t|l|uq)\b")
# A degree before a name: `BS.CKII.`
_DEGREE = re.compile(r"[A-Z]{1,4}\S{0,8}\.$|ThS\.$")
_NAME_WORD = re.compile(r"[A-ZÀ-ỸĐ][a-zà-ỹđ]{0,6}")
_NAME_LENGTHS, _FULL_NAME, _MIDDLE_NAMES = range(2, 6), 3, ("van", "thi")
# `1ê` for `Lê`: a name has no figures.
_LETTER_FOR_ONE = re.compile(r"^[1|!](?=[a-zà-ỹ])")


def read_signature_again(
    lines: Sequence[PlacedLine], cleaned: Cleaned, picture: Pixels, language: str
) -> list[PlacedLine]:
    """The lines with the signature beside the list of recipients, where they have a list and no whole signature.

    `picture` is the page before it was cleaned: a name in red ink went with the seals.
    """
    place = find_place(lines, cleaned, picture)
    if place is None:
        return list(lines)
    right = place.right
    known = [line for line in right if _is_office(line) or _is_name(line)]
    if any(_is_name(line) and len(line) >= _FULL_NAME for line in known) and _names_an_office(right, cleaned):
        return list(lines)
    reader = second_reader(language)
    if reader is None:
        return list(lines)
    found, seal = _read(reader, place, *place.unread(lines))
    if not found and seal is None:
        return list(lines)
    kept = [line for line in right if (line in known or not _is_speck(line)) and not _stands_on(line, found)]
    kept = [_without_trust(line) if _is_hidden(line, seal) else line for line in kept]
    signature = sorted([*kept, *found], key=lambda line: line[0].box.y0)
    before, after = lines[: place.listed[0]], lines[place.listed[-1] + 1 :]
    gone = {id(token) for line in right for token in line}
    after = [line for line in after if not any(id(token) in gone for token in line.tokens)]
    placed = [PlacedLine((tuple(line),), LineRole.RECIPIENTS) for line in place.left]
    placed += [PlacedLine((tuple(line),), LineRole.SIGNATURE) for line in signature]
    return [*before, *placed, *after]


class _Readings:
    """The lines that several readings of one place give, and the name on which they agree."""

    def __init__(
        self, reader: SecondReader, place: SignaturePlace, seal: Ring | None, name: list[Token] | None
    ) -> None:
        self._reader, self._place, self._seal = reader, place, seal
        self.lines: list[list[Token]] = []
        self.name = name

    def add(self, piece: Pixels, mode: int) -> None:
        """Reads a picture of the place; `mode` is BLOCK or SPARSE."""
        corner, letter = self._place.corner, self._place.cleaned.letter
        self.lines += [_doubted(_moved(line, *corner), self._seal) for line in self._reader.read_all(piece, mode)]
        if self.name is None:
            said = [_bolstered(line, [*self._place.right, *self.lines]) for line in self.lines]
            self.name = _surest(_names(said, letter, self._seal))


def _read(reader: SecondReader, place: SignaturePlace, dark: bool, red: bool) -> tuple[list[list[Token]], Ring | None]:
    """Office and name as the readings of that place agree on them, and the seal.

    `dark` and `red` say whether it shows ink of these kinds that is not read already.
    """
    if not (dark or red):
        return [], None
    (x0, y0), letter, grey = place.corner, place.cleaned.letter, place.grey
    ring = find_ring(grey, letter)
    bare = grey if ring is None else without_ring(grey, ring)
    seal = None if ring is None else replace(ring, x=ring.x + x0, y=ring.y + y0)
    known = [line for line in place.right if _is_office(line) or (_is_name(line) and not _is_hidden(line, seal))]
    readings = _Readings(reader, place, seal, next((line for line in known if _is_name(line)), None))
    if dark:
        readings.add(bare, BLOCK)
        readings.add(bare, SPARSE)
    if dark and ring is not None and readings.name is None:
        readings.add(grey, SPARSE)
    if red and readings.name is None:
        readings.add(place.with_red(), SPARSE)
    everything = [*place.right, *readings.lines]
    found = _offices([line for line in everything if _is_office(line)], everything)
    ordered = [line for line in found if _names_authority(line)]
    known = [line for line in known if not _stands_on(line, ordered)]  # `CHỦ TỊCH` is `TL. CHỦ TỊCH`
    if dark and not _names_an_office(known, place.cleaned):  # what was read again only may lack its `PHÓ`
        middle = _middle([*known, *([readings.name] if readings.name else [])])
        axis = None if middle is None else middle - x0
        sliced = [_moved(line, x0, y0) for line in read_offices(reader, bare, letter, axis)]
        ordered = [line for line in known if _names_authority(line)]
        sliced = [line for line in sliced if _is_deputy(line) or not _stands_on(line, ordered)]
        known = [line for line in known if not _stands_on(line, sliced)]
        found = [*(line for line in found if not _stands_on(line, sliced)), *sliced]
    found += [readings.name] if readings.name is not None else []
    return [line for line in found if not _stands_on(line, known)], seal


def _middle(lines: Sequence[Sequence[Token]]) -> float | None:
    """The axis on which the lines of a signature are centred: that of an authority, else of the name."""
    best = min(lines, key=_is_name, default=None)
    if best is None:
        return None
    box = box_of(best)
    return (box.x0 + box.x1) / 2


def _moved(line: Sequence[Token], x: int, y: int) -> list[Token]:
    return [
        replace(
            t, box=Box(t.box.x0 + x, t.box.y0 + y, t.box.x1 + x, t.box.y1 + y), text=_LETTER_FOR_ONE.sub("L", t.text)
        )
        for t in line
    ]


def _bolstered(line: Sequence[Token], others: Sequence[Sequence[Token]]) -> list[Token]:
    """A line whose words are as sure as the surest reading that says the same in the same place."""
    same = [token for other in others for token in other]
    return [
        replace(t, confidence=max(o.confidence for o in [t, *(o for o in same if o.text == t.text and _overlap(o, t))]))
        for t in line
    ]


def _overlap(one: Token, other: Token) -> bool:
    return one.box.x0 < other.middle < one.box.x1 and _same_place([one], [other])


def _names(reading: Iterable[Sequence[Token]], letter: float, seal: Ring | None) -> list[list[Token]]:
    """The persons' names of a reading; none that has marks without meaning right before it, where its rest may be,
    but for a degree, and for what is left of a seal before a full name."""
    found = []
    for line in reading:
        start = 0
        for number, token in enumerate(line):
            if not _is_name_word(token.text):
                start = number + 1
        rest = list(line[start:])
        if not _is_name(rest) or _is_hidden(rest, seal):
            continue
        if start == 0 or _may_precede(line[start - 1], rest, letter, seal):
            degree = start > 0 and _DEGREE.match(line[start - 1].text)
            left = line[start - 1].box.x0 if degree else rest[0].box.x0
            found.append([replace(rest[0], box=rest[0].box._replace(x0=left)), *rest[1:]])
    return found


def _may_precede(mark: Token, name: Sequence[Token], letter: float, seal: Ring | None) -> bool:
    if name[0].box.x0 - mark.box.x1 > _NEAR * letter or _DEGREE.match(mark.text):
        return True
    return _is_sealed(mark, seal) and len(name) >= _FULL_NAME and fold(name[0].text) not in _MIDDLE_NAMES


def _is_sealed(token: Token, seal: Ring | None) -> bool:
    return seal is not None and seal.holds(token.middle, (token.box.y0 + token.box.y1) / 2)


def _doubted(line: Sequence[Token], seal: Ring | None) -> list[Token]:
    """A line whose words under a seal are less than sure, however clear they look."""
    return [replace(t, confidence=min(t.confidence, _UNDER_A_SEAL)) if _is_sealed(t, seal) else t for t in line]


def _is_hidden(line: Sequence[Token], seal: Ring | None) -> bool:
    """Whether a name is a part of a seal, or so short that its first word may lie under one."""
    if all(_is_sealed(token, seal) for token in line):
        return True
    return len(line) < _FULL_NAME and _is_sealed(line[0], seal)


def _without_trust(line: Sequence[Token]) -> list[Token]:
    return [replace(token, confidence=min(token.confidence, _HIDDEN)) for token in line]


def _surest(lines: Sequence[list[Token]]) -> list[Token] | None:
    """The surest of some readings of a name, if it is sure, or another one says the same."""
    best = max(lines, key=_sureness, default=None)
    if best is None:
        return None
    same = sum(fold(text_of(line)) == fold(text_of(best)) for line in lines) > 1
    return best if same or _sureness(best) >= _SURE else None


def _offices(offices: Sequence[list[Token]], everything: Sequence[list[Token]]) -> list[list[Token]]:
    """One reading of each office that two readings bear out: a stamp over `GIÁM ĐỐC` may say `PHÓ GIÁM ĐỐC`."""
    found: list[list[Token]] = []
    for line in sorted(offices, key=_sureness, reverse=True):
        there = [other for other in everything if other is not line and _stands_on(other, [line])]
        alike = any(fuzz.ratio(fold(text_of(line)), fold(text_of(other))) >= _ALIKE for other in there)
        if alike and not _stands_on(line, found):
            found.append(line)
    return found


def _stands_on(line: Sequence[Token], others: Iterable[Sequence[Token]]) -> bool:
    return any(_same_place(line, other) for other in others)


def _is_speck(line: Sequence[Token]) -> bool:
    return _sureness(line) < _SPECK and sum(c.isalpha() for c in text_of(line)) < 3


def _same_place(line: Sequence[Token], other: Sequence[Token]) -> bool:
    one, two = box_of(line), box_of(other)
    return min(one.y1, two.y1) - max(one.y0, two.y0) > 0.4 * min(one.y1 - one.y0, two.y1 - two.y0)


def _is_office(line: Sequence[Token]) -> bool:
    text = text_of(line)
    return bool(line) and text.isupper() and LayoutRules.load().is_mark("authority", fold(text).strip(" .,:;-"))


def _is_name(line: Sequence[Token]) -> bool:
    if len(line) not in _NAME_LENGTHS or _sureness(line) < _LEGIBLE:
        return False
    return all(_is_name_word(t.text) and is_syllable(t.text) for t in line)


def _is_name_word(text: str) -> bool:
    return _NAME_WORD.fullmatch(text) is not None and (len(text) == 1 or text[1:].islower())


def _names_an_office(lines: Sequence[Sequence[Token]], cleaned: Cleaned) -> bool:
    """Whether lines of a signature say what the signer is, and nothing unread may say otherwise.

    A deputy's office may be stamped under the head's: then `GIÁM ĐỐC` alone would be wrong.
    """
    offices = [line for line in lines if _is_office(line)]
    titles = [line for line in offices if not _names_authority(line)]
    if not titles:
        return False
    names = sorted({fold(text_of(line)) for line in titles}, key=len)
    if any(map(_is_deputy, titles)):
        return True
    if len(titles) > 1:  # one of them may be the deputy's, whose `PHÓ` was not read
        return fuzz.partial_ratio(names[0], names[-1]) < _ALIKE
    return not _is_overprinted(box_of(titles[0]), cleaned)


def _names_authority(line: Sequence[Token]) -> bool:
    """Whether a line says for whom is signed: `TM.`, `KT.`, `TL.`"""
    return _AUTHORITY.match(fold(text_of(line))) is not None


def _is_deputy(line: Sequence[Token]) -> bool:
    return line[0].text.upper().startswith("PHÓ")


def _is_overprinted(office: Box, cleaned: Cleaned) -> bool:
    """Whether an office is too high for one line, or has as much ink right under it as a line has."""
    height = office.y1 - office.y0
    if height > _TWO_LINES * cleaned.letter:
        return True
    left, right = max(0, round(office.x0 - height)), round(office.x1)
    own = cleaned.grey[round(office.y0) : round(office.y1), left:right] < _DARK
    under = cleaned.grey[round(office.y1 + 0.1 * height) : round(office.y1 + height), left:right] < _DARK
    return bool(under.size and own.size and under.mean() > _AS_MUCH_INK * own.mean())


def _sureness(line: Sequence[Token]) -> float:
    return min(token.confidence for token in line)
