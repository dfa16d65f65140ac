"""The header block in its layouts."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest

from pipeline.models import Box, Correction, Header, LineRole, Page, RestoredPage, Word
from pipeline.segment import segment
from tests.segment.composed import document_of, page_of, source_of

STATE = """ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN THANH SƠN HẠ Độc lập - Tự do - Hạnh phúc
Số: 12/KH-UBND Thanh Sơn Hạ, ngày 05 tháng 3 năm 2021

KẾ HOẠCH
Phát triển kinh tế - xã hội năm 2021

Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
Ủy ban nhân dân huyện ban hành Kế hoạch như sau:

1. Mục tiêu

Phát triển nông nghiệp."""


def test_state_layout_with_both_columns_on_one_line() -> None:
    document = document_of(STATE)
    header = document.header
    assert header.issuer == "Ủy ban nhân dân huyện Thanh Sơn Hạ"
    assert header.issuer_level == "district"
    assert header.reference_number == "12/KH-UBND"
    assert (header.issued_on, header.issued_at) == ("2021-03-05", "Thanh Sơn Hạ")
    assert (header.document_type, header.document_type_code) == ("Kế hoạch", "KH")
    assert header.title == "Phát triển kinh tế - xã hội năm 2021"
    assert header.inferred == ()
    assert (str(document.period_start), str(document.period_end)) == ("2021-01-01", "2021-12-31")
    assert [p.role for p in document.paragraphs if p.text.startswith("Căn cứ")] == ["legal_basis"]


@pytest.mark.parametrize(
    "edge", ["TTg 0912 gui luc 14:05", "Toan van: 3 trang\nx 17/TB ~ VP", "Đã nhận đủ, chuyển anh Tư xử lý"]
)
def test_what_stands_at_the_edge_of_the_page_hides_no_header(edge: str) -> None:
    header = document_of(f"{edge}\n{STATE}").header
    assert header == document_of(STATE).header


STAMPED = """CHI CỤC THÚ Y TỈNH ĐỒNG MÂY

Jkra Sek & ols 7 Ba
"""

NOISY = """Ký bởi: Văn phòng
Emait vanphong@dongmay
Cơ quan: Văn phòng
Thời gian ký: 06.03.2020 11:23:02 +07:00
FcỔNG THÔNG Tỷ TỪ CHÍ
€ »

ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN THANH SƠN HẠ Độc lập - Tự do - Hạnh phúc
——; /CT- a Nội, ngà ing 3 năm 2
| CỔNG THÔNG TIN ĐIỆN TỬ 41 /CT-UBNDs Thanh Sơn Hạ, ngàyháng 3 năm 2020
DEN i: : _¬ CHỈ THỊ
Ig-Q7 -| Về các giải pháp cấp bách tháo gỡ khó khăn cho

sản xuất, kinh doanh và bảo đảm an sinh xã hội trên địa bàn các xã

Với sự cố gắng của các cấp, các ngành, sản xuất trên địa bàn huyện
đã từng bước khôi phục, đời sống của nhân dân ổn định.

