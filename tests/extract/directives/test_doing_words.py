"""The tagger behind the list of verbs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.directives.doing_words import begins_with_doing_word, first_doing_word
from pipeline.extract.directives.instructions import read_text


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("Trường Trung học phổ thông Khe Mây hoàn trả cho cha mẹ học sinh", "hoàn trả"),
        ("Trạm Y tế phường, Ban Chỉ huy Quân sự phường phun hóa chất", "phun"),
        ("Ủy ban nhân dân huyện cho phép kéo dài vốn", "cho phép"),
        ("Uỷ ban nhân dân các xã dọn bèo trên kênh", "dọn"),
    ],
)
def test_a_verb_that_no_rule_lists_is_found_behind_a_name(words: str, verb: str) -> None:
    start = first_doing_word(words)
    assert start is not None
    assert words[start:].startswith(verb)


@pytest.mark.parametrize(
    "words", ["Sở Y tế có 12 phòng", "Trạm Y tế trực thuộc Trung tâm", "Hộ nghèo được vay vốn", ""]
)
def test_what_somebody_is_or_has_is_no_task(words: str) -> None:
    assert first_doing_word(words) is None


def test_a_task_with_a_rare_verb_is_told() -> None:
    (found,) = read_text(
        "Yêu cầu Trường Tiểu học Suối Mây hoàn trả cho cha mẹ học sinh 12 triệu đồng thu sai, hoàn thành trước 30/6."
    )
    assert (found.actor, found.modality) == ("Trường Tiểu học Suối Mây", "require")
    assert read_text("Hội Nông dân và Hội Phụ nữ nhận ủy thác vốn vay, phấn đấu dư nợ 3 tỷ đồng.")[0].actor == (
        "Hội Nông dân và Hội Phụ nữ"
    )


@given(st.text(max_size=80))
def test_it_points_into_the_words(words: str) -> None:
    start = first_doing_word(words)
    assert start is None or words[start].islower()


def test_whether_a_bullet_begins_with_a_verb() -> None:
    assert begins_with_doing_word("Khởi kiện ra Tòa án 10 doanh nghiệp")
    assert not begins_with_doing_word("Trung tâm y tế")
    assert not begins_with_doing_word("")


@pytest.mark.parametrize(
    "words", ["Các huyện ủy, thành ủy", "Các xã, thủ trưởng các đơn vị", "Phòng Tài chính kế toán"]
)
def test_the_words_of_names_are_no_verbs(words: str) -> None:
    assert first_doing_word(words) is None
