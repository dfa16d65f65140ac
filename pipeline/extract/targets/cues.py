"""What speaks for and against a number being a target, by `rules/target_cues.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar, Literal

from pipeline.rulebook import Rule, RuleFile, any_of, problems_with, remembered

Where = Literal[
    "heading", "heading_start", "topic", "document", "sentence", "lead", "clause", "before", "funding", "cost",
    "earned", "after", "unit", "direct",
]  # fmt: skip


class Cue(Rule):
    """Words that add `weight` to the log-odds where they stand; `not_after` and `not_before` are words beside them that
    make them something else (`thực hiện` is not `hiện`). `#` in a word stands for a number."""

    where: Where
    weight: float
    words: tuple[str, ...]
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Label(Rule):
    """Words before a number that make it a name."""

    soft: bool
    words: tuple[str, ...]


class TargetCues(RuleFile):
    """`rules/target_cues.toml`."""

    file_name: ClassVar[str] = "target_cues.toml"

    bias: float
    cue: tuple[Cue, ...]
    label: tuple[Label, ...]

    @cached_property
    def _patterns(self) -> dict[str, tuple[tuple[Cue, re.Pattern[str]], ...]]:
        by_place: dict[str, list[tuple[Cue, re.Pattern[str]]]] = {}
        for cue in self.cue:
            pattern = _begins_with(cue) if cue.where in ("heading_start", "direct") else _pattern(cue)
            by_place.setdefault(cue.where, []).append((cue, pattern))
        return {place: tuple(cues) for place, cues in by_place.items()}

    @cached_property
    def _labels(self) -> tuple[tuple[Label, re.Pattern[str]], ...]:
        return tuple(
            (
                label,
                re.compile(
                    rf"(?<!\w){_NO_LABEL_BEHIND}(?:{any_of(label.words)})\s{{0,2}}-?\s{{0,2}}$",
                    re.IGNORECASE,
                ),
            )
            for label in self.label
        )

    @cached_property
    def _exact(self) -> dict[tuple[str, str], Cue]:
        return {(c.where, w): c for c in self.cue if c.where in ("unit", "document") for w in c.words}

    @cached_property
    def against(self) -> frozenset[str]:
        """The ids of the cues that speak against a target."""
        return frozenset(cue.id for cue in self.cue if cue.weight < 0)

    def found(self, where: Where, text: str) -> list[Cue]:
        """The cues of that place whose words stand in the text."""
        return list(self._found(where, text)) if text.strip() else []

    @remembered
    def _found(self, where: Where, text: str) -> tuple[Cue, ...]:
        return tuple(cue for cue, pattern in self._patterns.get(where, ()) if pattern.search(text))

    def places(self, where: Where, text: str) -> Iterator[tuple[Cue, list[tuple[int, int]]]]:
        """Each cue of that place with the stretches of the text where its words stand, in order."""
        for cue, pattern in self._patterns.get(where, ()):
            yield cue, [match.span() for match in pattern.finditer(text)]

    def weight(self, where: Where, text: str) -> float:
        """The sum of the weights of the cues that are found."""
        return sum(cue.weight for cue in self.found(where, text))

    def exact(self, where: Where, word: str | None) -> Cue | None:
        """The cue of a unit's kind or of a document type's code; None where no rule names it."""
        return self._exact.get((where, word or ""))

    def label_before(self, text: str, position: int) -> Label | None:
        """The label that ends at `position`."""
        return self._label_at_end(text[max(0, position - 24) : position])

    @remembered
    def _label_at_end(self, words: str) -> Label | None:
        return next((label for label, pattern in self._labels if pattern.search(words)), None)

    def check_examples(self) -> list[str]:
        """Cues are found in their examples, labels before the number of theirs."""
        return problems_with(self.cue, self._finds) + problems_with(self.label, self._is_labelled)

    def _finds(self, cue: Cue, example: str) -> bool:
        if cue.where in ("unit", "document"):
            return example in cue.words
        return cue in self.found(cue.where, example)

    def _is_labelled(self, label: Label, example: str) -> bool:
        digit = re.search(r"\d", example)
        return digit is not None and self.label_before(example, digit.start()) == label


def _begins_with(cue: Cue) -> re.Pattern[str]:
    marker = r"[\s–•+*-]{0,4}(?:\(?(?:[IVXivx]{1,6}|[\d.]{1,8}|[a-zđ])[).,:/-]{1,2}\s{0,3})?(?:về |công tác )?"
    before = rf"(?!,?\s(?:{any_of(cue.not_before)})(?!\w))" if cue.not_before else ""
    return re.compile(rf"^{marker}(?:{any_of(cue.words)})(?!\w){before}", re.IGNORECASE)


_NUMBER = r"\d{1,3}"
_NO_LABEL_BEHIND = "".join(
    rf"(?<!{word}\s)"
    for word in ("nâng", "dứt", "thời", "trọng", "xây dựng", "chỉ đạo", "làm", "thí", "chọn", "triển khai")
)
"""`nâng cấp`, `dứt điểm`, `xây dựng điểm 03 mô hình`"""


def _pattern(cue: Cue) -> re.Pattern[str]:
    after = "".join(rf"(?<!{re.escape(word)}\s)" for word in cue.not_after)
    before = rf"(?!\s(?:{any_of(cue.not_before)})(?!\w))" if cue.not_before else ""
    words = any_of(cue.words).replace(re.escape("#"), _NUMBER)
    return re.compile(rf"(?<!\w){after}(?:{words})(?!\w){before}", re.IGNORECASE)