1. Các xã, thị trấn rà soát hộ gặp khó khăn."""


def test_an_office_in_a_stamp_above_a_stray_line_is_no_issuer() -> None:
    assert document_of(STAMPED + STATE).header == document_of(STATE).header


def test_an_office_above_a_stray_line_is_the_issuer_where_no_other_is_named() -> None:
    text = "UBND HUYỆN THANH SƠN HẠ\nJkra Sek & ols\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n" + STATE.split("\n", 2)[2]
    assert document_of(text).header.issuer == "UBND huyện Thanh Sơn Hạ"


def test_stamps_beside_the_lines_of_a_header_hide_neither_kind_nor_date() -> None:
    header = document_of(NOISY).header
    assert (header.document_type, header.issuer) == ("Chỉ thị", "Ủy ban nhân dân huyện Thanh Sơn Hạ")
    assert (header.reference_number, header.issued_on) == (None, "2020-03")
    assert header.title is not None
    assert header.title.endswith("an sinh xã hội trên địa bàn các xã")


def test_text_before_a_quoted_motto_is_no_edge_of_the_page() -> None:
    lines = [f"Các đơn vị thực hiện nội dung thứ {n} dưới đây." for n in ("nhất", "hai", "ba", "tư", "năm", "sáu")]
    document = document_of("\n".join([*lines, *STATE.splitlines()[:3]]))
    assert document.header.issuer is None
    assert document.paragraphs[0].text.startswith("Các đơn vị")


def test_columns_that_the_reader_told_apart() -> None:
    text = (
        "UBND TỈNH ĐỒNG MÂY\nSỞ Y TẾ\nSố: 359/SYT-NVY\nV/v góp ý dự thảo\nkế hoạch năm 2022\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nĐồng Mây, ngày 4 tháng 10 năm 2021\n"
        "Kính gửi:\n- Phòng Y tế các huyện;\n- Các bệnh viện.\nSở Y tế đề nghị các đơn vị góp ý trước ngày 20/10/2021."
    )
    roles = dict.fromkeys(range(5), LineRole.HEADER_LEFT) | dict.fromkeys(range(5, 8), LineRole.HEADER_RIGHT)
    header = segment(source_of(text), [page_of(text, roles=roles)])[0].header
    assert (header.issuer, header.issuer_superior) == ("Sở Y tế", "UBND tỉnh Đồng Mây")
    assert (header.document_type, header.document_type_code) == ("Công văn", None)
    assert header.reference_number == "359/SYT-NVY"
    assert header.title == "V/v góp ý dự thảo kế hoạch năm 2022"
    assert header.addressees == ("Phòng Y tế các huyện", "Các bệnh viện")
    assert header.issued_on == "2021-10-04"


def test_party_layout() -> None:
    header = document_of(
        "TỈNH ỦY ĐỒNG MÂY\t ĐẢNG CỘNG SẢN VIỆT NAM\n*\nSố 45-TB/TU\tĐồng Mây, ngày 15 tháng 12 năm 2020\n\n"
        "THÔNG BÁO\nKẾT LUẬN CỦA THƯỜNG TRỰC TỈNH ỦY\nvề công tác dân vận\n\n"
        "Ngày 10/12/2020, Thường trực Tỉnh ủy họp và kết luận như sau:\n\n1- Đánh giá."
    ).header
    assert header.issuer == "Tỉnh ủy Đồng Mây"
    assert header.reference_number == "45-TB/TU"
    assert header.title == "KẾT LUẬN CỦA THƯỜNG TRỰC TỈNH ỦY về công tác dân vận"
    assert header.issuer_level == "province"


def test_a_heading_that_lost_its_marks() -> None:
    header = document_of(
        "UY BAN NHAN DAN CONG HOA XA HOI CHU NGHlA VIET NAM\nHUYEN THANH SON HA Doc lap - Tu do - Hanh phuc\n"
        "So: 7/CT-UBND\n\nCHI THI\nVe viec phong chong chay rung\n\nDe phong chay, yeu cau cac xa:\n\n1. Tuan tra."
    ).header
    assert header.document_type == "Chỉ thị"
    assert header.reference_number == "7/CT-UBND"
    assert header.issuer_level == "district"


@pytest.mark.parametrize(
    ("line", "number", "certain"),
    [
        ("Số: /CT-UBND", "/CT-UBND", True),
        ("Số:      /CT-UBND", "/CT-UBND", True),
        ("Số: 4S/CT-UBND", "/CT-UBND", False),
        ("Số: 1 84/CT-UBND", "/CT-UBND", False),
        ("Số: 424-CT-UBND", "/CT-UBND", False),
        ("Số: 424-XY-UBND", None, False),
        ("Số: 05/2021/QĐ-UBND", "05/2021/QĐ-UBND", True),
        ("Số: 184   /QĐ-UBND", "184/QĐ-UBND", True),
        ("Số 23-CT/HU", "23-CT/HU", True),
        ("Số: 26 CT/HĐ", "26 CT/HĐ", True),
        ("Số: 231/CT-CAH(QLHC)", "231/CT-CAH(QLHC)", True),
    ],
)
def test_numbers_are_read_for_sure_or_not_at_all(line: str, number: str | None, certain: bool) -> None:
    header = document_of(
        f"ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÂY\n{line}\n\nCHỈ THỊ\nVề việc làm đường\n\nYêu cầu các thôn:\n\n1. Làm đường."
    ).header
    assert header.reference_number == number
    assert (header.confidence > 0.8) is certain


@pytest.mark.parametrize(
    ("line", "issued_on"),
    [
        ("Đồng Mây, ngày 05 tháng 3 năm 2024", "2024-03-05"),
        ("Đồng Mây, ngày tháng 01 năm 2020", "2020-01"),
        ("Đồng Mây, ngày    tháng    năm 2020", "2020"),
        ("Đồng Mây, ngày17 tháng 10 năm 2017", "2017-10-17"),
        ("Đồng Mây, ngày 4¥ tháng 10 năm 2017", "2017-10"),
        ("Đồng Mây, ngày 31 tháng 02 năm 2017", "2017-02"),
        ("Đồng Mây, 12/3/2020", "2020-03-12"),
    ],
)
def test_dates_are_as_exact_as_they_are_printed(line: str, issued_on: str) -> None:
    header = document_of(
        f"ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÂY\nSố: 1/CT-UBND\n{line}\n\n"
        "CHỈ THỊ\nVề việc làm đường\n\nYêu cầu các thôn:\n\n1. Làm."
    ).header
    assert header.issued_on == issued_on
    assert header.issued_at == "Đồng Mây"


@pytest.mark.parametrize(
    "place", ["Lộc Ngạn", "Nga Sơn", "Ngân Hà", "Ngã Ba Mây", "Hòn Ngà", "Bãi Ngang", "Ngạn", "Ngàn Đá Hạ"]
)
@pytest.mark.parametrize(
    ("date", "issued_on"),
    [
        ("ngày 22 tháng 5 năm 2023", "2023-05-22"),
        ("ngày    tháng 5 năm 2023", "2023-05"),
        ("ngảy 22 tháng 5 năm 2023", "2023-05-22"),
        ("Ngày 22 tháng 5 năm 2023", "2023-05-22"),
        ("ngày22 tháng 5 năm 2023", "2023-05-22"),
        ("tháng 5 năm 2023", "2023-05"),
    ],
)
def test_a_place_that_sounds_like_day(place: str, date: str, issued_on: str) -> None:
    header = document_of(
        f"ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÂY\nSố: 1/CT-UBND\n{place}, {date}\n\n"
        "CHỈ THỊ\nVề việc làm đường\n\nYêu cầu các thôn:\n\n1. Làm."
    ).header
    assert (header.issued_on, header.issued_at) == (issued_on, place)


def test_what_the_scanner_doubts_is_not_read() -> None:
    text = "ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÂY\nSố: 494/CT-UBND\nĐồng Mây, ngày 4 tháng 10 năm 2017\nCHỈ THỊ\nVề việc làm đường\nYêu cầu các thôn:\n1. Làm đường."  # noqa: E501
    plain = page_of(text).page
    number, day = text.index("494"), text.index("ngày 4") + 5
    words = (Word(number, number + 11, None, 0.65), Word(day, day + 1, None, 0.7))
    page = RestoredPage(Page(1, text, "ocr", plain.lines, words), text)
    header = segment(source_of(text), [page])[0].header
    assert header.reference_number == "/CT-UBND"
    assert header.issued_on == "2017-10"
    assert header.confidence < 0.7


def test_a_letter_without_a_heading_names_its_issuer_in_the_text() -> None:
    header = document_of(
        "Kính gửi: Đảng ủy các xã, thị trấn.\n\nĐể thực hiện Chỉ thị số 9-CT/TU của Ban Thường vụ Tỉnh ủy, "
        "Ban Thường vụ Huyện ủy yêu cầu đảng ủy các xã thực hiện:\n\n1- Lập kế hoạch.\n\nT/M BAN THƯỜNG VỤ\n\nLê Văn Mẫu"  # noqa: E501
    ).header
    assert header.document_type == "Công văn"
    assert header.issuer == "Ban Thường vụ Huyện ủy"
    assert header.addressees == ("Đảng ủy các xã, thị trấn",)
    assert header.issuer_level == "district"
    assert {"document_type", "issuer"} <= set(header.inferred)
    assert header.reference_number is None
    assert header.issued_on is None


def test_text_without_any_header() -> None:
    document = document_of("Các thôn đã họp bàn về việc làm đường. Mọi người đều đồng ý.")
    assert document.header.document_type is None
    assert document.header.issuer is None
    assert document.header.confidence < 0.9
    assert document.paragraphs[0].role == "body"


def test_the_organ_that_a_party_title_names() -> None:
    header = document_of(
        "TỈNH ỦY ĐỒNG MÂY\t ĐẢNG CỘNG SẢN VIỆT NAM\n*\nSố 7-CT/TU\tĐồng Mây, ngày 15 tháng 12 năm 2020\n\n"
        "CHỈ THỊ\nCỦA BAN THƯỜNG VỤ TỈNH ỦY\nvề công tác dân vận\n\nĐể tăng cường dân vận, yêu cầu:\n\n1- Các xã họp."
    ).header
    assert (header.issuer, header.issuer_superior) == ("Ban Thường vụ Tỉnh ủy", "Tỉnh ủy Đồng Mây")
    assert header.issuer_level == "province"


@pytest.mark.parametrize(
    ("lines", "issuer"),
    [
        ("TỈNH ỦY ĐỒNG MÂY _ ĐẢNG CỘNG SẢN VIỆT NAM\nHUYỆN ỦY BẾN LAU\nSố 7-CT/HU", "Huyện ủy Bến Lau"),
        ("TỈNH ỦY ĐỒNG MÂY\n”_ VĂN PHÒNG\nSố 7-TB/VPTU", "Văn phòng Tỉnh ủy Đồng Mây"),
        ("UBND TỈNH ĐỒNG MÂY\nSỞYTÉ\nSố: 7/TB-SYT", "Sở Y tế"),
        ("UBND TỈNH ĐỒNG MÂY\nSỞ Y YTÉẺ\nSố: 7/TB-SYT", "Sở Y tế"),
        ("BỘ GIÁO DỤC VÀ ĐÀO TẠO\nTRƯỜNG ĐẠI HỌC ĐỒNG MÂY\nSố: 7/TB-ĐHĐM", "Trường Đại học Đồng Mây"),
        ("UBND TỈNH ĐỒNG MÂY\nSỞ Y TẾ -CÔNG ĐOÀN NGÀNH\nSố: 7/TB-SYT", "Sở Y tế - Công đoàn ngành"),
    ],
)
def test_damaged_and_divided_issuers(lines: str, issuer: str) -> None:
    header = document_of(f"{lines}\n\nTHÔNG BÁO\nVề việc nghỉ lễ\n\nNay thông báo:\n\n1. Nghỉ một ngày.").header
    assert header.issuer == issuer


def test_capitals_that_a_legacy_font_hid() -> None:
    text = (
        "huyện ủy bến lau\nđảng ủy xã đồng mây\n*\nSố 12-NQ/ĐU\nđảng cộng sản việt nam\n"
        "Đồng Mây, ngày 15 tháng 01 năm 2008\nnghị quyết\nvề nhiệm vụ năm 2008\n"
        "Ban Chấp hành Đảng bộ xã họp bàn việc làm đường và quyết nghị một số việc\nnhư sau:\n"
        "i- mục tiêu\n1- Làm xong 3 km đường.\nii- nhiệm vụ\n1- Các thôn góp công.\n"
        "Nơi nhận:\n- Huyện ủy,\n- Lưu Văn phòng.\nt/m đảng ủy\nbí thư\nLê Văn Mẫu"
    )
    page = page_of(text)
    restored = RestoredPage(page.page, text, corrections=(Correction(0, 5, "huyÖn", "huyện", "encoding", 0.99),))
    document = segment(source_of(text), [restored])[0]
    header, footer = document.header, document.footer
    assert (header.document_type, header.reference_number, header.issued_on) == ("Nghị quyết", "12-NQ/ĐU", "2008-01-15")
    assert (header.issuer, header.issuer_superior) == ("Đảng ủy xã Đồng Mây", "Huyện ủy Bến Lau")
    assert [s.path for s in document.sections] == ["I", "I.1", "II", "II.1"]
    assert (footer.signer, footer.signer_title, footer.signing_authority) == ("Lê Văn Mẫu", "Bí thư", ("TM",))
    for paragraph in document.paragraphs:  # the paragraphs keep the text as it was read
        for piece in paragraph.pieces:
            found = paragraph.text[piece.start : piece.start + piece.length]
            assert found == text[piece.offset : piece.offset + piece.length]
    assert document_of(text).header.inferred == ("issuer",)  # without a legacy encoding small letters are small letters


def scanned(
    number: str, confidence: float, day: str = "05", symbol: str = "CT-UBND", file_name: str = "van-ban.pdf"
) -> Header:
    text = (
        f"ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÂY\n{number}/{symbol}\nĐồng Mây, ngày {day} tháng 10 năm 2017\n"
        "CHỈ THỊ\nVề việc làm đường\nYêu cầu các thôn:\n1. Làm đường."
    )
    start, words = text.index(number), []
    words.append(Word(start, start + len(number) + 1 + len(symbol), None, confidence))
    page = RestoredPage(Page(1, text, "ocr", page_of(text).page.lines, tuple(words)), text)
    return segment(dataclasses.replace(source_of(text), relative_path=file_name), [page])[0].header


def test_a_half_sure_number_needs_the_rest_of_the_header() -> None:
    assert scanned("Số: 494", 0.95).reference_number == "494/CT-UBND"
    borne_out = scanned("Số: 494", 0.8)
    assert borne_out.reference_number == "494/CT-UBND"
    assert 0.8 < borne_out.confidence < 0.9
    for doubtful in (
        scanned("Số: 494", 0.7),
        scanned("Số :494", 0.8),
        scanned("Số: 494", 0.8, day="Ø5"),
    ):
        assert doubtful.reference_number == "/CT-UBND"
        assert doubtful.confidence < 0.7


@pytest.mark.parametrize("number", ["Số: ", "Số:206 7", "Số: 1", "Số:  4S", "SóaA005 ", "Số: /T§", "§"])
def test_the_printed_symbol_stays_where_a_pen_wrote_the_number(number: str) -> None:
    header = scanned(number, 0.4)
    assert header.reference_number == "/CT-UBND"
    assert header.confidence < 0.7


@pytest.mark.parametrize("symbol", ["TB-UBND", "CT-SYT", "CT-UBNĐX"])
def test_a_doubtful_symbol_that_the_header_contradicts_is_not_read(symbol: str) -> None:
    header = scanned("Số: 494", 0.8, symbol=symbol)
    assert header.reference_number is None
    assert header.confidence < 0.7


@pytest.mark.parametrize(
    ("line", "issued_on"),
    [
        ("Đồng Mây, tháng 10 năm 2017", "2017-10"),
        ("Đồng Mây, ngày 2 năm 2017", "2017"),
        ("Đồng Mây, ngày 08 tháng 2017", "2017"),
    ],
)
def test_a_date_of_which_a_part_was_lost(line: str, issued_on: str) -> None:
    header = document_of(
        f"ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÂY\nSố: 1/CT-UBND\n{line}\n\n"
        "CHỈ THỊ\nVề việc làm đường\n\nYêu cầu các thôn:\n\n1. Làm."
    ).header
    assert (header.issued_on, header.issued_at) == (issued_on, "Đồng Mây")


@pytest.mark.parametrize(
    ("printed", "issuer"),
    [
        ("BỆNH VIỆN ĐA KHOA THANH SƠN", "Bệnh viện đa khoa Thanh Sơn"),
        ("CỤC QUẢN LÝ DƯỢC", "Cục Quản lý Dược"),
        ("TRUNG TÂM KIỂM SOÁT\nBỆNH TẬT", "Trung tâm Kiểm soát bệnh tật"),
        ("TRƯỜNG ĐẠI HỌC SÔNG LAM", "Trường Đại học Sông Lam"),
        ("HỌC VIỆN SÔNG LAM", "Học viện Sông Lam"),
        ("VỤ ĐỒNG MÂY", "Vụ Đồng Mây"),
    ],
)
def test_hospitals_schools_and_offices_issue_documents(printed: str, issuer: str) -> None:
    header = document_of(
        f"BỘ Y TẾ\n{printed}\nSố: 5/KH-ĐM\nĐồng Mây, ngày 4 tháng 10 năm 2017\n\n"
        "KẾ HOẠCH\nVề việc làm đường\n\nYêu cầu các thôn:\n\n1. Làm đường."
    ).header
    assert (header.issuer, header.issuer_superior) == (issuer, "Bộ Y tế")


def test_a_number_that_a_pen_wrote_is_filled_in_from_the_files_name_and_marked() -> None:
    bare, named = scanned("Số: 206", 0.4), scanned("Số: 206", 0.4, file_name="chi-thi-47.pdf")
    assert (bare.reference_number, bare.inferred) == ("/CT-UBND", ())
    assert (named.reference_number, named.inferred) == ("47/CT-UBND", ("reference_number",))
    assert named.confidence == bare.confidence < 0.7


def test_a_number_that_was_read_is_not_changed_by_the_files_name() -> None:
    header = scanned("Số: 494", 0.95, file_name="chi-thi-47.pdf")
    assert (header.reference_number, header.inferred) == ("494/CT-UBND", ())


@pytest.mark.parametrize("stray", ["CÔNG VĂN ĐẾN\nSố: 1234\nNgày: 15/3/2020", "Anh Tư xử lý", "x 17 ~ VP"])
def test_a_stray_line_in_the_middle_ends_no_header(stray: str) -> None:
    assert document_of(STATE.replace("\n\nKẾ HOẠCH", f"\n{stray}\n\nKẾ HOẠCH")).header == document_of(STATE).header


@pytest.mark.parametrize("heading", ["“ KẾ HOẠCH .", "| KẾ HOẠCH", "KẾ HOẠCH -"])
def test_dust_around_the_kind(heading: str) -> None:
    assert document_of(STATE.replace("KẾ HOẠCH", heading)).header == document_of(STATE).header


def test_a_first_paragraph_that_announces_a_list_is_no_title() -> None:
    text = STATE.replace("\nCăn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;", "")
    text = text.replace("Ủy ban nhân dân huyện ban hành Kế hoạch như sau:", "Các xã thực hiện như sau:")
    assert document_of(text.replace("\n\n", "\n")).header.title == "Phát triển kinh tế - xã hội năm 2021"


def test_a_telegram_goes_to_whom_it_is_wired() -> None:
    header = document_of(
        "UBND TỈNH ĐỒNG MÂY\nSố: 05/CĐ-UBND\nĐồng Mây, hồi 7 giờ 30 ngày 12 tháng 9 năm 2020\n\nCÔNG ĐIỆN\n"
        "Về việc ứng phó mưa lũ\n\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH ĐIỆN:\n- Các huyện;\n- Các sở.\n\n"
        "Yêu cầu các nơi:\n1. Trực ban."
    ).header
    assert header.addressees == ("Các huyện", "Các sở")
    assert (header.issued_on, header.issued_at) == ("2020-09-12", "Đồng Mây")
    assert header.title == "Về việc ứng phó mưa lũ"


@pytest.mark.parametrize("place", ["Phường 14", "Quận 5", "TP. Bến Lau", "Sơn Hạ"])
def test_places_with_a_number_or_an_abbreviation(place: str) -> None:
    assert document_of(STATE.replace("Thanh Sơn Hạ, ngày", f"{place}, ngày")).header.issued_at == place


def test_a_damaged_issuer_is_the_body_whose_head_decides() -> None:
    header = document_of(
        "UBND TỈNH ĐỒNG MÂY\nSỞ TƯ ...\nSố: 12/QĐ-SYT\n\nQUYẾT ĐỊNH\nVề việc lập hội đồng\n\n"
        "GIÁM ĐỐC SỞ Y TẾ TỈNH ĐỒNG MÂY\n\nCăn cứ Luật Dược;\n\nQUYẾT ĐỊNH:\n\nĐiều 1. Lập hội đồng."
    ).header
    assert header.issuer == "Sở Y tế"


def test_a_wide_first_line_is_no_part_of_the_title() -> None:
    opening = (
        "Thực hiện Kế hoạch số 18/KH-UBND ngày 05 tháng 3 năm 2021 của Ủy ban nhân dân huyện Sơn Hạ về cây chè, xã"
    )
    text = f"KẾ HOẠCH\nPhát triển cây chè năm 2021\n{opening}\nyêu cầu các thôn tổ chức thực hiện các nội dung sau:\n"
    page = page_of(text + "1. Các thôn vận động nhân dân trồng mới 12,5 ha chè trước ngày 30 tháng 9 năm 2021.")
    boxes = [(350, 490), (310, 540), (113, 780), (85, 400), (85, 760)]
    lines = tuple(
        replace(line, box=Box(left, 100 + 20 * at, right, 114 + 20 * at), centred=at < 2)
        for at, (line, (left, right)) in enumerate(zip(page.page.lines, boxes, strict=True))
    )
    document = segment(source_of(text), [replace(page, page=replace(page.page, lines=lines))])[0]
    assert document.header.title == "Phát triển cây chè năm 2021"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Điều 7. Hiệu lực\n\nNghị định này có hiệu lực từ ngày ký.", "Nghị định"),
        ("- Đã trồng 5 ha rừng.\n\nTrên đây là báo cáo kết quả tuần của xã./.", "Báo cáo"),
        ("1. Quyết định này thay Kế hoạch này.\n\n2. Các thôn thi hành Quyết định này.", "Quyết định"),
        ("1. Trồng cây.\n\n2. Thực hiện Quyết định số 5/QĐ-UBND ngày 02/3/2021.", None),
    ],
)
def test_a_document_without_a_heading_is_what_it_calls_itself(body: str, kind: str | None) -> None:
    header = document_of(body).header
    assert header.document_type == kind
    assert ("document_type" in header.inferred) == (kind is not None)


def test_number_date_and_subject_may_stand_in_one_line() -> None:
    header = document_of(
        "Số: 12/SNV-VP Đồng Mây, ngày 10 tháng 8 năm 2021 V/v báo cáo kết quả\ntrồng cây\n\nKính gửi: Các xã\n\n"
        "Sở Nội vụ đề nghị các xã báo cáo."
    ).header
    assert (header.reference_number, header.issued_on, header.issued_at) == ("12/SNV-VP", "2021-08-10", "Đồng Mây")
    assert (header.document_type, header.title) == ("Công văn", "V/v báo cáo kết quả trồng cây")
