"""Which of the candidate markers are sections, and how they nest: one decision over the whole sequence.

A beam search reads the candidates in order. Each may be rejected, or taken in one of its readings: as the next of a
level that is open, or as the first of a new level. What is unusual costs: a gap in the count, a restart, a marker in
the middle of a paragraph, a repaired numeral, a level above its usual place. The cheapest whole sequence wins, so
that a marker is understood from what follows it as much as from what stands before it. Linear in the number of
candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.segment.markers import Marker, Reading

BEAM = 12
"""States kept after each candidate."""

HOPELESS = 9.0
"""A state that costs so much more than the cheapest never wins."""

NEXT_GAP = 2.8  # 2 after which comes 4
WIDE_GAP = 4.5
REPEATED = 3.6  # the same count twice
RESTART = 2.6  # 1 again at a level that is open
ANEW = 0.3  # 1 again under the addressees of another letter
INSERTED = 0.1  # 45a after 45
BACKWARDS = 5.5
FIRST_NOT_ONE = 1.6
RUNS_ON = 0.8  # 8 under b after 7 under a
CHILD = 0.3
CHILD_NOT_ONE = 2.0
CHILD_OF_OUTER = 1.4  # a new level that closes an open one of another kind
ABOVE_OUTER = 0.4  # `Phần I` after `1.`; an A that no B has led up to is below the I before it
ABOVE_USUAL = 1.0
SAME_KIND_AS_PARENT = 4.4  # half of it with another delimiter: 1) under 1.
SAME_KIND_AS_ANCESTOR = 0.5
CONTINUES_ANCESTOR = 3.0  # b below 7 below a, where it is the next after a
OTHER_STYLE = 0.8
CLOSED_LEVEL = 0.05
ORPHAN = 1.2  # 2.1 where no 2 is open
ARTICLE_BELOW = 3.0  # `Điều 3` under `2.`
ARTICLE_CLOSED = 2.5  # `I.` beside `Điều 1`: what follows an article belongs to it, up to the next
ARTICLE_CLOSED_BY_HEADING = 1.0  # `I. DANH MỤC` under the last article: what the document brings along
ROMAN_IN_ARTICLE = 1.5  # an article counts 1, 2, 3: `I.` is a damaged 1 there
ROMAN_AFTER_CLAUSES = 1.0  # its clauses are numbered otherwise
ABOVE_ARTICLES = {"part", "chapter", "division", "article"}
HEADS_ANNEXES = {"capital_letter", "roman"}
RUNNING_KINDS = {"article", "decimal", "decimal_parenthesis", "parentheses"}
UNFRESH = 3.0
REJECTED = 3.0
REJECTED_STRONG = 2.0
REJECTED_DAMAGED = 0.2
REPAIRED_HEADING = 0.6  # taken off where a repaired Roman numeral heads a line in capitals
REJECTED_HEADING = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may begin a section."""

    line: int
    marker: Marker
    freshness: float  # how sure a paragraph begins here
    heading: bool = False  # the text after the marker is in capitals or bold
    announced: bool = False  # the text before ends with a colon
    anew: bool = False  # addressees stand between the candidate before and this one


@dataclass(frozen=True, slots=True)
class Accepted:
    """A candidate taken as a section. `parent` is an index in the list of accepted ones."""

    candidate: Candidate
    reading: Reading
    parent: int | None
    cost: float


@dataclass(frozen=True, slots=True)
class _Frame:
    kind: str
    rank: int
    style: str
    numbers: tuple[int, ...]
    candidate: int


@dataclass(frozen=True, slots=True)
class _Link:
    before: _Link | None
    candidate: int
    reading: Reading
    parent: int | None
    cost: float


@dataclass(frozen=True, slots=True)
class _State:
    cost: float
    frames: tuple[_Frame, ...]
    counts: tuple[tuple[str, int], ...]  # the last count of each kind, wherever it stood
    last: _Link | None


def sections_of(candidates: Sequence[Candidate]) -> list[Accepted]:
    """The candidates that are sections, in order."""
    states = [_State(0.0, (), (), None)]
    for index, candidate in enumerate(candidates):
        states = _pruned([move for state in states for move in _moves(state, candidate)], index)
    return _history(states[0].last, candidates)


class _Move(NamedTuple):
    """One thing to do with a candidate: reject it (no reading), or take it below the first `depth` frames."""

    total: float
    state: _State
    reading: Reading | None
    depth: int
    cost: float


