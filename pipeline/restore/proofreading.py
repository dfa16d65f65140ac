"""Misprints and misreadings in text that is Vietnamese already: what else each doubtful word may be, at what cost.

A typed word is changed only on strong evidence; one that a machine read, the sooner the less sure the reader was.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from pipeline.restore.candidates import Found, Offers
from pipeline.restore.choices import Floats, Ids, begins_of, ranges
from pipeline.restore.confusions import numbered, or_taken
from pipeline.restore.evidence import Evidence, Seen
from pipeline.restore.finders import VIETNAMESE, vietnamese_finder
from pipeline.restore.hearing import Hearing
from pipeline.restore.language_model import NUMBER, UNKNOWN, LanguageModel
from pipeline.restore.lattice import Sentences, sentences
from pipeline.restore.letter_sizes import mend_sizes
from pipeline.restore.memory import Memory
from pipeline.restore.misprints import Misprints
from pipeline.restore.model_files import ModelFiles
from pipeline.restore.remembered import Remembered
from pipeline.restore.rewriting import Change
from pipeline.restore.suspects import Finding, Place, Readings, Running, find_pairs, find_suspects
from pipeline.restore.syllables import plain, split_tone
from pipeline.restore.words import SUREST, WORD, Slot, among_capitals, in_case_of
from pipeline.vietnamese import is_syllable, strip_marks

_LEAST = 1.5  # log10 by which another reading must be likelier to be taken
_LEAST_OF_TWO = 1.1  # more for two words side by side
_CAPITAL_COST = 2.0  # natural logarithms: more for a word with a capital inside a sentence: it may be a name
_BEFORE_NAMES = ("tỉnh", "phố", "quận", "huyện", "phường", "xã", "trấn", "ông", "bà")  # of one or two words
_FOREIGN_COST = 2.0  # more for a known word in ASCII letters that is no syllable
# More for a usual word with no word of its sentence before it, behind it, as at the beginning of a cell of a table or
# between figures. What a word or two say of a third is thin evidence against one that is read often.
_NONE_BEFORE_COST, _NONE_BEHIND_COST = 5.2, 3.6
_USUAL = -4.5  # log10 frequency
# More for a word that differs in two letters or more from the one read, if that is a word, too: `thi` for `thao`. A
# reader mistakes a letter, seldom a word.
_OTHER_LETTERS_COST = 8.0
_FAR_FETCHED = 8.0  # cost of the damage above which it does not count that a reading comes elsewhere in the document
_ROUNDS = 3  # a word put right may show that its neighbour is wrong
_HEARD = np.float32(1.3)  # weight of the neighbours where a machine has read the page

_SIGNS = ".,;:!?\"'()[]-–—“”"


class _Standing(NamedTuple):
    """The word that stands in a place."""

    number: int  # in the vocabulary
    inside: bool  # does not begin its sentence
    behind_title: bool  # or place's kind, one or two words before: a name in capitals
    thin: float  # cost of changing it for want of neighbours


class _Text(NamedTuple):
    """The words of all pages as they stand so far, by place; `open` and `doubtful` as in `Place`."""

    found: Sentences
    numbers: Ids
    open: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]

    def running(self, todo: Ids) -> Running:
        """The sentences of `todo`."""
        lengths = self.found.lengths[todo]
        rows = ranges(self.found.begins[todo], lengths)
        return Running.of(self.numbers[rows], lengths, self.open[rows], self.doubtful[rows])

    def take(self, findings: Sequence[Finding], todo: Ids, changed: dict[int, Finding]) -> Ids:
        """Puts what was found in the sentences of `todo` into their places; which sentences those are."""
        sentence = todo[np.array([finding.sentence for finding in findings], dtype=np.int64)]
        places = self.found.begins[sentence] + np.array([finding.place for finding in findings], dtype=np.int64)
        changed.update(zip(places.tolist(), findings, strict=True))
        self.numbers[places] = [finding.number for finding in findings]
        self.open[places] = self.doubtful[places] = False
        return np.unique(sentence)


class Proofreader:
    """Finds the words to change; holds what it has worked out so far."""

    def __init__(self, files: ModelFiles, model: LanguageModel, hearing: Hearing | None) -> None:
        self._files = files
        self._model = model
        self._hearing = hearing
        self._spelled = {strip_marks(w) for w in files.vocabulary if is_syllable(w)}
        # two words with the same number here are alike but for `i` and `y`, which are a matter of style (`quy`, `qui`)
        styles: dict[str, int] = {}
        self._style = np.array([styles.setdefault(w.replace("y", "i"), len(styles)) for w in files.vocabulary])
        self._before_names = np.zeros(len(files.vocabulary), dtype=bool)
        self._before_names[list({self._number(word) for word in _BEFORE_NAMES} - {UNKNOWN})] = True
        self._finder = vietnamese_finder(files)
        self._typed = Misprints(files, self._finder)
        self._taken = numbered(files.confusions["vietnamese"], files.ids)
        flags = (False, True)
        self._places = {
            key: Remembered(partial(self._place_of_word, inside=key[0], ocr=key[1], heading=key[2]))
            for key in product(flags, flags, flags)
        }
        self._misread = Remembered(self._misread_otherwise)

    def _number(self, word: str) -> int:
        return self._files.ids.get(word, UNKNOWN)

    def changes(
        self, texts: Sequence[str], evidence: Sequence[Evidence | None], least: float | None = None
    ) -> list[list[Change]]:
        """Words to change in pages that are Vietnamese already; empty texts are passed over.

        `evidence` is what the reader saw of each page, None for a page that no machine read.
        """
        result: list[list[Change]] = [[] for _ in texts]
        read = [seen is not None for seen in evidence]
        text = self._text(texts, sentences(texts, [False] * len(texts)), read)
        found = text.found
        changed: dict[int, Finding] = {}
        every = todo = np.arange(len(found.lengths))
        more = _LEAST if least is None else least
        for _ in range(_ROUNDS):
            readings = self._readings(texts, evidence, text, todo)
            findings = find_suspects(self._model, text.running(todo), readings, more)
            todo = text.take(findings, todo, changed)
            if not len(todo):
                break
        if any(read):
            readings = self._readings(texts, evidence, text, every)
            text.take(find_pairs(self._model, text.running(every), readings, more + _LEAST_OF_TWO), every, changed)
        for place, finding in changed.items():
            page, slot, before = int(found.pages[place]), found.slot(place), found.words[place]
            after = in_case_of(self._files.vocabulary[finding.number], before)
            if 1 < len(before) <= 4 and before.isupper() and not _beside_capitals(texts[page], slot):
                after = after.lower()
            if read[page] and _lost_its_capital(texts[page], slot, after):
                after = after.capitalize()
            if after != before:
                same = strip_marks(after.lower()) == strip_marks(before.lower())
                change = Change(slot.start, slot.end, after, "tone" if same else "letter", _sureness(finding.margin))
                result[page].append(change)
        if self._files.neighbours and any(read):
            usual = self._files.neighbours.usual_case
            for page, change in mend_sizes(texts, found, evidence, self._number, usual):
                result[page].append(change)
        return result

    def _readings(self, texts: Sequence[str], evidence: Sequence[Evidence | None], text: _Text, todo: Ids) -> Readings:
        """What else words may be, asked for by their places in the sentences of `todo`."""
        found = text.found
        memory = Memory(text.numbers, found.lengths) if any(evidence) else None
        read = np.array([seen is not None for seen in evidence], dtype=bool)

        def readings(sentence: Ids, place: Ids) -> Offers:
            sentence = todo[sentence]
            at = found.begins[sentence] + place
            offers = Offers.joined(self._other_readings(text, sentence, place, at, evidence))
            if self._hearing and memory:
                chosen = np.flatnonzero(read[found.pages[at]] & (offers.sizes > 0))
                rows = ranges(begins_of(offers.sizes)[chosen], offers.sizes[chosen])
                some = Offers(offers.sizes[chosen], offers.ids[rows], offers.costs[rows])
                where = sentence[chosen], place[chosen]
                said = self._hearing.weigh(found, text.numbers, where, some)
                gains = self._remembered(memory, text.numbers[at[chosen]], where, some)
                offers.costs[rows] = some.costs + _HEARD * said - gains
            return offers

        return readings

    def _standing(self, text: _Text, sentence: Ids, place: Ids, at: Ids) -> list[_Standing]:
        """Of the words in those places of those sentences; `at` are the same among all places."""
        number = text.numbers[at]
        last = place + 1 == text.found.lengths[sentence]
        before = np.where(place > 0, text.numbers[at - 1], UNKNOWN)
        behind = np.where(last, UNKNOWN, text.numbers[np.minimum(at + 1, len(text.numbers) - 1)])
        usual = (number > NUMBER) & (self._files.frequencies[number] > _USUAL)
        thin = _NONE_BEFORE_COST * (usual & (before <= NUMBER)) + _NONE_BEHIND_COST * (usual & (behind <= NUMBER))
        named = self._before_names[before] | ((place > 1) & self._before_names[text.numbers[at - 2]])
        return list(map(_Standing, number.tolist(), (place > 0).tolist(), named.tolist(), thin.tolist()))

    def _text(self, texts: Sequence[str], found: Sentences, read: Sequence[bool]) -> _Text:
        """The words as they came; `read` tells which pages a machine read."""
        places = list(map(self._places[True, False, False].__getitem__, found.words))
        firsts = frozenset(found.begins.tolist())
        by_machine = np.flatnonzero(np.array(read, dtype=bool)[found.pages]).tolist() if any(read) else []
        for at in firsts.union(by_machine):
            if word := found.words[at]:
                page = int(found.pages[at])
                heading = read[page] and word.isupper() and among_capitals(texts[page], found.slot(at))
                places[at] = self._places[at not in firsts, read[page], heading][word]
        numbers = np.fromiter(map(itemgetter(0), places), np.int64, len(places))
        may_change, doubtful = (np.fromiter(map(itemgetter(flag), places), np.bool_, len(places)) for flag in (1, 2))
        return _Text(found, np.where(found.kinds == WORD, numbers, found.kinds), may_change, doubtful)

    def _place_of_word(self, word: str, inside: bool, ocr: bool, heading: bool) -> Place:
        """`inside`: the word does not begin its sentence; `heading`: it stands among others in capitals."""
        number = self._number(plain(word))
        if (len(word) < 2 and (word.isascii() or word.isupper())) or not VIETNAMESE.fullmatch(word.lower()):
            return Place(number, False)
        if any(c.isupper() for c in word[1:]) and not word.isupper():
            return Place(number, False)
        initials = len(word) <= 4 and not heading and not (ocr and split_tone(word)[1])  # which have no tones
        if word.isupper() and (initials or strip_marks(word.lower()) not in self._spelled):
            return Place(number, False)
        if word[0].isupper() and inside and not word.isupper() and not ocr:
            return Place(number, False)
        return Place(number, number != UNKNOWN or not self._files.is_known(plain(word)), ocr)

    def _other_readings(
        self, text: _Text, sentence: Ids, place: Ids, at: Ids, evidence: Sequence[Evidence | None]
    ) -> list[Found]:
        """What words may have been before a misprint, and the cost of it against no misprint."""
        words = [text.found.words[index] for index in at.tolist()]
        pages = [evidence[page] for page in text.found.pages[at].tolist()]
        if not any(pages):
            return self._typed.of([word.lower() for word in words])
        typed = iter(self._typed.of([word.lower() for word, seen in zip(words, pages, strict=True) if seen is None]))
        read = {word.lower() for word, seen in zip(words, pages, strict=True) if seen is not None}
        self._finder.find(sorted(read - self._misread.keys()))  # searched all at once: the finder remembers
        slots, standing = map(text.found.slot, at.tolist()), self._standing(text, sentence, place, at)
        return [
            next(typed) if seen is None else self._read_otherwise(word, stands, seen.at(slot.start, slot.end))
            for word, seen, stands, slot in zip(words, pages, standing, slots, strict=True)
        ]

    def _remembered(self, memory: Memory, standing: Ids, at: tuple[Ids, Ids], offers: Offers) -> Floats:
        """What the rest of the document says for readings of those places (sentences, and words of them), in which
        those words stand."""
        sentence, place = at
        other_style = self._style[offers.ids] != self._style[np.repeat(standing, offers.sizes)]
        gains = memory.gains(sentence, place, offers.sizes, offers.ids)
        return np.where(other_style & (offers.costs < _FAR_FETCHED), gains, np.float32(0))

    def _misread_otherwise(self, word: str) -> Found:
        """The same for a word in lower case that a machine read, without what is known of its place."""
        offer, number = self._finder.find([word])[0], self._number(plain(word))
        taken = self._taken.get(plain(word))
        itself = float(taken.costs[taken.numbers == number].sum()) if taken else 0.0
        costs = np.maximum(_against(offer, number), 0.0)
        if number != UNKNOWN:
            costs += _OTHER_LETTERS_COST * self._have_other_letters(word, offer.ids)
        return _without(number, or_taken(Found(offer.ids, costs), taken, itself))

    def _have_other_letters(self, word: str, others: Ids) -> NDArray[np.bool_]:
        """Whether other words, marks set aside, differ from a word in more than one letter."""
        letters = strip_marks(word)
        spelled = (strip_marks(self._files.vocabulary[number]) for number in others.tolist())
        return np.array([Levenshtein.distance(letters, other) > 1 for other in spelled], dtype=np.bool_)

    def _read_otherwise(self, word: str, stands: _Standing, seen: Seen) -> Found:
        number = stands.number
        may_be_name = stands.inside and word[0].isupper() and (stands.behind_title or not word.isupper())
        foreign = number != UNKNOWN and word.isascii() and not is_syllable(word)
        more = (_CAPITAL_COST if may_be_name else 0.0) + (_FOREIGN_COST if foreign else 0.0) + stands.thin
        cost = np.float32(seen.cost + more)
        ids, costs = self._misread[word.lower()]
        costs = costs + cost
        for other in seen.alternatives:
            if (known := self._number(plain(other.strip(_SIGNS)))) and known != number:
                ids, costs = np.append(ids, known), np.append(costs, cost).astype(np.float32)
        return Found(ids, costs)


def _lost_its_capital(text: str, slot: Slot, after: str) -> bool:
    """Whether the first letter of a word was lost at the beginning of a line of names: `guyễn Văn Bình`."""
    before, behind = text[slot.start : slot.end], text[slot.end : slot.end + 2]
    begins = not slot.start or text[slot.start - 1] == "\n"
    lost = len(after) == len(before) + 1 and strip_marks(after).endswith(strip_marks(before))
    return begins and lost and behind[:1] == " " and behind[1:].isupper()


def _beside_capitals(text: str, slot: Slot) -> bool:
    """Whether the word before or behind is in capitals."""
    before, behind = text[max(0, slot.start - 24) : slot.start].split()[-1:], text[slot.end : slot.end + 24].split()[:1]
    return among_capitals(text, slot) or any(len(word) > 1 and word.isupper() for word in (*before, *behind))


def _against(offer: Found, number: int) -> NDArray[np.float32]:
    """The costs of the candidates against that of the word as it stands."""
    own = offer.costs[offer.ids == number]
    return offer.costs - own[0] if len(own) else offer.costs


def _without(number: int, offer: Found) -> Found:
    others = offer.ids != number
    return Found(offer.ids[others], offer.costs[others])


def _sureness(margin: float) -> float:
    return min(SUREST, float(1 / (1 + np.exp(-0.8 * margin))))
