"""Numbers that file names give, and numbers in them that are something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.segment.file_names import number_in_name


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("359_KH-SNN_29-03-2018.pdf", "359"),
        ("2020-KH-SNN.pdf", "2020"),
        ("so 07 KH SNN.pdf", "07"),
        ("den/2018/ke-hoach-359-200dpi.pdf", "359"),
        ("Kế hoạch số 12.pdf", "12"),
        ("KH359.signed.pdf", "359"),
        ("KH_0359_ban ky.pdf", "0359"),
        ("ke-hoach-2119.pdf", "2119"),
        ("ke-hoach-2020.pdf", None),
        ("ke-hoach-12-3-2018.pdf", None),
        ("ke hoach 15 thang 3.pdf", None),
        ("ke-hoach-3-trang.pdf", None),
        ("ke-hoach-12 va ke-hoach-13.pdf", None),
        ("ke-hoach-000.pdf", None),
        ("quyet-dinh-12.pdf", None),
        ("scan0012.pdf", None),
        ("CKH 12.pdf", None),
        ("5e0a79aa8fbcde40.pdf", None),
    ],
)
def test_numbers_in_names(name: str, number: str | None) -> None:
    assert number_in_name(name, "KH-SNN", "Kế hoạch", "KH", "2018") == number


@given(st.text(max_size=80))
def test_any_name_gives_a_positive_number_of_it_or_none(name: str) -> None:
    number = number_in_name(name, "KH-SNN", "Kế hoạch", "KH", None)
    assert number is None or int(number) > 0