def _moves(state: _State, candidate: Candidate) -> list[_Move]:
    fresh = candidate.freshness
    rejected = REJECTED * fresh
    if all(not r.numbers for r in candidate.marker.readings):
        rejected = REJECTED_DAMAGED
    elif any(r.strong for r in candidate.marker.readings):
        rejected += REJECTED_STRONG
    elif candidate.heading:
        rejected += REJECTED_HEADING * fresh
    found = [_Move(state.cost + rejected, state, None, 0, rejected)]
    for reading in candidate.marker.readings:
        base = UNFRESH * (1.0 - fresh) * (0.5 if reading.strong else 1.0) + reading.cost
        if reading.repaired and candidate.heading and reading.kind == "roman":
            base -= REPAIRED_HEADING
        if not reading.numbers:
            found += _fill(state, reading, base)
        elif len(reading.numbers) > 1:
            found += _dotted(state, reading, base)
        else:
            found += _siblings(state, candidate, reading, base)
            found += _children(state, candidate, reading, base)
    return found


def _take(state: _State, reading: Reading, depth: int, cost: float) -> _Move:
    return _Move(state.cost + cost, state, reading, depth, cost)


def _made(move: _Move, index: int) -> _State:
    """The state that a move leads to."""
    state, reading, depth = move.state, move.reading, move.depth
    if reading is None:
        return _State(move.total, state.frames, state.counts, state.last)
    frame = _Frame(reading.kind, reading.rank, reading.style, reading.numbers, index)
    counts = (*(c for c in state.counts if c[0] != reading.kind), (reading.kind, reading.numbers[-1]))
    parent = state.frames[depth - 1].candidate if depth else None
    link = _Link(state.last, index, reading, parent, move.cost)
    return _State(move.total, (*state.frames[:depth], frame), tuple(sorted(counts)), link)


def _siblings(state: _State, candidate: Candidate, reading: Reading, base: float) -> list[_Move]:
    found = []
    number = reading.numbers[0]
    inserted = reading.label[:1].isdigit() and reading.label[-1:].isalpha()
    for depth in range(len(state.frames) - 1, -1, -1):
        frame = state.frames[depth]
        if frame.kind != reading.kind or len(frame.numbers) > 1:
            continue
        step = _step(number - frame.numbers[0], number)
        if inserted and number == frame.numbers[0]:
            step = INSERTED
        elif candidate.anew and number == 1:
            step = ANEW
        cost = base + CLOSED_LEVEL * (len(state.frames) - 1 - depth) + step
        if frame.style != reading.style:
            cost += OTHER_STYLE
        found.append(_take(state, reading, depth, cost))
    return found


def _step(difference: int, number: int) -> float:
    if difference == 1:
        return 0.0
    if difference == 2:
        return NEXT_GAP
    if difference > 2:
        return WIDE_GAP + min(difference, 10) * 0.1
    if difference == 0:
        return REPEATED if number > 1 else RESTART
    return RESTART if number == 1 else BACKWARDS


def _children(state: _State, candidate: Candidate, reading: Reading, base: float) -> list[_Move]:
    found = []
    number = reading.numbers[0]
    running = dict(state.counts).get(reading.kind)
    same = [at for at, frame in enumerate(state.frames) if frame.kind == reading.kind]
    first = same[0] if same else len(state.frames)
    leading = next((at for at in same if state.frames[at].numbers[-1] + 1 == number), len(state.frames))
    articles = [at for at, frame in enumerate(state.frames) if frame.kind == "article"]
    first_article, last_article = (articles[0], articles[-1]) if articles else (len(state.frames), -1)
    last_clause = max((at for at, frame in enumerate(state.frames) if frame.kind == "decimal"), default=-1)
    for depth in range(len(state.frames), -1, -1):
        cost = base + CHILD
        runs_on = number != 1 and running is not None and number == running + 1 and reading.kind in RUNNING_KINDS
        if number != 1:
            if runs_on:
                cost += 0.0 if reading.runs_on else RUNS_ON
            else:
                begun = depth or running is not None
                cost += CHILD_NOT_ONE + min(number, 10) * 0.1 if begun else FIRST_NOT_ONE
        if depth < len(state.frames):
            closed = state.frames[depth]
            if closed.kind == reading.kind:
                continue  # that is a sibling
            lettered = depth == 0 and reading.kind == "capital_letter"
            cost += CHILD_OF_OUTER if closed.rank <= reading.rank or lettered else ABOVE_OUTER
            if reading.kind not in ABOVE_ARTICLES and last_article >= depth:
                brought_along = candidate.heading and reading.kind in HEADS_ANNEXES
                cost += ARTICLE_CLOSED_BY_HEADING if brought_along else ARTICLE_CLOSED
        if leading < depth:
            cost += CONTINUES_ANCESTOR
        if depth:
            parent = state.frames[depth - 1]
            if parent.kind == reading.kind:
                cost += SAME_KIND_AS_PARENT if parent.style == reading.style else SAME_KIND_AS_PARENT / 2
            elif not runs_on and first < depth:
                cost += SAME_KIND_AS_ANCESTOR
            if (
                reading.kind == "roman"
                and first_article < depth
                and not (parent.kind != "article" and candidate.announced)
            ):
                cost += ROMAN_IN_ARTICLE
                if last_clause >= depth:
                    cost += ROMAN_AFTER_CLAUSES
            if reading.kind == "article" and parent.rank > reading.rank:
                cost += ARTICLE_BELOW
            if parent.rank > reading.rank and not runs_on:
                cost += ABOVE_USUAL
            if candidate.announced and number == 1 and depth == len(state.frames):
                cost -= 0.25
        found.append(_take(state, reading, depth, cost))
    return found


