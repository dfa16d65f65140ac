"""The clause that holds the task of a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.extract.deadlines.parts import LEFT, RIGHT, Limit, clause_start
from pipeline.extract.directives.instructions import begin_of
from pipeline.extract.stretches import nearer, sentence_at


def with_clauses(text: str, spans: list[tuple[int, int]], limits: list[Limit]) -> Iterator[Limit]:
    """Each limit with the clause that holds its task; two limits share none of it."""
    for number, limit in enumerate(limits):
        sentence = sentence_at(spans, limit.start)
        low, high = limit.low, limit.high
        left = max(clause_start(text, sentence[0], low), sentence[0])
        far = max(high, min(sentence[1], high + 2 * RIGHT))
        right = text.find(";", high, far)
        right = far if right < 0 else right
        if number and limits[number - 1].high > left:
            left = min(_between(text, limits[number - 1], limit), low)
        if number + 1 < len(limits) and limits[number + 1].low < right:
            right = max(_between(text, limit, limits[number + 1]), high)
        left = nearer(text, left, low, LEFT, from_left=True)
        right = nearer(text, high, right, RIGHT, from_left=False)
        begin = begin_of(text, left, low) if left == sentence[0] else left
        start = begin + len(text[begin:right]) - len(text[begin:right].lstrip(" ,;:.-–+*•\n"))
        end = max(high, start + len(text[start:right].rstrip(" ,;:./\n")))
        yield replace(limit, quote_start=min(start, low), quote_end=end)


def _between(text: str, first: Limit, second: Limit) -> int:
    """Where the clause of one limit ends and that of the next begins: at the comma right behind the first, whose task
    then stands before it, else at the last one between them."""
    if text[first.high : first.high + 2].lstrip()[:1] == ",":
        return first.high
    comma = text.rfind(", ", first.high, max(first.high, second.low))
    return comma if comma >= 0 else first.high
