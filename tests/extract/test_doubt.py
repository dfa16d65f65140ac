"""Numbers that were hardly read, or cannot be what they seem, are no sure rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import extract
from pipeline.models import Document, Word
from tests.extract.plans import plan

SENTENCE = "Phấn đấu tỷ lệ hộ dùng nước sạch đạt 85% trở lên."


def read_as(confidence: float, alternatives: tuple[tuple[str, float], ...] = (), beside: float = 0.97) -> Document:
    """The sentence as read by OCR, its number and the word before it as surely as told."""
    document = plan(("Chỉ tiêu", [SENTENCE]))
    page = document.pages[0]
    at = page.text.index("85%")
    words = (
        Word(at - 4, at - 1, None, beside),
        Word(at, at + 3, None, confidence, alternatives),
        Word(at + 4, at + 7, None, 0.97),
    )
    return replace(document, pages=(replace(page, page=replace(page.page, words=words)),))


def confidences(document: Document) -> tuple[float, float]:
    """Those of the only target and the only percentage."""
    extraction = extract(document)
    (target,), (percentage,) = extraction.targets, extraction.percentages
    return target.evidence.confidence, percentage.evidence.confidence


def test_a_surely_read_number_costs_nothing() -> None:
    assert confidences(read_as(0.96)) == confidences(plan(("Chỉ tiêu", [SENTENCE])))


@pytest.mark.parametrize("document", [read_as(0.4), read_as(0.95, (("86%", 0.9),))], ids=["faint", "two readings"])
def test_a_number_that_may_be_another_is_doubted(document: Document) -> None:
    assert max(confidences(document)) < 0.5


def test_less_sure_is_less_confident() -> None:
    assert 0.5 < confidences(read_as(0.7))[0] < confidences(read_as(0.85))[0] < confidences(read_as(0.95))[0]


def test_damage_beside_a_number_lowers_it() -> None:
    assert confidences(read_as(0.95, beside=0.3))[0] < 0.8


@pytest.mark.parametrize(
    ("sentence", "possible"),
    [
        ("Tỷ lệ gia đình văn hóa đạt 919%.", False),
        ("Tỷ suất tử vong trẻ em còn 1500‰.", False),
        ("Tổng sản lượng đạt 120% kế hoạch.", True),
        ("Thu ngân sách tăng 115%.", True),
        ("Tỷ lệ gia đình văn hóa đạt 100%.", True),
    ],
)
def test_a_share_of_more_than_the_whole_is_doubted(sentence: str, possible: bool) -> None:
    found = extract(plan(("Chỉ tiêu phấn đấu", [sentence])))
    rows = [*found.targets, *found.percentages]
    assert found.percentages
    assert all((row.evidence.confidence > 0.3) == possible for row in rows)


def limited(words_of_time: str, confidence: float = 0.97) -> float:
    """The confidence of the only deadline, its time read as surely as told."""
    document = plan(("Nhiệm vụ", [f"Giao Phòng Y tế hoàn thành việc rà soát trước {words_of_time}."]))
    page = document.pages[0]
    at = page.text.index(words_of_time)
    page = replace(page, page=replace(page.page, words=(Word(at, at + len(words_of_time), None, confidence),)))
    (deadline,) = extract(replace(document, pages=(page,))).deadlines
    assert str(deadline.due_end).startswith("2021")
    return deadline.evidence.confidence


def test_a_quarter_whose_slash_may_be_a_stroke_is_doubted() -> None:
    assert limited("quý II/2021") > 0.7
    assert limited("quý II/⁄2021") < 0.5
    assert limited("quý II//2021") < 0.5


def test_a_time_that_was_hardly_read_is_doubted() -> None:
    assert limited("quý II/2021", 0.4) < 0.5
    assert 0.5 < limited("ngày 30/11/2021", 0.8) < limited("ngày 30/11/2021")


@pytest.mark.parametrize(
    ("printed", "confidence", "number", "certain"),
    [
        ("206 /KH-SYT", 0.3, "/KH-SYT", False),
        ("206 /KH-SYT", 0.95, "206/KH-SYT", True),
        ("206/KH-SYT", 0.3, "206/KH-SYT", False),
        ("206/KH-SYT", 0.8, "206/KH-SYT", True),
    ],
)
def test_a_cited_number_that_a_pen_filled_in_is_blank(
    printed: str, confidence: float, number: str, certain: bool
) -> None:
    document = plan(("Căn cứ", [f"Thực hiện Kế hoạch số {printed} ngày 5/6/2020 của Sở Y tế."]))
    page = document.pages[0]
    at, length = page.text.index(printed), len(printed.split()[0])
    page = replace(page, page=replace(page.page, words=(Word(at, at + length, None, confidence),)))
    (citation,) = extract(replace(document, pages=(page,))).citations
    assert citation.reference_number == number
    assert (citation.evidence.confidence > 0.5) is certain
