"""Answers that are worked out once and kept, as long as there are not too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_MOST = 100_000
_LONGEST = 32  # characters of a word whose answer is worth keeping

Answer = TypeVar("Answer")


class Remembered(dict[str, Answer]):
    """The answer for each word, worked out when it is first asked for; a dict because asking again must be cheap."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, word: str) -> Answer:
        answer = self._answer(word)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[word] = answer
        return answer
