"""Legacy encodings of Vietnamese (TCVN3, VNI, VISCII): their tables, their fonts, and how to tell them from the text.

Text in such an encoding reaches us as the characters of Windows-1252 or Latin-1 that stand at the same bytes. The
tables are data (`rules/encodings.toml`); reading decodes bytes and fonts with them, restoration repairs text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import ClassVar, NamedTuple

from pydantic import Field, field_validator

from pipeline.rulebook import Rule, RuleFile, problems_with
from pipeline.stretches import tally
from pipeline.vietnamese import is_syllable

# A share of a text that is enough to tell how it is encoded; keeps detection cheap on huge files.
_SAMPLE_CHARACTERS = 40_000
# At least this share of the marked words must be syllables after decoding, and clearly more of them than before.
_ENOUGH, _BETTER = 0.6, 0.25
# More than this share of all words must be marked: signs that stand alone (dashes) and foreign names are no encoding.
_RARE = 0.03
_SPELLED = re.compile("[a-zA-Z]")

_SUBSET_PREFIX = re.compile(r"^[A-Z]{6}\+")
_EDGES = ".,;:!?()[]{}\"'“”‘’…/<>-–*_=0123456789%"


def _pairs(text: str) -> dict[str, str]:
    table = {}
    for pair in text.split():
        left, separator, right = pair.partition("=")
        if not (left and separator and right):
            raise ValueError(f"{pair!r} is not of the form seen=meant")
        table[left] = right
    return table


class Encoding(Rule):
    """One legacy encoding; see the head of `rules/encodings.toml` for the fields."""

    bytes: str = ""
    sequences: str = ""
    seen_as: dict[str, str] = Field(default_factory=dict)
    fonts: str | None = None
    capital_fonts: str | None = None
    readings: tuple[tuple[str, str], ...] = ()

    @field_validator("bytes", "sequences")
    @classmethod
    def _are_pairs(cls, value: str) -> str:
        _pairs(value)
        return value

    @field_validator("fonts", "capital_fonts")
    @classmethod
    def _is_pattern(cls, value: str | None) -> str | None:
        if value is not None:
            re.compile(value)
        return value

    @cached_property
    def table(self) -> dict[str, str]:
        """What each character (or run of characters) as seen stands for."""
        table: dict[str, str] = {}
        by_byte = {int(code, 16): letter for code, letter in _pairs(self.bytes).items()}
        for byte, letter in by_byte.items():
            table[chr(byte)] = letter
            windows = bytes([byte]).decode("cp1252", "ignore")
            if windows:
                table[windows] = letter
        for seen, code in self.seen_as.items():
            if int(code, 16) in by_byte:
                table[seen] = by_byte[int(code, 16)]
        for seen, letter in _pairs(self.sequences).items():
            table[seen] = letter
            # Capitals: both characters as capitals, or a capital before a small mark (`Aâ`).
            table[seen.upper()] = letter.upper()
            table[seen[0].upper() + seen[1:]] = letter.upper()
        return table

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.table, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    @cached_property
    def _translation(self) -> dict[int, str] | None:
        """The table for `str.translate`, where every key is one character."""
        return None if self.sequences else {ord(seen): letter for seen, letter in self.table.items()}

    def decode(self, text: str) -> str:
        """The text that was meant."""
        if self._translation is not None:
            return text.translate(self._translation)
        return self._pattern.sub(lambda match: self.table[match.group()], text)

    def edits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, what `text[start:end]` means), in order, for each stretch that decoding changes."""
        for match in self._pattern.finditer(text):
            meant = self.table[match.group()]
            if meant != match.group():
                yield match.start(), match.end(), meant


class Substitution(Rule):
    """Letters that broken fonts give in place of others; `always` where no text means the former."""

    always: bool
    pairs: str

    @cached_property
    def table(self) -> dict[str, str]:
        """Character as read → character meant."""
        return _pairs(self.pairs)


