"""Every percent of the text, with its role."""

from __future__ import annotations

import pytest

from pipeline.extract import extract
from pipeline.models import Document
from tests.extract.plans import plan


def roles(document: Document) -> list[tuple[float, str, str]]:
    return [(p.value, p.unit, p.role) for p in extract(document).percentages]


def test_each_sign_is_a_row() -> None:
    document = plan(
        (
            "Chỉ tiêu",
            ["Tỷ lệ hộ nghèo còn 3,5%; giảm tỷ suất sinh 0,15‰; tăng 2 điểm phần trăm; đạt 40 phần trăm số hộ."],
        )
    )
    assert [(v, u) for v, u, _ in roles(document)] == [
        (3.5, "percent"),
        (0.15, "permille"),
        (2, "percentage_point"),
        (40, "percent"),
    ]


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("Chỉ tiêu", "Tỷ lệ che phủ rừng đạt 60%.", ["target"]),
        ("Kết quả thực hiện", "Tỷ lệ che phủ rừng đạt 60%.", ["result"]),
        ("Chỉ tiêu", "Tỷ lệ hộ nghèo giảm từ 5% xuống còn 4%.", ["baseline", "target"]),
        ("Chỉ tiêu", "Thu ngân sách đạt 20 tỷ đồng, tăng 8% so với năm 2020.", ["change"]),
    ],
)
def test_roles(heading: str, text: str, expected: list[str]) -> None:
    assert [role for _, _, role in roles(plan((heading, [text])))] == expected


def test_a_target_and_its_percentage_know_each_other() -> None:
    extraction = extract(plan(("Chỉ tiêu", ["Tỷ lệ che phủ rừng đạt 60%."])))
    assert extraction.percentages[0].target_id == extraction.targets[0].target_id


def test_percent_columns_count_too() -> None:
    rows = ["TT\tChỉ tiêu\tĐVT\tThực hiện 2020\tKế hoạch 2021", "1\tTỷ lệ hộ nghèo\t%\t5,2\t3,9"]
    assert roles(plan(("Chỉ tiêu", rows))) == [(5.2, "percent", "result"), (3.9, "percent", "target")]
