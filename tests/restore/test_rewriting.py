"""The way back from restored text to the characters as read is exact, whatever the changes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Alignment
from pipeline.restore.rewriting import Change, Rewriting

_TEXT = st.text(alphabet="ab đế\n12.", max_size=30)
_STEP = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4), st.text(alphabet="xy ộ", max_size=4)), max_size=5)


def _changes(step: list[tuple[int, int, str]], length: int) -> list[Change]:
    return [Change(min(start, length), min(start + size, length), after, "tone", 0.9) for start, size, after in step]


def _rebuilt(raw: str, text: str, alignment: Alignment) -> str:
    pieces, at = [], 0
    for edit in alignment.edits:
        pieces += raw[at : edit.raw_start], text[edit.start : edit.end]
        at = edit.raw_end
    return "".join([*pieces, raw[at:]])


@given(_TEXT, st.lists(_STEP, max_size=4))
def test_edits_lead_from_raw_to_text(raw: str, steps: list[list[tuple[int, int, str]]]) -> None:
    rewriting = Rewriting(raw)
    for step in steps:
        rewriting.apply(_changes(step, len(rewriting.text)))
    text, alignment, corrections = rewriting.finished()
    assert _rebuilt(raw, text, alignment) == text
    assert [(c.start, c.end) for c in corrections] == [(e.start, e.end) for e in alignment.edits]
    for edit, correction in zip(alignment.edits, corrections, strict=True):
        assert correction.before == raw[edit.raw_start : edit.raw_end] != correction.after
        assert correction.after == text[edit.start : edit.end]


@given(_TEXT, st.lists(_STEP, max_size=3))
def test_edits_are_in_order_and_apart(raw: str, steps: list[list[tuple[int, int, str]]]) -> None:
    rewriting = Rewriting(raw)
    for step in steps:
        rewriting.apply(_changes(step, len(rewriting.text)))
    edits = rewriting.finished()[1].edits
    for before, after in pairwise(edits):
        assert before.raw_end <= after.raw_start
        assert before.end <= after.start


def test_a_span_goes_there_and_back() -> None:
    rewriting = Rewriting("UBND xatren co so")
    rewriting.apply([Change(5, 11, "xã trên", "spacing", 0.9), Change(12, 14, "cơ", "tone", 0.8)])
    text, alignment, _ = rewriting.finished()
    assert text == "UBND xã trên cơ so"
    assert alignment.to_raw(5, 12) == (5, 11)
    assert alignment.from_raw(15, 17) == (16, 18)
    assert alignment.to_raw(16, 18) == (15, 17)


def test_changes_of_one_word_become_one_correction() -> None:
    rewriting = Rewriting("CHƢƠNG TRINH")
    rewriting.apply([Change(2, 3, "Ư", "encoding", 1.0)])
    rewriting.apply([Change(7, 12, "TRÌNH", "tone", 0.9)])
    _, _, corrections = rewriting.finished()
    assert [(c.before, c.after, c.kind) for c in corrections] == [
        ("CHƢƠNG", "CHƯƠNG", "encoding"),
        ("TRINH", "TRÌNH", "tone"),
    ]


def test_what_changes_back_is_no_correction() -> None:
    rewriting = Rewriting("bo")
    rewriting.apply([Change(0, 2, "bộ", "tone", 0.9)])
    rewriting.apply([Change(0, 2, "bo", "tone", 0.9)])
    assert rewriting.finished() == ("bo", Alignment(()), ())
