"""What holds for any text, however strange."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.models import Document, ParagraphRole
from pipeline.segment import drafts
from tests.segment.composed import documents_of
from tests.segment.test_header import STATE

FRAGMENTS = st.sampled_from(
    ["1. ", "I. ", "a) ", "- ", "+ ", "(2) - ", "Điều 3. ", "Chương II", "PHỤ LỤC", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN",
     "Số: 12/KH-UBND", "ngày tháng 3 năm 2020", "Kính gửi: ", "“Điều 7. ", "”", "890-", "QĐ/TU", "CHỈ THỊ", "2.1. ",
     "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Lê Văn Mẫu", "CHỦ TỊCH", "\n", "\n\n", "\t", "   ", "ấ", "./.", "İ", "\x00",
     "\u2028", "giảm 3% hộ nghèo"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=40).map("".join)


def check(document: Document) -> None:
    pages = {page.number: page.text for page in document.pages}
    for paragraph in document.paragraphs:
        for piece in paragraph.pieces:
            printed = pages[piece.page][piece.offset : piece.offset + piece.length]
            assert paragraph.text[piece.start : piece.start + piece.length] == printed
        assert paragraph.section is None or 0 <= paragraph.section < len(document.sections)
    ids = [s.section_id for s in document.sections]
    assert len(ids) == len(set(ids))
    for section in document.sections:
        assert section.parent_id is None or section.parent_id in ids
        assert 0 <= section.span_start <= section.span_end <= len(pages[section.page])
        assert 0.0 < section.confidence <= 1.0


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_pieces_are_exact_and_nothing_crashes(texts: list[str]) -> None:
    for document in documents_of(*texts):
        check(document)


def test_every_word_of_the_body_is_in_some_paragraph() -> None:
    (document,) = documents_of(STATE)
    words = " ".join(p.text for p in document.paragraphs).split()
    missing = [w for w in STATE.split() if w not in words]
    assert missing == ["1."]  # the marker is in the section


LONG = 60


@pytest.fixture
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LONGEST_PARAGRAPH", LONG)
    monkeypatch.setattr(drafts, "LAST_QUARTER", LONG // 4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(TEXTS, st.text(min_size=LONG, max_size=4 * LONG)), min_size=1, max_size=3))
@pytest.mark.usefixtures("short_parts")
def test_long_paragraphs_come_in_exact_parts(texts: list[str]) -> None:
    for document in documents_of(*texts):
        check(document)
        assert all(len(paragraph.text) <= LONG for paragraph in document.paragraphs)


def test_parts_end_with_a_sentence_else_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = "Giao các thôn làm đường. Xã hỗ trợ xi măng. Báo cáo trước ngày 15 hằng tháng. Các thôn tự trồng cây."
    (whole,) = documents_of(sentences)[0].paragraphs
    monkeypatch.setattr(drafts, "LONGEST_PARAGRAPH", LONG)
    monkeypatch.setattr(drafts, "LAST_QUARTER", LONG // 2)
    (document,) = documents_of(sentences)
    assert [p.text for p in document.paragraphs] == [sentences[:43], sentences[44:]]
    place = sentences.index("ngày 15")
    assert document.paragraphs[1].locate(place - 44, place - 44 + 7) == whole.locate(place, place + 7)
    (words,) = documents_of("thôn " * 30)
    assert {word for p in words.paragraphs for word in p.text.split(" ")} == {"thôn"}


def test_a_row_that_is_too_long_is_read_as_running_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LONGEST_PARAGRAPH", LONG)
    row = drafts.ParagraphDraft("Giảm 3%\t" * 20, [], ParagraphRole.TABLE_ROW, None, table=(1, 0, 0))
    parts = list(row.finished())
    assert len(parts) > 1
    assert {(part.role, part.table) for part in parts} == {(ParagraphRole.BODY, None)}


def test_pages_without_text() -> None:
    for texts in (("",), ("", ""), (" \n \n",)):
        (document,) = documents_of(*texts)
        assert document.paragraphs == ()
        assert document.sections == ()
    assert documents_of()[0].pages == ()


def test_strange_text_takes_linear_time() -> None:
    strange = [
        "1" * 1_000_000,
        "1. " * 200_000,
        "(" * 300_000,
        "\n".join("1. Giao các thôn." for _ in range(1_500)),
        "\n".join(f"{n % 90}. Làm đường thôn {n}." for n in range(1_500)),
        "\n".join("“Điều 1. Làm đường" for _ in range(1_500)),
        "Số: " + "/" * 100_000 + "ngày " * 50_000,
        "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n" * 1_500,
        "Nơi nhận:\n- Như trên;\n" + "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n" * 1_500,
        "Nơi nhận:\n- Như trên;" + "\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH" * 700 + "\nNơi nhận:\n- Lưu: VT.",
        "Điều 1. " + "\nĐiều 1. Giao các thôn." * 1_500,
    ]
    for text in strange:
        start = time.process_time()
        for document in documents_of(text):
            check(document)
        assert time.process_time() - start < 8.0
