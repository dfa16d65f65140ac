"""How plans of different fields write their targets: lists, prose, semicolons, tables, among numbers that are none."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from pipeline.models import Target
from tests.extract.plans import plan, targets


class Row(NamedTuple):
    """What a reader takes from a style: `indicator` are words that its wording holds."""

    indicator: str
    comparator: str
    value: float
    unit: str | None
    upper: float | None = None
    baseline: float | None = None
    total: float | None = None


class Style(NamedTuple):
    """A few paragraphs under a heading, and all of their targets."""

    name: str
    heading: str
    body: tuple[str, ...]
    rows: tuple[Row, ...]
    code: str = "KH"


STYLES = (
    Style(
        "agriculture, a list of targets with a colon",
        "II. Chỉ tiêu sản xuất vụ Đông Xuân 2022 - 2023",
        (
            "- Chỉ tiêu gieo trồng: Tổng diện tích gieo trồng 4.250 ha, trong đó: lúa nước 2.800 ha, ngô lai "
            "620 ha, rau màu các loại 830 ha.",
            "- Chỉ tiêu năng suất: Lúa nước bình quân 62,5 tạ/ha (vụ trước 61,2 tạ/ha); ngô lai 55 tạ/ha trở lên.",
            "- Chỉ tiêu chăn nuôi: Tổng đàn gia súc 18.600 con, tiêm phòng đạt từ 85% tổng đàn trở lên.",
        ),
        (
            Row("diện tích gieo trồng", "=", 4250, "ha"),
            Row("lúa nước", "=", 2800, "ha"),
            Row("ngô lai", "=", 620, "ha"),
            Row("rau màu", "=", 830, "ha"),
            Row("Lúa nước", "=", 62.5, "tạ/ha", baseline=61.2),
            Row("ngô lai", ">=", 55, "tạ/ha"),
            Row("đàn gia súc", "=", 18600, "con"),
            Row("tiêm phòng", ">=", 85, "%"),
        ),
    ),
    Style(
        "health, prose with rates for so many people",
        "1. Mục tiêu cụ thể",
        (
            "Đến năm 2025 đạt 11 bác sĩ/vạn dân và 32 giường bệnh/vạn dân; tỷ lệ tham gia bảo hiểm y tế đạt "
            "95% dân số trở lên; "
            "tỷ suất tử vong trẻ em dưới 5 tuổi giảm còn 15‰; trên 90% trẻ em dưới 1 tuổi được tiêm chủng đầy đủ. "
            "Toàn huyện hiện có 14 trạm y tế với 82 cán bộ, trong đó 12 trạm có bác sĩ làm việc.",
        ),
        (
            Row("bác sĩ", "=", 11, "bác sĩ/vạn dân"),
            Row("giường bệnh", "=", 32, "giường bệnh/vạn dân"),
            Row("bảo hiểm y tế", ">=", 95, "%"),
            Row("tử vong trẻ em", "=", 15, "‰"),
            Row("trẻ em dưới 1 tuổi được tiêm chủng", ">", 90, "%"),
        ),
    ),
    Style(
        "budget, prose with parts of a sum",
        "Nhiệm vụ thu ngân sách năm 2023",
        (
            "Phấn đấu tổng thu ngân sách nhà nước trên địa bàn năm 2023 đạt 1.850 tỷ đồng, tăng 12% so với "
            "ước thực hiện năm 2022, "
            "trong đó: thu nội địa 1.620 tỷ đồng, thu tiền sử dụng đất 450 tỷ đồng, thu từ hoạt động xuất "
            "nhập khẩu 230 tỷ đồng.",
            "Tiết kiệm 10% chi thường xuyên ngay từ khâu lập dự toán; tỷ lệ giải ngân vốn đầu tư công đạt "
            "tối thiểu 95% kế hoạch vốn được giao.",
        ),
        (
            Row("thu ngân sách nhà nước", "=", 1850, "tỷ đồng"),
            Row("thu ngân sách nhà nước", "=", 12, "%"),
            Row("thu nội địa", "=", 1620, "tỷ đồng"),
            Row("thu tiền sử dụng đất", "=", 450, "tỷ đồng"),
            Row("xuất nhập khẩu", "=", 230, "tỷ đồng"),
            Row("chi thường xuyên", "=", 10, "%"),
            Row("giải ngân vốn đầu tư công", ">=", 95, "%"),
        ),
    ),
    Style(
        "digital transformation, semicolons that begin with the number",
        "a) Phát triển chính quyền số",
        (
            "Đến hết năm 2024: 100% dịch vụ công đủ điều kiện được cung cấp trực tuyến toàn trình; tối thiểu "
            "80% hồ sơ thủ tục hành chính được "
            "xử lý trực tuyến; 90% hồ sơ công việc tại cấp huyện và 70% hồ sơ công việc tại cấp xã được xử "
            "lý trên môi trường mạng; "
            "mỗi thôn có 01 tổ công nghệ số cộng đồng với ít nhất 5 thành viên.",
        ),
        (
            Row("dịch vụ công đủ điều kiện", "=", 100, "%"),
            Row("hồ sơ thủ tục hành chính", ">=", 80, "%"),
            Row("hồ sơ công việc tại cấp huyện", "=", 90, "%"),
            Row("hồ sơ công việc tại cấp xã", "=", 70, "%"),
            Row("tổ công nghệ số cộng đồng", "=", 1, "tổ"),
            Row("thành viên", ">=", 5, "thành viên"),
        ),
    ),
    Style(
        "Party membership, a list of tasks with numbers",
        "Chỉ tiêu xây dựng Đảng",
        (
            "- Kết nạp từ 120 đến 150 đảng viên mới, trong đó đảng viên là nữ chiếm từ 40% trở lên;",
            "- Hằng năm có trên 90% chi bộ, đảng bộ cơ sở hoàn thành tốt nhiệm vụ trở lên, trong đó không "
            "quá 20% hoàn thành xuất sắc nhiệm vụ;",
            "- Kiểm tra ít nhất 08 tổ chức đảng và 25 đảng viên, giám sát chuyên đề 05 tổ chức đảng;",
            "- Đảng bộ hiện có 46 chi bộ với 1.235 đảng viên.",
        ),
        (
            Row("đảng viên mới", "between", 120, "đảng viên", upper=150),
            Row("đảng viên là nữ", ">=", 40, "%"),
            Row("hoàn thành tốt nhiệm vụ", ">", 90, "%"),
            Row("hoàn thành xuất sắc", "<=", 20, "%"),
            Row("tổ chức đảng", ">=", 8, "tổ chức đảng"),
            Row("đảng viên", "=", 25, "đảng viên"),
            Row("giám sát chuyên đề", "=", 5, "tổ chức đảng"),
        ),
        "NQ",
    ),
    Style(
        "education, how many of how many",
        "2. Chỉ tiêu phấn đấu năm học 2022 - 2023",
        (
            "Huy động 99,8% trẻ 5 tuổi ra lớp mẫu giáo, 100% trẻ 6 tuổi vào lớp 1; duy trì sĩ số đạt 99% trở lên. "
            "Tỷ lệ học sinh tốt nghiệp trung học phổ thông đạt từ 98% đến 99%. Xây dựng thêm 03 trường đạt "
            "chuẩn quốc gia, nâng tổng số "
            "trường đạt chuẩn lên 28/35 trường.",
        ),
        (
            Row("trẻ 5 tuổi", "=", 99.8, "%"),
            Row("trẻ 6 tuổi", "=", 100, "%"),
            Row("sĩ số", ">=", 99, "%"),
            Row("tốt nghiệp trung học phổ thông", "between", 98, "%", upper=99),
            Row("trường đạt chuẩn quốc gia", "=", 3, "trường"),
            Row("trường đạt chuẩn", "=", 28, "trường", total=35),
        ),
    ),
    Style(
        "environment, a tender list with limits and quantities per day",
        "Mục tiêu đến năm 2030",
        (
            "+ Thu gom, xử lý chất thải rắn sinh hoạt đô thị: ≥ 98%;",
            "+ Tỷ lệ chôn lấp trực tiếp: dưới 30%;",
            "+ Xây dựng 02 nhà máy xử lý nước thải, công suất mỗi nhà máy từ 5.000 m3/ngày đêm trở lên;",
            "+ Trồng 1,2 triệu cây xanh phân tán, độ che phủ rừng ổn định ở mức 42%.",
        ),
        (
            Row("chất thải rắn sinh hoạt", ">=", 98, "%"),
            Row("chôn lấp", "<", 30, "%"),
            Row("nhà máy xử lý nước thải", "=", 2, "nhà máy"),
            Row("cây xanh", "=", 1.2, "triệu cây"),
            Row("độ che phủ rừng", "=", 42, "%"),
        ),
    ),
    Style(
        "labour, each thing with what it was",
        "Các chỉ tiêu về lao động - việc làm",
        (
            "Giải quyết việc làm cho 3.500 lao động, trong đó đưa 250 lao động đi làm việc ở nước ngoài theo hợp đồng. "
            "Nâng tỷ lệ lao động qua đào tạo từ 62% năm 2021 lên 65% năm 2022; giảm tỷ lệ thất nghiệp khu "
            "vực thành thị xuống dưới 3%. "
            "Năm 2021, toàn thành phố đã giải quyết việc làm cho 3.120 lao động, đạt 104% kế hoạch.",
        ),
        (
            Row("việc làm", "=", 3500, "lao động"),
            Row("nước ngoài", "=", 250, "lao động"),
            Row("lao động qua đào tạo", "=", 65, "%", baseline=62),
            Row("thất nghiệp", "<", 3, "%"),
        ),
    ),
    Style(
        "a table of the year before and the year",
        "Phụ lục chỉ tiêu phát triển kinh tế - xã hội năm 2022",
        (
            "TT\tChỉ tiêu\tĐơn vị tính\tThực hiện năm 2021\tKế hoạch năm 2022",
            "1\tTốc độ tăng giá trị sản xuất\t%\t8,1\t9,5",
            "2\tSố xã đạt chuẩn nông thôn mới\txã\t11\t13",
            "3\tTỷ lệ hộ dân được sử dụng nước hợp vệ sinh\t%\t96,4\t≥ 97",
        ),
        (
            Row("giá trị sản xuất", "=", 9.5, "%", baseline=8.1),
            Row("xã đạt chuẩn nông thôn mới", "=", 13, "xã", baseline=11),
            Row("nước hợp vệ sinh", ">=", 97, "%", baseline=96.4),
        ),
        "QĐ",
    ),
    Style(
        "social policy, who is to do how much, with costs that are none",
        "III. Nội dung, nhiệm vụ",
        (
            "1. Hỗ trợ xóa 145 nhà tạm, nhà dột nát cho hộ nghèo với mức 50 triệu đồng/nhà đối với nhà xây "
            "mới và 25 triệu đồng/nhà đối với nhà "
            "sửa chữa; tổng kinh phí dự kiến 6,4 tỷ đồng từ nguồn xã hội hóa.",
            "2. Mặt trận Tổ quốc xã vận động Quỹ Vì người nghèo đạt ít nhất 80 triệu đồng; mỗi đoàn thể nhận "
            "giúp đỡ từ 1 đến 2 hộ thoát nghèo.",
        ),
        (
            Row("nhà tạm", "=", 145, "nhà"),
            Row("nhà xây mới", "=", 50, "triệu đồng/nhà"),
            Row("sửa chữa", "=", 25, "triệu đồng/nhà"),
            Row("Quỹ Vì người nghèo", ">=", 80, "triệu đồng"),
            Row("hộ thoát nghèo", "between", 1, "hộ", upper=2),
        ),
    ),
    Style(
        "security and traffic, lower limits and what happened",
        "Mục tiêu, yêu cầu",
        (
            "Kéo giảm ít nhất 5% số vụ tai nạn giao thông so với năm 2021 trên cả 3 tiêu chí; tỷ lệ điều "
            "tra, khám phá án đạt trên 80%, án "
            "rất nghiêm trọng đạt trên 95%. Tuyển 100% chỉ tiêu gọi công dân nhập ngũ, giao 168 công dân cho "
            "các đơn vị.",
            "Trong 9 tháng đầu năm xảy ra 27 vụ tai nạn giao thông, làm chết 9 người, bị thương 21 người.",
        ),
        (
            Row("tai nạn giao thông", ">=", 5, "%"),
            Row("khám phá án", ">", 80, "%"),
            Row("rất nghiêm trọng", ">", 95, "%"),
            Row("nhập ngũ", "=", 100, "%"),
            Row("công dân", "=", 168, "công dân"),
        ),
        "CT",
    ),
    Style(
        "tourism and culture, sums and visitors, the last alone in brackets",
        "2. Phát triển du lịch",
        (
            "Phấn đấu năm 2022 đón 1,5 triệu lượt khách (trong đó khách quốc tế 120 nghìn lượt), doanh thu "
            "từ du lịch đạt 2.300 tỷ đồng; "
            "thời gian lưu trú bình quân đạt 2,1 ngày/khách; phát triển mới 3 - 5 điểm du lịch cộng đồng và "
            "có ít nhất 02 khu nghỉ dưỡng từ 4 sao trở lên.",
        ),
        (
            Row("khách", "=", 1.5, "triệu lượt khách"),
            Row("khách quốc tế", "=", 120, "nghìn lượt"),
            Row("doanh thu từ du lịch", "=", 2300, "tỷ đồng"),
            Row("lưu trú", "=", 2.1, "ngày/khách"),
            Row("du lịch cộng đồng", "between", 3, "điểm du lịch", upper=5),
            Row("khu nghỉ dưỡng", ">=", 2, "khu nghỉ dưỡng"),
        ),
    ),
)


def found_in(style: Style) -> list[Target]:
    """The targets that the rules find in a style."""
    return targets(plan((style.heading, style.body), code=style.code, issued_on="2022-01-12", year=2022))


@pytest.mark.parametrize("style", STYLES, ids=lambda s: s.name)
def test_style(style: Style) -> None:
    found = found_in(style)
    assert [(t.comparator, t.value, t.value_upper) for t in found] == [
        (r.comparator, r.value, r.upper) for r in style.rows
    ]
    for target, row in zip(found, style.rows, strict=True):
        assert row.indicator.lower() in target.indicator.lower()
        assert (target.baseline, target.total) == (row.baseline, row.total)
        assert (target.unit_text or "").lower().startswith((row.unit or "").lower())
