"""Letters that look alike large and small."""

from __future__ import annotations

import pytest

from pipeline.restore import restore_pages
from pipeline.settings import RestoreSettings
from tests.restore.pages import page_read


def _read(text: str, sure: float) -> str:
    return restore_pages([page_read(text, sure)], RestoreSettings())[0].text


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Hàng hóa đi qua khu vực giám Sát hải quan của huyện Bãi Lộng.", "giám sát hải quan"),
        ("Không để dịch lớn Xảy ra trên địa bàn huyện Bãi Lộng.", "dịch lớn xảy ra"),
        ("Ban Quản lý Khu kinh tế Bãi Lộng Và các xã ven biển họp dân.", "Bãi Lộng và các xã"),
        ("Kiểm tra các cơ SỞ sản xuất trên địa bàn huyện.", "các cơ sở sản xuất"),
    ],
)
def test_a_letter_read_in_the_wrong_size(read: str, meant: str) -> None:
    assert meant in _read(read, 0.9)


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Chỉ thị số 12-CT/TU của Ban Thường vụ Tỉnh ủy.",  # often with a capital
        "Giao các Sở Xây dựng và Sở Nội vụ phối hợp thực hiện.",
        "Không để dịch lớn (Xảy ra ở xã Đồng Mây) lan rộng.",  # a sign stands between
    ],
)
def test_capitals_that_stay(text: str) -> None:
    assert _read(text, 0.9) == text


def test_a_sure_reader_is_believed() -> None:
    text = "Không để dịch lớn Xảy ra trên địa bàn huyện Bãi Lộng."
    assert _read(text, 0.98) == text
