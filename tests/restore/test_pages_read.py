"""What the benchmark of restoration counts on pages that a machine has read."""

from __future__ import annotations

import pytest

from benchmarks.pages_read import mendable_errors, without_stamps
from pipeline.models import Line, LineRole, Page, Word


@pytest.mark.parametrize(
    ("read", "meant", "errors"),
    [
        ("các tô chức", "các tổ chức", 1),
        ("cáctổ chức", "các tổ chức", 2),
        ("các tổ chức;", "các tổ chức,", 0),  # signs
        ("số 12 năm", "số 13 năm", 0),  # figures
        ("các chức", "các tổ chức", 0),  # nothing was read
        ("TẬP giah EM các", "các", 0),  # a stamp
    ],
)
def test_what_text_can_mend(read: str, meant: str, errors: int) -> None:
    assert mendable_errors(read.split(), meant.split()) == errors


def test_lines_of_stamps_are_left_out() -> None:
    lines = (Line(0, 3, None, 1.0, LineRole.STAMP), Line(4, 11, None, 1.0, LineRole.BODY))
    words = (Word(0, 3, None, 0.2), Word(4, 7, None, 0.9), Word(8, 11, None, 0.9))
    page = without_stamps(Page(1, "ĐẾN\nCăn cứ.", "ocr", lines, words))
    assert page.text_raw == "Căn cứ."
    assert [page.text_raw[w.start : w.end] for w in page.words] == ["Căn", "cứ."]
    assert (page.lines[0].start, page.lines[0].end) == (0, 7)
