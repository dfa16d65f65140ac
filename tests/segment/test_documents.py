"""Several documents in one file, periods, bodies and types."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.document_types import type_at_start, type_of_code, types_of_code
from pipeline.issuing_bodies import bodies_of_code, body_of_code, find_bodies, level_of_body
from pipeline.segment.provinces import commonest_province
from pipeline.segment.wording import body_in_running_case, office_in_running_case
from pipeline.times.periods import period_of_title
from tests.segment.composed import document_of, documents_of, paths_of
from tests.segment.test_header import STATE

SIGNED = "\n\n2. Báo cáo./.\n\nNơi nhận:\n- Lưu: VT.\n\nCHỦ TỊCH\n\nLê Văn Mẫu"


def test_a_second_header_block_begins_a_second_document() -> None:
    second = STATE.replace("12/KH-UBND", "13/KH-UBND").replace("năm 2021\n\nCăn", "năm 2022\n\nCăn")
    first_document, second_document = documents_of(STATE + SIGNED, second + SIGNED)
    assert second_document.document_id == first_document.document_id + "-2"
    assert second_document.header.reference_number == "13/KH-UBND"
    assert [p.number for p in first_document.pages] == [1]
    assert [p.number for p in second_document.pages] == [2]


def test_a_form_in_an_annex_is_no_second_document() -> None:
    form = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nĐƠN ĐĂNG KÝ\n\nTôi tên là: ………\n……, ngày … tháng … năm …"  # noqa: E501
    document = document_of(STATE + SIGNED, form)
    assert document.footer.signer == "Lê Văn Mẫu"


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Phát triển kinh tế - xã hội năm 2020", ("2020-01-01", "2020-12-31")),
        ("Kế hoạch giảm nghèo giai đoạn 2021 - 2025", ("2021-01-01", "2025-12-31")),
        ("Nhiệm vụ 6 tháng cuối năm 2020", ("2020-07-01", "2020-12-31")),
        ("Kết quả quý I, nhiệm vụ quý II năm 2022", ("2022-04-01", "2022-06-30")),
        ("Công tác tháng 10-2017 và chương trình công tác tháng 11-2017", ("2017-11-01", "2017-11-30")),
        ("Kết quả năm 2019 và phương hướng, nhiệm vụ năm 2020", ("2020-01-01", "2020-12-31")),
    ],
)
def test_periods_of_titles(title: str, period: tuple[str, str]) -> None:
    found = period_of_title(title)
    assert found is not None
    assert (found[0].isoformat(), found[1].isoformat()) == period


@pytest.mark.parametrize("title", ["Về việc làm đường", "Thực hiện Chỉ thị số 4-CT/TU ngày 28/02/2020 của Tỉnh ủy", ""])
def test_titles_without_a_period(title: str) -> None:
    assert period_of_title(title) is None


def test_codes_lead_to_types_by_who_writes_them() -> None:
    thong_tu, thong_tri = type_of_code("TT"), type_of_code("TT", "party")
    assert thong_tu is not None
    assert thong_tri is not None
    assert (thong_tu.name, thong_tri.name) == ("Thông tư", "Thông tri")
    assert [t.name for t in types_of_code("QĐ", "party")] == ["Quyết định", "Quy định"]
    assert types_of_code("HĐ", "party") == ()
    found = type_at_start("CHƯƠNG TRÌNH HÀNH ĐỘNG thực hiện Nghị quyết")
    assert found is not None
    assert found[1] == "CHƯƠNG TRÌNH HÀNH ĐỘNG"


def test_codes_lead_to_bodies() -> None:
    office, letter = body_of_code("VPTU"), body_of_code("UBND-VX")
    assert office is not None
    assert letter is not None
    assert (office.name, office.level) == ("Văn phòng Tỉnh ủy", "province")
    assert letter.body.name == "Ủy ban nhân dân"
    assert {c.system for c in bodies_of_code("BTC")} == {"state"}
    assert body_of_code("XYZQ") is None


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ("Cục Quản lý Khám, chữa bệnh", None),
        ("Phòng Lao động và Xã hội huyện Thanh Sơn Hạ", "district"),
        ("Ủy ban nhân dân thành phố Hồ Chí Minh", "province"),
        ("ỦY BAN NHÂN DÂN QUẬN BẾN LAU THÀNH PHỐ HÀ NỘI", "district"),
        ("Ban Thường vụ Huyện ủy", "district"),
        ("Bộ Y tế", "central"),
    ],
)
def test_levels(body: str, level: str | None) -> None:
    assert level_of_body(body) == level


def test_bodies_in_text_take_the_longest_name() -> None:
    text = "Ban Thường vụ Tỉnh ủy giao Ủy ban nhân dân huyện"
    assert [text[b.start : b.end] for b in find_bodies(text)] == ["Ban Thường vụ Tỉnh ủy", "Ủy ban nhân dân"]


def test_capitals_become_running_case() -> None:
    assert body_in_running_case("ỦY BAN NHÂN DÂN HUYỆN THANH SƠN HẠ") == "Ủy ban nhân dân huyện Thanh Sơn Hạ"
    assert body_in_running_case("SỞ NỘI VỤ") == "Sở Nội vụ"
    assert body_in_running_case("SỞ NỘI VỤ 1") == "Sở Nội vụ"
    assert body_in_running_case("QUÂN KHU 1").endswith("1")
    assert office_in_running_case("PHÓ CHỦ TỊCH") == "Phó Chủ tịch"


def test_the_commonest_province_or_none() -> None:
    assert commonest_province(["cua tinh cao bang", "tinh cao bang", "tinh ha giang"]) == "Cao Bằng"
    assert commonest_province(["tinh cao bang", "tinh ha giang"]) is None


@pytest.mark.shared
def test_sections_of_the_samples(shared: Path) -> None:
    import csv

    wanted: dict[str, list[str]] = {}
    with (shared / "gold" / "sections.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            wanted.setdefault(row["doc"], []).append(row["path"])
    for name, paths in wanted.items():
        text = next((shared / "seeds").glob(f"{name}*.txt")).read_text(encoding="utf-8")
        assert paths_of(document_of(text)) == paths
