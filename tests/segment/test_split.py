"""Several documents in one file: at the top of a page and in the middle of one; forms and examples are none."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.models import Alignment, Box, Correction, Document, Edit, Line, LineRole, Page, RestoredPage, Word
from pipeline.segment import segment
from tests.segment.composed import documents_of, page_of, source_of

HEAD = (
    "ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    "XÃ {commune}                 Độc lập - Tự do - Hạnh phúc\n\n"
    "Số: {number}          {place}, ngày {day} tháng 3 năm 2021\n\n"
)
BODY = (
    "KẾ HOẠCH\nPhát triển cây chè năm 2021\n\n"
    "Căn cứ Luật Trồng trọt, xã {commune} xây dựng kế hoạch như sau:\n\n"
    "1. Trồng mới {area} ha chè ở các thôn vùng cao.\n2. Các thôn báo cáo trước ngày {day}/4/2021./.\n\n"
)
END = "Nơi nhận:          TM. ỦY BAN NHÂN DÂN\n- Các thôn;          CHỦ TỊCH\n- Lưu: VT.\n\n{signer}\n"
ANNEX = "PHỤ LỤC\nDANH MỤC DỰ ÁN\n\n1. Đường thôn Suối Nắng.\n2. Kênh thôn Bãi Lộng.\n"


def letter(number: str = "12/KH-UBND", commune: str = "ĐỒNG MÂY", day: str = "05", area: int = 12) -> str:
    """One short document from head to end."""
    signer = {"ĐỒNG MÂY": "Lê Văn Mẫu", "SUỐI NẮNG": "Trần Thị Mẫu"}.get(commune, "Đỗ Văn Mẫu")
    place = commune.title()
    head = HEAD.format(commune=commune, number=number, place=place, day=day)
    return head + BODY.format(commune=place, area=area, day=day) + END.format(signer=signer)


FIRST, SECOND = letter(), letter("34/KH-UBND", "SUỐI NẮNG", "06", 34)
THIRD = letter("56/KH-UBND", "TÂN HƯNG", "07", 56)


def told(documents: tuple[Document, ...]) -> list[tuple[str | None, str | None, str | None]]:
    return [(d.header.reference_number, d.header.issued_on, d.footer.signer) for d in documents]


TOLD = [
    ("12/KH-UBND", "2021-03-05", "Lê Văn Mẫu"),
    ("34/KH-UBND", "2021-03-06", "Trần Thị Mẫu"),
    ("56/KH-UBND", "2021-03-07", "Đỗ Văn Mẫu"),
]


@pytest.mark.parametrize("gap", ["", "\n", "\n\n\n"])
def test_a_second_document_begins_in_the_middle_of_a_page(gap: str) -> None:
    documents = documents_of(FIRST + gap + SECOND)
    assert told(documents) == TOLD[:2]
    assert [[page.number for page in d.pages] for d in documents] == [[1], [1]]
    assert "34" not in documents[0].pages[0].text
    assert documents[1].pages[0].text.strip() == SECOND.strip()


def test_every_paragraph_leads_back_to_the_documents_own_part_of_the_page() -> None:
    for document in documents_of(FIRST + SECOND + THIRD):
        for paragraph in document.paragraphs:
            for piece in paragraph.pieces:
                text = document.page(piece.page).text[piece.offset : piece.offset + piece.length]
                assert text == paragraph.text[piece.start : piece.start + piece.length]


def test_three_documents_that_run_over_pages() -> None:
    half = SECOND.index("2. Các thôn")
    documents = documents_of(FIRST + SECOND[:half], SECOND[half:] + THIRD)
    assert told(documents) == TOLD
    assert [[page.number for page in d.pages] for d in documents] == [[1], [1, 2], [2]]


def test_a_document_under_an_annex_is_one_of_its_own() -> None:
    first, second = documents_of(FIRST, ANNEX + "\n\n" + SECOND)
    assert [s.kind for s in first.sections].count("annex") == 1
    assert [page.number for page in first.pages] == [1, 2]
    assert second.header.reference_number == "34/KH-UBND"
    assert not any(s.kind == "annex" for s in second.sections)


def test_an_issuer_printed_above_the_motto_belongs_to_the_second_document() -> None:
    stacked = (
        SECOND.replace("ỦY BAN NHÂN DÂN          CỘNG", "ỦY BAN NHÂN DÂN\nXÃ SUỐI NẮNG\nSố: 34/KH-UBND\nCỘNG", 1)
        .replace("XÃ SUỐI NẮNG                 Độc", "Độc")
        .replace("Số: 34/KH-UBND          ", "", 1)
    )
    documents = documents_of(FIRST + "\n" + stacked)
    assert told(documents) == TOLD[:2]
    assert documents[1].header.issuer == "Ủy ban nhân dân xã Suối Nắng"


BLANK = HEAD.format(commune="……", number="…/BC-UBND", place="………", day="…").replace("3 năm 2021", "… năm 20…")
UNSIGNED = SECOND[: SECOND.index("Nơi nhận")]


@pytest.mark.parametrize(
    "shown",
    [
        ANNEX + "\nMẫu số 01\n\n" + SECOND,
        ANNEX + "\nMẪU BÁO CÁO\n" + SECOND,
        ANNEX + "\n" + BLANK + SECOND[len(HEAD) :],
        "PHỤ LỤC\n\n" + SECOND,
        ANNEX + "\nVăn bản được trình bày như sau:\n" + SECOND,
        ANNEX + "\n“" + SECOND.rstrip() + "”\n",
        ANNEX + "\n" + UNSIGNED,
        "\n" + SECOND.replace("34/KH-UBND", "34/SY-UBND").replace("KẾ HOẠCH\n", "SAO Y BẢN CHÍNH\n"),
        ANNEX + "\n" + SECOND.replace("ngày 06 tháng 3 năm 2021", "ngày … tháng … năm 2021"),
    ],
    ids=["form", "named form", "blank form", "annex", "announced", "quoted", "unsigned", "copy", "no date"],
)
def test_a_form_an_example_and_a_copy_are_no_documents(shown: str) -> None:
    assert told(documents_of(FIRST + "\n" + shown)) == TOLD[:1]


def test_a_header_above_which_nothing_is_signed_is_no_second_document() -> None:
    assert len(documents_of(FIRST[: FIRST.index("Nơi nhận")] + SECOND)) == 1


def test_an_empty_page_belongs_to_the_document_before_it() -> None:
    first, second = documents_of(FIRST, "", SECOND)
    assert [page.number for page in first.pages] == [1, 2]
    assert [page.number for page in second.pages] == [3]


def test_offsets_of_a_cut_page_lead_to_the_same_characters() -> None:
    whole = page_of(FIRST + SECOND)
    raw = whole.page.text_raw.replace("chè", "che")
    lines, words, start = [], [], 0
    for number, text in enumerate(raw.split("\n")):
        lines.append(Line(start, start + len(text), Box(50, number * 10, 500, number * 10 + 9), 1.0, LineRole.BODY))
        words.append(Word(start, start + len(text), lines[-1].box, 0.9))
        start += len(text) + 1
    page = Page(
        1, raw, "ocr", tuple(lines), tuple(words), ocr_confidence=0.9, capitals=((raw.rindex("Trần"), len(raw)),)
    )
    edits, changes, at = [], [], whole.text.find("chè")
    while at >= 0:
        edits.append(Edit(at, at + 3, at, at + 3))
        changes.append(Correction(at, at + 3, "che", "chè", "tone", 0.9))
        at = whole.text.find("chè", at + 1)
    restored = RestoredPage(page, whole.text, Alignment(tuple(edits)), tuple(changes))
    first, second = segment(source_of(raw), [restored])
    for document, part in ((first, FIRST), (second, SECOND)):
        (own,) = document.pages
        assert len(own.corrections) == part.count("chè")
        assert all(own.text[c.start : c.end] == "chè" for c in own.corrections)
        assert {own.raw_of(c.start, c.end) for c in own.corrections} == {"che"}
        at = own.text.index("1. Trồng mới")
        printed = next(
            li
            for li in lines
            if raw[li.start : li.end].startswith(own.text[at : at + 18].replace("è", "e"))
            and (part is SECOND) == (li.start > len(FIRST))
        )
        assert own.box_of(at, at + 5) == printed.box
    assert second.pages[0].page.capitals == ((SECOND.rindex("Trần"), len(SECOND)),)


def test_a_change_over_both_sides_keeps_the_documents_together() -> None:
    page = page_of(FIRST + SECOND)
    cut = len(FIRST)
    over = dataclasses.replace(page, alignment=Alignment((Edit(cut - 3, cut + 3, cut - 3, cut + 3),)))
    assert len(segment(source_of(page.text), [over])) == 1
