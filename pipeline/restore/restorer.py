"""Puts words right: candidates that the damaged word supports, chosen by the language model over whole sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.models import Correction
from pipeline.restore.candidates import Offers
from pipeline.restore.choices import Choice, Ids, Lattice, ranges
from pipeline.restore.confusions import numbered, or_taken
from pipeline.restore.decode import Search
from pipeline.restore.encoding_repair import EncodingRepair
from pipeline.restore.evidence import Evidence
from pipeline.restore.finders import MOST, english_finder, native_words
from pipeline.restore.hearing import Hearing
from pipeline.restore.language_model import BOUNDARY, NUMBER, UNKNOWN, LanguageModel
from pipeline.restore.lattice import Sentences, cut_glued, sentences
from pipeline.restore.memory import Memory
from pipeline.restore.model_files import SHIPPED, ModelFiles, load_model
from pipeline.restore.neighbours import Neighbours
from pipeline.restore.proofreading import Proofreader
from pipeline.restore.remembered import Remembered
from pipeline.restore.rewriting import Change
from pipeline.restore.spacing import Spacer
from pipeline.restore.state import Looker, State, state_of
from pipeline.restore.suspects import Running, find_suspects
from pipeline.restore.syllables import bare, plain
from pipeline.restore.words import SUREST, WORD, Slot, among_capitals, in_case_of, in_case_of_letters
from pipeline.vietnamese import is_syllable, one_tone_style, strip_marks

_KEEP_COST = 3.0  # of leaving a word that no candidate explains, or that is known as it is
_SHARPER = np.float32(1.5)  # weight of an English reader's costs: single letters go wrong together less often
_TAKEN_COST = 0.5  # more for a word that was counted as taken for another: the pages counted are few
_HEARD = np.float32(0.8)  # weight of the neighbours where letters are damaged: theirs are, too
_DIGIT_COST = 7.0  # of leaving a digit inside a word of a page whose letters are damaged
_STRANGE_COST = 9.0
_USUAL_PART = -4.0  # log10 frequency that both parts of a glued word must have
_RIVALS = 5  # other candidates that the chosen one is compared with
_BARE_HEADING = re.compile(r"^[ \t]{0,40}([A-Z]{2,7}(?: [A-Z]{2,7}){3,14})[ \t]{0,8}$", re.MULTILINE)
_ROUNDS = 2  # a word changed may show that the word beside it is wrong
_REMEMBERED = np.float32(1.0)  # weight of what the document says elsewhere
_ALONE = 0.98  # sureness of a word that has no rival
_FAR_BEHIND = -6.0  # log10: whatever its rivals are, a word so far ahead is as sure as any can be
_CHOSEN_SLOPE, _CHOSEN_OFFSET = 1.3, -0.2


class _Chosen(NamedTuple):
    """Of each place of a lattice the candidate chosen, and how sure it is."""

    picks: Ids
    confidences: NDArray[np.float64]


class Restorer:
    """Holds the model and what was worked out from it; one for each process."""

    def __init__(self, files: ModelFiles) -> None:
        self.files = files
        self.model = LanguageModel(files)
        self._ids = files.ids
        keys: dict[str, list[int]] = {}
        native = native_words(files)
        for number in native:
            keys.setdefault(strip_marks(files.vocabulary[number]), []).append(number)
        self._keys = {k: self._choice(sorted(v, key=lambda i: (-files.frequencies[i], i))) for k, v in keys.items()}
        self._syllable_keys = {strip_marks(files.vocabulary[i]) for i in native if is_syllable(files.vocabulary[i])}
        self._english = english_finder(files)
        self._taken = numbered(files.confusions["english"], files.ids)
        self._hearing = Hearing(Neighbours(files.neighbours, files.vocabulary)) if files.neighbours else None
        self._proofreader = Proofreader(files, self.model, self._hearing)
        self._cut = Remembered(self._best_cut)
        self._is_spelled = Remembered(lambda word: strip_marks(word.lower()) in self._syllable_keys)
        self.spacer = Spacer(self)
        self.encoding = EncodingRepair(self.commonness)
        self._looker = Looker(self._is_spelled.__getitem__, self.is_known)
        self._damaged = Remembered(self._choice_of_damaged)
        self._stripped = Remembered(self._choice_of_stripped)
        self._fixed = {n: self._fixed_of(n) for n in (UNKNOWN, BOUNDARY, NUMBER)}

    @staticmethod
    def _choice(numbers: list[int]) -> Choice:
        numbers = numbers[:MOST]
        return Choice(np.array(numbers, dtype=np.int64), np.zeros(len(numbers), dtype=np.float32))

    def commonness(self, word: str) -> float:
        """log10 frequency of a lower-case word."""
        number = self._ids.get(word)
        return -9.0 if number is None else float(self.files.unigrams[number])

    def number(self, word: str) -> int:
        """Vocabulary number of a lower-case word, 0 where unknown."""
        return self._ids.get(word, UNKNOWN)

    def is_known(self, word: str) -> bool:
        """Whether a lower-case word is in any of the word lists."""
        return self.files.is_known(word)

    def state(self, text: str) -> State:
        """What may be done to a page."""
        return state_of(self._looker.look(text))

    def quality(self, text: str, corrections: Sequence[Correction]) -> float:
        """The share of words that are right, as far as the restorer can tell: 1 where nothing is in doubt."""
        seen = self._looker.look(text)
        if not seen.every:
            return 1.0
        doubt = sum(1 - c.confidence for c in corrections) + 0.5 * seen.strange
        return max(0.0, 1 - doubt / seen.every)

    def changes(self, texts: Sequence[str], states: Sequence[State]) -> list[list[Change]]:
        """The words to change in each page's text."""
        result: list[list[Change]] = [[] for _ in texts]
        todo = [s if state in (State.STRIPPED, State.DAMAGED) else "" for s, state in zip(texts, states, strict=True)]
        if not any(todo):
            return result
        by_page = [state is State.DAMAGED for state in states]
        found = cut_glued(
            sentences(todo, by_page), lambda page, word: self._cut[word] if states[page] is State.STRIPPED else 0
        )
        damaged = np.array(by_page, dtype=bool)[found.pages]
        lattice = self._lattice(todo, damaged, found)
        sure = self._choose(damaged, found, lattice)
        numbers = lattice.ids[lattice.starts + sure.picks]
        places = np.flatnonzero((found.kinds == WORD) & (numbers > NUMBER))
        columns = (found.pages, found.starts, found.ends, numbers, sure.confidences, damaged)
        for place, page, start, end, number, confidence, read in zip(
            places.tolist(), *(column[places].tolist() for column in columns), strict=True
        ):
            before = found.words[place]
            if read:
                after = self._in_case_of(number, before, todo[page], Slot(start, end, WORD))
            else:
                after = in_case_of_letters(self.files.vocabulary[number], before)
            if after != before:
                same = bare(after) == bare(before)
                result[page].append(Change(start, end, after, "tone" if same else "letter", confidence))
        return result

    def _choose(self, damaged: NDArray[np.bool_], found: Sentences, lattice: Lattice) -> _Chosen:
        search = Search(self.model, lattice)
        if self._hearing is None:
            picks = search.best()
        else:
            # where only marks are missing the neighbours are known before the search ends, elsewhere only after it
            alone = np.repeat(~np.logical_or.reduceat(damaged, lattice.begins), lattice.lengths)
            still_open = search.open()
            script, at = self._hearing.script(found)
            self._hearing.hear((script, at), lattice, alone & still_open)
            picks = search.best()
            script = self._hearing.chosen((script, at), lattice, ~alone, picks)
            self._hearing.hear((script, at), lattice, ~alone & still_open, _HEARD)
        return self._compared(lattice, picks, (found.kinds == WORD) & (lattice.sizes > 1))

    def _in_case_of(self, number: int, before: str, text: str, slot: Slot) -> str:
        word = self.files.vocabulary[number]
        if word == before.lower():
            return before
        doubtful = len(before) < 5 and before[0].isupper()
        return in_case_of(word, before, not doubtful or among_capitals(text, slot))

    def _compared(self, lattice: Lattice, picks: Ids, rivalled: NDArray[np.bool_]) -> _Chosen:
        """How sure each chosen word is, by how far its best rival is behind in the same place.

        A rival that is ahead after all takes its place; then the words beside it are compared again.
        """
        chosen = _Chosen(picks.copy(), np.where(rivalled, SUREST, _ALONE))
        memory = Memory(lattice.ids[lattice.starts + picks], lattice.lengths)
        sentences = np.arange(len(lattice.lengths))
        for _ in range(_ROUNDS):
            changed = self._compare(lattice, chosen, memory, sentences, rivalled)
            if not len(changed):
                break
            beside = np.zeros(len(picks), dtype=bool)
            beside[np.maximum(changed - 1, 0)] = beside[np.minimum(changed + 1, len(picks) - 1)] = True
            rivalled = rivalled & beside
            sentences = np.unique(np.searchsorted(lattice.begins, changed, side="right") - 1)
        return chosen

    def _compare(
        self, lattice: Lattice, chosen: _Chosen, memory: Memory, sentences: Ids, rivalled: NDArray[np.bool_]
    ) -> Ids:
        """Compares the words of those sentences once; the places that were changed."""
        picks = chosen.picks
        begins, lengths = lattice.begins[sentences], lattice.lengths[sentences]
        places = ranges(begins, lengths)

        def rivals(sentence: Ids, place: Ids) -> Offers:
            at = begins[sentence] + place
            most = np.minimum(lattice.sizes[at], _RIVALS + 1)
            own = np.repeat((lattice.starts + picks)[at], most)
            rows = ranges(lattice.starts[at], most)
            others = np.flatnonzero(rows != own)
            rows, own = rows[others], own[others]
            sizes = most - (picks[at] < most)
            gains = memory.gains(sentences[sentence], place, sizes, lattice.ids[rows])
            return Offers(sizes, lattice.ids[rows], lattice.costs[rows] - lattice.costs[own] - _REMEMBERED * gains)

        changed = []
        text = Running.of(lattice.ids[(lattice.starts + picks)[places]], lengths, rivalled[places])
        for finding in find_suspects(self.model, text, rivals, _FAR_BEHIND, 1e9):
            at = begins[finding.sentence] + finding.place
            chosen.confidences[at] = _chosen_sureness(-abs(finding.margin))
            if finding.margin > 0:
                ids = lattice.ids[lattice.starts[at] : lattice.starts[at] + lattice.sizes[at]]
                picks[at] = np.flatnonzero(ids == finding.number)[0]
                changed.append(at)
        return np.array(changed, dtype=np.int64)

    def bare_headings(self, text: str) -> Iterator[Change]:
        """The marks of lines in capitals of which the reader saw none: `PHO TRUONG PHONG NOI VU`."""
        for match in _BARE_HEADING.finditer(text):
            if all(self._is_spelled[word] for word in match[1].split()):
                for change in self.changes([match[1]], [State.STRIPPED])[0]:
                    start, end = match.start(1) + change.start, match.start(1) + change.end
                    yield change._replace(start=start, end=end)

    def misprints(
        self, texts: Sequence[str], evidence: Sequence[Evidence | None], least: float | None = None
    ) -> list[list[Change]]:
        """Words to change in pages that are Vietnamese already; see `Proofreader.changes`."""
        return self._proofreader.changes(texts, evidence, least)

    def _best_cut(self, word: str) -> int:
        """Where a word without marks is cut into two usual ones that were run together (`quydinh`), 0 for nowhere."""
        if not (3 < len(word) < 13 and word.isalpha() and word.islower()) or word in self._keys or self.is_known(word):
            return 0
        ways = [(min(self._usual(word[:at]), self._usual(word[at:])), at) for at in range(2, len(word) - 1)]
        best, at = max(ways, default=(-9.0, 0))
        return at if best > _USUAL_PART else 0

    def _usual(self, letters: str) -> float:
        """log10 frequency of the likeliest word with those letters without marks."""
        choice = self._keys.get(letters)
        return -9.0 if choice is None else float(self.files.unigrams[choice.ids[0]])

    def _lattice(self, texts: Sequence[str], damaged: NDArray[np.bool_], found: Sentences) -> Lattice:
        words = found.words
        # searched all at once: the finder remembers
        self._english.find([words[at] for at in np.flatnonzero(damaged & (found.kinds == WORD)).tolist()])
        choices = []
        for place, (word, read, kind) in enumerate(zip(words, damaged.tolist(), found.kinds.tolist(), strict=True)):
            if kind != WORD:
                choices.append(self._fixed[kind])
            elif not read:
                choices.append(self._stripped[word])
            elif self._is_initials(word) and not among_capitals(texts[found.pages[place]], found.slot(place)):
                choices.append(self._initials(word))
            else:
                choices.append(self._damaged[word])
        return Lattice.of(choices, found.lengths)

    def _is_initials(self, word: str) -> bool:
        """Whether a word looks like `EEC` or `HDND`."""
        return 1 < len(word) <= 6 and word.isalpha() and word.isupper() and not self._is_spelled[word]

    def _initials(self, word: str) -> Choice:
        """Initials of words elsewhere are not words: only their marks may be missing."""
        lower = plain(word)
        alike = self._keys.get(strip_marks(lower))
        number = self.number(lower)
        if alike is None or number in alike.ids:
            return alike or self._fixed_of(number)
        return Choice(np.append(alike.ids, number), np.append(alike.costs, np.float32(_KEEP_COST)))

    @staticmethod
    def _fixed_of(number: int) -> Choice:
        return Choice(np.array([number]), np.zeros(1, dtype=np.float32))

    def _choice_of_stripped(self, word: str) -> Choice:
        return self._keys.get(one_tone_style(word.lower()), self._fixed[UNKNOWN])

    def _choice_of_damaged(self, word: str) -> Choice:
        taken = self._taken.get(word)
        found = or_taken(
            self._english.find([word])[0], taken, self._english.least(word) - _TAKEN_COST if taken else 0.0
        )
        lower = one_tone_style(word.lower())
        digits = any(c.isdigit() for c in word)
        number = NUMBER if digits else self._ids.get(lower, UNKNOWN)
        costs = _SHARPER * found.costs
        if number in found.ids:
            return Choice(found.ids, costs)
        known = digits or number != UNKNOWN or lower in self.files.known
        keep = _DIGIT_COST if digits else _KEEP_COST if known else _STRANGE_COST
        return Choice(np.append(found.ids, number), np.append(costs, np.float32(keep)))


def _chosen_sureness(margin: float) -> float:
    """Fitted on held-out text; `margin` is the best rival's gain over the chosen word (log10), mostly negative."""
    return min(SUREST, float(1 / (1 + np.exp(min(50.0, _CHOSEN_SLOPE * margin - _CHOSEN_OFFSET)))))


@lru_cache(maxsize=2)
def restorer(folder: Path | None = None) -> Restorer:
    """The restorer with the model of a folder; the shipped one by default. Loaded once per process."""
    return Restorer(load_model(folder or SHIPPED))