def _dotted(state: _State, reading: Reading, base: float) -> list[_Move]:
    """`3.1` belongs under 3, or beside another 3.x; else it is an orphan of its level."""
    found = []
    numbers = reading.numbers
    prefix, number = numbers[:-1], numbers[-1]
    for depth in range(len(state.frames) - 1, -1, -1):
        frame = state.frames[depth]
        if frame.kind != reading.kind:
            continue
        if frame.numbers == prefix:
            cost = base + CHILD + (0.0 if number == 1 else _gap_from_one(number))
            found.append(_take(state, reading, depth + 1, cost))
        elif len(frame.numbers) == len(numbers) and frame.numbers[:-1] == prefix:
            cost = base + CLOSED_LEVEL * (len(state.frames) - 1 - depth) + _step(number - frame.numbers[-1], number)
            found.append(_take(state, reading, depth, cost))
        elif len(frame.numbers) == len(numbers) and _is_orphan(state, depth):
            step = frame.numbers[-2] + 1 == numbers[-2] and number == 1
            found.append(_take(state, reading, depth, base + (0.3 if step else WIDE_GAP)))
    outer = [d for d in range(len(state.frames) + 1) if d == 0 or state.frames[d - 1].kind != reading.kind]
    for depth in outer[-2:]:
        above = state.frames[depth - 1].numbers[-1] if depth else None
        cost = base + (0.3 if above == prefix[0] else ORPHAN) + (0.0 if number == 1 else _gap_from_one(number))
        if depth < len(state.frames):
            cost += CHILD_OF_OUTER
        found.append(_take(state, reading, depth, cost))
    return found


def _gap_from_one(number: int) -> float:
    return NEXT_GAP if number == 2 else WIDE_GAP


def _is_orphan(state: _State, depth: int) -> bool:
    """Whether the dotted frame at a depth stands under no plain one of its kind."""
    return depth == 0 or state.frames[depth - 1].kind != state.frames[depth].kind


def _fill(state: _State, reading: Reading, base: float) -> list[_Move]:
    """A damaged marker can only be the next of an open level."""
    found = []
    for depth in range(len(state.frames) - 1, -1, -1):
        frame = state.frames[depth]
        if reading.style[:1] != frame.style[:1]:
            continue
        numbers = (*frame.numbers[:-1], frame.numbers[-1] + 1)
        like = Reading(
            frame.kind, frame.rank, frame.style, numbers, "", reading.cost, reading.rule, repaired=True
        )  # fmt: skip
        cost = base + CLOSED_LEVEL * (len(state.frames) - 1 - depth)
        found.append(_take(state, like, depth, cost))
    return found


def _pruned(moves: list[_Move], index: int) -> list[_State]:
    """The cheapest states; of those that lead to the same future only the cheapest."""
    moves.sort(key=_total)
    seen = set()
    kept: list[_State] = []
    for move in moves:
        if move.total > moves[0].total + HOPELESS:
            break
        state = _made(move, index)
        key = (tuple((f.kind, f.numbers) for f in state.frames), state.counts)
        if key in seen:
            continue
        seen.add(key)
        kept.append(state)
        if len(kept) == BEAM:
            break
    return kept


def _total(move: _Move) -> float:
    return move.total


def _history(link: _Link | None, candidates: Sequence[Candidate]) -> list[Accepted]:
    links: list[_Link] = []
    while link is not None:
        links.append(link)
        link = link.before
    links.reverse()
    position = {taken.candidate: at for at, taken in enumerate(links)}
    return [
        Accepted(candidates[taken.candidate], taken.reading, position.get(taken.parent)
                 if taken.parent is not None else None, taken.cost)
        for taken in links
    ]  # fmt: skip