class FontEncoding(NamedTuple):
    """What a font's name says: the encoding of its text, and whether it shows small letters as capitals."""

    encoding: str
    capitals: bool


class Encodings(RuleFile):
    """`rules/encodings.toml`."""

    file_name: ClassVar[str] = "encodings.toml"

    encodings: tuple[Encoding, ...]
    substitutions: tuple[Substitution, ...]

    def named(self, name: str) -> Encoding:
        """The encoding with that id.

        Raises KeyError where there is none.
        """
        for encoding in self.encodings:
            if encoding.id == name:
                return encoding
        raise KeyError(name)

    def check_examples(self) -> list[str]:
        """Every example is detected as its encoding, no counter-example is, and every reading decodes as it says."""
        problems = problems_with(self.encodings, lambda encoding, text: detect_encoding(text)[0] == encoding.id)
        for encoding in self.encodings:
            for seen, meant in encoding.readings:
                if (decoded := encoding.decode(seen)) != meant:
                    problems.append(f"{encoding.id}: {seen!r} reads {decoded!r}, not {meant!r}")
        return problems + problems_with(self.substitutions, lambda rule, text: any(seen in text for seen in rule.table))


def decode(text: str, name: str) -> str:
    """What text of the named encoding means.

    Raises KeyError for an unknown name.
    """
    return Encodings.load().named(name).decode(text)


def edits(text: str, name: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, meaning) of each stretch of the text that the named encoding changes, in order."""
    return Encodings.load().named(name).edits(text)


def font_encoding(font_name: str) -> FontEncoding | None:
    """What the name of a PDF font says about its text; None where it says nothing.

    Capital fonts (`.VnTimeH`) show the small letters of their encoding as capitals.
    """
    name = _SUBSET_PREFIX.sub("", font_name)
    for encoding in Encodings.load().encodings:
        if encoding.fonts and re.search(encoding.fonts, name):
            capitals = bool(encoding.capital_fonts and re.search(encoding.capital_fonts, name))
            return FontEncoding(encoding.id, capitals)
    return None


def detect_encoding(text: str) -> tuple[str | None, float]:
    """The legacy encoding of a text and how sure that is (0 to 1); (None, share) where it is Unicode or not Vietnamese.

    The score is the share of the words with letters beyond ASCII that are Vietnamese syllables once decoded; where such
    words are few among all, the text is taken for Unicode.
    """
    everything = tally(text[:_SAMPLE_CHARACTERS])
    words = [(core, times) for word, times in everything.items() if (core := _marked(word))]
    if sum(times for _, times in words) <= everything.total() * _RARE:
        return None, 0.0
    unchanged = _syllable_share(words)
    if unchanged + _BETTER > 1.0:
        return None, unchanged
    best, best_score = None, 0.0
    for encoding in Encodings.load().encodings:
        score = _syllable_share([(encoding.decode(word), times) for word, times in words])
        if score > best_score:
            best, best_score = encoding.id, score
    if best_score >= _ENOUGH and best_score >= unchanged + _BETTER:
        return best, best_score
    return None, unchanged


@lru_cache(maxsize=1 << 15)
def _marked(word: str) -> str:
    """The word without the signs at its edges; nothing where it has no letters beyond ASCII beside others."""
    if word.isascii():
        return ""
    core = word.strip(_EDGES)
    return core if not core.isascii() and _SPELLED.search(core) else ""


def _syllable_share(words: Sequence[tuple[str, int]]) -> float:
    """The share of words, each with how often it comes, that are marked syllables; a mark inside a capital word
    (`ViÖt`) is a small letter's."""
    return sum(times for word, times in words if _is_marked_syllable(word)) / sum(times for _, times in words)


@lru_cache(maxsize=1 << 15)
def _is_marked_syllable(word: str) -> bool:
    if word.isalpha():
        return not word.isascii() and is_syllable(word)
    return not word.isascii() and all(is_syllable(part) for part in re.split(r"[-–/]", word) if part)
