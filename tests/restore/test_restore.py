"""Whole texts: what must come right, what must stay as it is, and what may never change."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.models import Page
from pipeline.restore import restore, restore_pages
from pipeline.settings import RestoreSettings
from pipeline.vietnamese import strip_marks

PARAGRAPH = (
    "Ủy ban nhân dân huyện Thanh Sơn Hạ yêu cầu các xã, thị trấn tập trung lãnh đạo, chỉ đạo thực hiện tốt các nội "
    "dung sau: tiếp tục đẩy mạnh phong trào thi đua yêu nước, hoàn thành các chỉ tiêu phát triển kinh tế - xã hội năm "
    "2020; thường xuyên kiểm tra, giám sát việc thực hiện Nghị quyết số 12/NQ-HĐND ngày 15/12/2019 của Hội đồng nhân "
    "dân huyện."
)
ENGLISH_READING = (
    "Uy ban nhan dan huyén yéu cau cac xa, thi tran tap trung lanh dao, chi dao thuc hién tot cac nédi dung sau: tiép "
    "tuc day manh phong trao thi dua yéu nuéc, hoan thanh cac chi tiéu phat trién kinh té - xa hdi nam 2020."
)
ENGLISH_MEANT = (
    "Ủy ban nhân dân huyện yêu cầu các xã, thị trấn tập trung lãnh đạo, chỉ đạo thực hiện tốt các nội dung sau: tiếp "
    "tục đẩy mạnh phong trào thi đua yêu nước, hoàn thành các chỉ tiêu phát triển kinh tế - xã hội năm 2020."
)
NUMBER = re.compile(r"(?<![\w/.,-])\d[\d.,/%-]*(?:[A-ZĐ]{2,}[\w/-]*)?(?!\w)")


def test_stripped_text_gets_its_marks() -> None:
    done = restore(strip_marks(PARAGRAPH))
    wrong = [(a, b) for a, b in zip(done.text.split(), PARAGRAPH.split(), strict=True) if a != b]
    assert len(wrong) <= 2, wrong
    assert {c.kind for c in done.corrections} == {"tone", "marker"}
    assert [c.before for c in done.corrections if c.kind == "marker"] == ["HDND"]
    assert all(0.5 < c.confidence < 1 for c in done.corrections if c.after in {"nhân", "dân", "huyện"})


def test_text_of_an_english_reader_becomes_vietnamese() -> None:
    assert restore(ENGLISH_READING).text == ENGLISH_MEANT


def test_good_text_stays() -> None:
    done = restore(PARAGRAPH)
    assert (done.text, done.corrections) == (PARAGRAPH, ())
    assert done.quality > 0.97


@pytest.mark.parametrize(
    "text",
    [
        "Xã Mù Cang Chải, Pác Bó, Krông Pắc, Đắk Lắk và Kỳ Anh đạt tiêu chuẩn của tỉnh.",
        "Phòng, chống dịch COVID-19; sản phẩm OCOP 3 sao; chỉ số PAR INDEX và PCI của huyện.",
        "The village committee met in the morning to discuss the new road and the water supply of the district.",
        "UBND, HĐND, MTTQ, TĐKT, BHXH của huyện Thanh Sơn Hạ",
        "Tổng đài 1900 1234, tài khoản 0011.4455.6677, đơn giá 12.345,67 đồng/m2",
    ],
)
def test_names_abbreviations_and_other_languages_stay(text: str) -> None:
    assert restore(text).text == text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("để phát động trong cán bô, nhân dân thực hiện", "để phát động trong cán bộ, nhân dân thực hiện"),
        ("làm cơ sở cho việc xét, khen thường cuối năm", "làm cơ sở cho việc xét, khen thưởng cuối năm"),
    ],
)
def test_misprints_are_put_right(wrong: str, right: str) -> None:
    assert restore(wrong).text == right


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("Các cơ quan, đơn vị, các xãtrên cơ sở chức năng", "Các cơ quan, đơn vị, các xã trên cơ sở chức năng"),
        ("tham mưu UBND huyệntổ chức rà soát", "tham mưu UBND huyện tổ chức rà soát"),
        ("lập thành tích chào mừngĐại hội Đảng", "lập thành tích chào mừng Đại hội Đảng"),
        ("khởi công 02 - 03dự án trọng điểm", "khởi công 02 - 03 dự án trọng điểm"),
        ("trật tự xã hội.Nâng cao trách nhiệm", "trật tự xã hội. Nâng cao trách nhiệm"),
        ("Các đ ơ n v ị trong huyện", "Các đơn vị trong huyện"),
    ],
)
def test_glued_words_are_split(glued: str, apart: str) -> None:
    assert restore(glued).text == apart


def test_markers_of_a_page_read_in_english() -> None:
    done = restore(
        "S6 45-TB/VPTU\n\n|. PANH GIA KET QUA THUC HIEN\n\n" + ENGLISH_READING + "\n\nI1. MOT SO NHIEM VU\n\nNoi nhan:"
    )
    lines = [line for line in done.text.splitlines() if line]
    assert lines[0] == "Số 45-TB/VPTU"
    assert lines[1] == "I. ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN"
    assert lines[3:] == ["II. MỘT SỐ NHIỆM VỤ", "Nơi nhận:"]
    assert {c.after: c.kind for c in done.corrections}["II"] == "marker"


def test_sentences_go_on_over_a_page_break() -> None:
    raw = strip_marks(PARAGRAPH)
    cut = raw.index("thuc hien")
    pages = [Page(1, raw[:cut], "plain", ()), Page(2, raw[cut:], "plain", ())]
    done = restore_pages(pages, RestoreSettings())
    assert done[1].text.startswith("thực hiện")


def test_words_stay_when_restoring_is_off() -> None:
    page = Page(1, "Uỷ ban nhan dan xa", "plain", ())
    assert restore_pages([page], RestoreSettings(enabled=False))[0].text == "Ủy ban nhan dan xa"


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 60))
def test_numbers_never_change(random, damage: int) -> None:  # type: ignore[no-untyped-def]
    """Whatever happens to the letters around them."""
    words = []
    for word in [*PARAGRAPH.split(), "23-CT/TU,", "192,7", "13.455,5", "01/2021/NĐ-CP", "4%", "2016", "-", "2020"] * 2:
        if not any(c.isdigit() for c in word) and random.randint(0, 99) < damage:
            word = (
                strip_marks(word)
                if random.random() < 0.6
                else word.replace("n", "ri").replace("ộ", "6").replace("ô", "é")
            )
        words.append(word)
    random.shuffle(words)
    raw = " ".join(words)
    assert NUMBER.findall(restore(raw).text) == NUMBER.findall(raw)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_anything_can_be_restored(raw: str) -> None:
    done = restore(raw)
    assert unicodedata.is_normalized("NFC", done.text) or not unicodedata.is_normalized("NFC", raw)
    assert done.text.count("\n") == raw.count("\n")
    assert 0 <= done.quality <= 1
    at, pieces = 0, []
    for edit in done.alignment.edits:
        pieces += raw[at : edit.raw_start], done.text[edit.start : edit.end]
        at = edit.raw_end
    assert "".join([*pieces, raw[at:]]) == done.text


def test_the_same_text_gives_the_same_result() -> None:
    assert restore(ENGLISH_READING) == restore(ENGLISH_READING)


def test_strange_sizes_take_linear_time() -> None:
    start = time.process_time()
    for raw in ("a" * 300_000, "1" * 300_000, "đ " * 60_000, "́" * 50_000, "Uy ban " * 10_000, ".," * 50_000):
        restore(raw)
    assert time.process_time() - start < 60


@pytest.mark.shared
def test_a_real_page_read_in_english(shared: Path) -> None:
    raw = next((shared / "seeds").glob("001_*.txt")).read_text(encoding="utf-8")
    text = restore(raw).text
    assert text.count("Chỉ thị số 23-CT/TU") == raw.count("Chi thi s6 23-CT/TU") + raw.count("Chi thi s 23-CT/TU")
    assert re.findall(r"\d+/\d+/\d+", text) == re.findall(r"\d+/\d+/\d+", raw)
    assert "I. ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN" in text
    assert "II. MỘT SỐ NHIỆM VỤ VÀ GIẢI PHÁP CHỦ YẾU" in text
    assert text.count("\n") == raw.count("\n")


def test_a_list_goes_on_after_d() -> None:
    raw = "\n".join(f"{letter}) Trình tự thực hiện công việc của xã" for letter in "abcddeg")
    assert [line[0] for line in restore(raw).text.splitlines()] == list("abcdđeg")


def test_words_that_follow_few_others_can_be_restored() -> None:
    assert restore(strip_marks("giảm rõ rệt, trồng trọt và chăn nuôi phát triển tại Sài Gòn")).text == (
        "giảm rõ rệt, trồng trọt và chăn nuôi phát triển tại Sài Gòn"
    )


FOREIGN = (
    "Đoàn công tác đã đến Abadan, Harbin và Fushui, gặp đại diện các hãng Anheuser và Sedrin; ông Mehran Digor cảm ơn "
    "nhân dân địa phương và mời đoàn thăm lại vào mùa xuân."
)


def test_foreign_names_among_stripped_words_stay() -> None:
    done = restore(strip_marks(FOREIGN)).text
    for name in ("Abadan", "Harbin", "Fushui", "Anheuser", "Sedrin", "Mehran Digor"):
        assert name in done
    assert "cảm ơn nhân dân địa phương" in done


def test_stripped_words_keep_their_case_signs_and_figures() -> None:
    text = (
        "Cac so, nganh cua TP va BS tai cho — giai doan 3–5 nam; 3.Hinh thuc bao cao, ngay13 thang 5; quydinh cua xa."
    )
    done = restore(text).text
    assert strip_marks(done) == text
    for part in ("của TP và BS tại", "—", "3–5 năm", "3.Hình thức", "ngày13 tháng 5", "quyđịnh"):
        assert part in done


def test_initials_of_a_page_read_in_english_stay() -> None:
    done = restore(f"{ENGLISH_READING} HDND tinh, to chuc EEC va QGVN da hgp tac, chu tich cht: tri cudc hop.").text
    for part in ("HĐND", "EEC", "QGVN", "chủ trì cuộc họp"):
        assert part in done
