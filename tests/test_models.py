"""Offsets lead from the restored text to the raw text and the page, and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Alignment, Box, Edit, Line, Page, Paragraph, ParagraphRole, Piece, RestoredPage, Word


def _page(text_raw: str, words: tuple[Word, ...] = ()) -> Page:
    return Page(number=1, text_raw=text_raw, method="ocr", lines=(), words=words)


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, str, Alignment]:
    """A raw text, what became of it, and the edits between: unchanged stretches and changed ones in turn."""
    raw = text = ""
    edits: list[Edit] = []
    for kept, before, after in draw(
        st.lists(
            st.tuples(
                st.text("abc", min_size=1, max_size=5),
                st.text("xy", min_size=1, max_size=3),
                st.text("XYZ", max_size=4),
            )
        )
    ):
        raw, text = raw + kept, text + kept
        edits.append(Edit(len(raw), len(raw) + len(before), len(text), len(text) + len(after)))
        raw, text = raw + before, text + after
    return raw + "end", text + "end", Alignment(tuple(edits))


@given(edited_texts(), st.data())
def test_a_span_of_the_text_leads_to_raw_characters_that_hold_all_it_keeps(
    case: tuple[str, str, Alignment], data: st.DataObject
) -> None:
    raw, text, alignment = case
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    raw_start, raw_end = alignment.to_raw(start, end)
    assert 0 <= raw_start <= raw_end <= len(raw)
    kept = "".join(c for c in text[start:end] if c.islower())
    assert kept in "".join(c for c in raw[raw_start:raw_end] if c not in "xy")


@given(edited_texts())
def test_unchanged_stretches_lead_there_and_back(case: tuple[str, str, Alignment]) -> None:
    raw, text, alignment = case
    for position, letter in enumerate(text):
        if letter.islower():
            raw_start, raw_end = alignment.to_raw(position, position + 1)
            assert raw[raw_start:raw_end] == letter
            assert alignment.from_raw(raw_start, raw_end) == (position, position + 1)


def test_the_whole_text_leads_to_the_whole_raw_text() -> None:
    alignment = Alignment((Edit(0, 2, 0, 3), Edit(5, 6, 6, 6)))
    assert alignment.to_raw(0, 8) == (0, 8)


def test_the_box_of_a_word_is_found_through_its_correction() -> None:
    word = Word(0, 4, Box(10, 20, 40, 32), 0.6)
    page = _page("Chi thi", (word, Word(5, 8, Box(44, 20, 60, 32), 0.9)))
    restored = RestoredPage(page, "Chỉ thị", Alignment((Edit(0, 3, 0, 3), Edit(4, 7, 4, 7))))
    assert restored.box_of(0, 3) == Box(10, 20, 40, 32)
    assert restored.box_of(0, 7) == Box(10, 20, 60, 32)
    assert restored.raw_of(4, 7) == "thi"


def test_without_word_boxes_the_line_gives_the_box() -> None:
    page = Page(1, "một dòng", "ocr", (Line(0, 8, Box(1, 2, 3, 4), 1.0),))
    assert page.box_of(0, 3) == Box(1, 2, 3, 4)


def test_a_paragraph_over_a_page_break_is_located_on_its_first_page() -> None:
    paragraph = Paragraph("số 890-QĐ/TU của Tỉnh ủy", (Piece(0, 7, 100, 7), Piece(7, 8, 0, 17)), ParagraphRole.BODY)
    assert paragraph.locate(3, 12) == (7, 103, 107)
    assert paragraph.locate(7, 12) == (8, 0, 5)


def test_no_boxes_have_no_box_around_them() -> None:
    assert Box.around([]) is None
