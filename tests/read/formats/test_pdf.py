from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.models import Failure, LineRole, Page, RestoredPage, Source
from pipeline.read import ReadError, iter_pages, read_source
from pipeline.segment import segment
from pipeline.settings import ReadSettings
from tests.read.printed import A4, LETTER, draw_page, print_lines

MakeSource = Callable[[Path], Source]
MakeCanvas = Callable[..., Canvas]


def lines_of(page: Page, role: LineRole) -> list[str]:
    return [page.text_raw[line.start : line.end] for line in page.lines if line.role is role]


@pytest.fixture
def letter(tmp_path: Path, canvas: MakeCanvas) -> Path:
    path = tmp_path / "ke-hoach.pdf"
    pdf = canvas(path)
    print_lines(pdf, LETTER)
    pdf.save()
    return path


def test_a_sound_text_layer_is_believed(letter: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    (page,) = read_source(source_of(letter), settings).pages
    assert (page.method, page.layer_decision) == ("text_layer", "believed")
    assert page.layer_score is not None
    assert page.layer_score > 0.95
    assert "phấn đấu giảm tỷ lệ hộ nghèo còn 3,5% vào" in page.text_raw


def test_header_and_end_are_read_column_by_column(letter: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    (page,) = read_source(source_of(letter), settings).pages
    assert lines_of(page, LineRole.HEADER_LEFT) == ["ỦY BAN NHÂN DÂN", "XÃ ĐỒNG MÂY", "Số: 12/KH-UBND"]
    assert lines_of(page, LineRole.HEADER_RIGHT)[-1] == "Đồng Mây, ngày 15 tháng 3 năm 2024"
    assert lines_of(page, LineRole.RECIPIENTS) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    assert lines_of(page, LineRole.SIGNATURE) == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Người Ký Thử"]
    body = lines_of(page, LineRole.BODY)
    assert body[0] == "KẾ HOẠCH"
    assert len(body) == 4


def test_two_letters_on_one_page_are_two_documents(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings
) -> None:
    path, pdf = tmp_path / "hai-van-ban.pdf", canvas(tmp_path / "hai-van-ban.pdf")
    lower = [
        (left, top + 330, text.replace("12/KH", "34/KH").replace("Mây, ngày 15", "Mây, ngày 21"))
        for left, top, text in LETTER
    ]
    print_lines(pdf, LETTER + lower)
    pdf.save()
    source = source_of(path)
    restored = [RestoredPage(page, page.text_raw) for page in read_source(source, settings).pages]
    first, second = segment(source, restored)
    assert (first.header.reference_number, first.header.issued_on) == ("12/KH-UBND", "2024-03-15")
    assert (second.header.reference_number, second.header.issued_on) == ("34/KH-UBND", "2024-03-21")
    assert first.footer.signer == second.footer.signer == "Người Ký Thử"
    (page,) = second.pages
    box = page.box_of(page.text.index("34/KH"), page.text.index("34/KH") + 5)
    assert box is not None
    assert 415 < box.y0 < box.y1 < 440


def test_words_have_boxes_and_spans(letter: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    (page,) = read_source(source_of(letter), settings).pages
    assert [page.text_raw[w.start : w.end] for w in page.words] == page.text_raw.split()
    start = page.text_raw.index("12/KH-UBND")
    box = page.box_of(start, start + 10)
    assert box is not None
    assert 60 < box.x0 < box.x1 < 170
    assert 85 < box.y0 < box.y1 < 105


def test_a_ruled_table_becomes_cells_and_rows(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings
) -> None:
    path = tmp_path / "bang.pdf"
    pdf = canvas(path)
    print_lines(pdf, [(60, 60, "Chỉ tiêu trồng cây của các thôn trong xã như sau:")])
    rows = [["STT", "Thôn", "Số cây"], ["1", "Thôn Thượng", "1.250"], ["2", "Thôn Hạ", "980"]]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            pdf.rect(60 + 120 * c, A4[1] - 100 - 24 * r, 120, 24)
            print_lines(pdf, [(66 + 120 * c, 100 + 24 * r - 8, text)])
    print_lines(pdf, [(60, 200, "Các thôn tổ chức thực hiện.")])
    pdf.save()
    (page,) = read_source(source_of(path), settings).pages
    assert lines_of(page, LineRole.TABLE) == ["STT\tThôn\tSố cây", "1\tThôn Thượng\t1.250", "2\tThôn Hạ\t980"]
    (table,) = page.tables
    cells = {(c.row, c.column): page.text_raw[c.start : c.end] for c in table.cells}
    assert cells[1, 2] == "1.250"
    assert page.text_raw.index("như sau:") < page.text_raw.index("STT") < page.text_raw.index("tổ chức")
    assert page.text_raw.count("Thượng") == 1


def scan(path: Path, canvas: MakeCanvas, layer: list[tuple[float, float, str]]) -> None:
    """A PDF as scanners make it: the picture of the letter, and an invisible text layer."""
    pdf = canvas(path)
    buffer = io.BytesIO()
    draw_page(LETTER).save(buffer, "PNG")
    pdf.drawImage(ImageReader(Image.open(buffer)), 0, 0, A4[0], A4[1])
    for left, top, text in layer:
        invisible = pdf.beginText(left, A4[1] - top)
        invisible.setTextRenderMode(3)
        invisible.setFont("Viet", 10.5)
        invisible.textOut(text)
        pdf.drawText(invisible)
    pdf.save()


GARBAGE = "Thue hién Chi thi s6 07/CT-UBND cua Uy ban nhan dan huyén Thanh Son Ha, xa Ddng"


@pytest.mark.parametrize(
    ("layer", "decision"),
    [
        ([], "none"),
        ([(60, 150 + 18 * n, GARBAGE) for n in range(8)], "rejected"),
        (
            [(400, 20, "Người ký: Ủy ban nhân dân xã Đồng Mây"), (400, 30, "Ngày ký: 15.03.2024 10:00:00 +07:00")],
            "none",
        ),
    ],
)
def test_a_scan_is_read_by_ocr(
    layer: list[tuple[float, float, str]],
    decision: str,
    tmp_path: Path,
    canvas: MakeCanvas,
    source_of: MakeSource,
    settings: ReadSettings,
) -> None:
    path = tmp_path / "quet.pdf"
    scan(path, canvas, layer)
    (page,) = read_source(source_of(path), settings).pages
    assert (page.method, page.layer_decision) == ("ocr", decision)
    assert "giảm tỷ lệ hộ nghèo còn 3,5% vào" in page.text_raw
    assert "Số: 12/KH-UBND" in lines_of(page, LineRole.HEADER_LEFT)
    assert lines_of(page, LineRole.SIGNATURE)[0] == "TM. ỦY BAN NHÂN DÂN"
    assert page.ocr_confidence is not None
    assert page.ocr_confidence > 0.8
    assert GARBAGE not in page.text_raw


def test_a_good_layer_over_a_scan_is_believed(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings
) -> None:
    path = tmp_path / "quet.pdf"
    scan(path, canvas, LETTER)
    (page,) = read_source(source_of(path), settings).pages
    assert (page.method, page.layer_decision) == ("text_layer", "believed")


def test_a_signature_stamp_is_no_body_text(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings
) -> None:
    path = tmp_path / "ky-so.pdf"
    pdf = canvas(path)
    print_lines(pdf, LETTER)
    stamp = [
        "Ký bởi: Ủy ban nhân dân xã Đồng Mây",
        "Email: dongmay@sonha.example.vn",
        "Thời gian ký: 15.03.2024 16:23:09 +07:00",
    ]
    print_lines(pdf, [(400, 20 + 7 * n, text) for n, text in enumerate(stamp)], size=6)
    pdf.save()
    (page,) = read_source(source_of(path), settings).pages
    (signature,) = page.signatures
    assert signature.signer == "Ủy ban nhân dân xã Đồng Mây"
    assert signature.signed_at is not None
    assert signature.signed_at.isoformat() == "2024-03-15T16:23:09+07:00"
    assert "Ký bởi" not in page.text_raw
    assert "example.vn" not in page.text_raw


def test_a_blank_page_has_no_text(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings
) -> None:
    path = tmp_path / "trang.pdf"
    pdf = canvas(path)
    pdf.showPage()
    print_lines(pdf, LETTER)
    pdf.save()
    blank, full = read_source(source_of(path), settings).pages
    assert (blank.text_raw, blank.lines) == ("", ())
    assert full.number == 2


def test_page_numbers_are_no_text(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings
) -> None:
    path = tmp_path / "so-trang.pdf"
    pdf = canvas(path)
    print_lines(
        pdf, [(295, 40, "2"), *((60, 100 + 18 * n, "Các thôn tổ chức thực hiện kế hoạch này.") for n in range(5))]
    )
    pdf.save()
    (page,) = read_source(source_of(path), settings).pages
    assert lines_of(page, LineRole.PAGE_NUMBER) == ["2"]


# ----------------------------------------------------------------------------------------------- bad files


def test_truncated_file_is_damaged_or_partly_read(letter: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    letter.write_bytes(letter.read_bytes()[:900])
    with pytest.raises(ReadError) as caught:
        read_source(source_of(letter), settings)
    assert caught.value.code == "damaged_pdf"


def test_password_is_named(tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings) -> None:
    path = tmp_path / "khoa.pdf"
    pdf = canvas(path, encrypt=StandardEncryption("bimat", ownerPassword="chu"))
    print_lines(pdf, LETTER)
    pdf.save()
    with pytest.raises(ReadError, match="password") as caught:
        read_source(source_of(path), settings)
    assert caught.value.code == "encrypted_pdf"


def write_pdf_without_pages(path: Path) -> Path:
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n105\n%%EOF\n"
    )
    return path


def test_pdf_without_pages(tmp_path: Path, source_of: MakeSource, settings: ReadSettings) -> None:
    with pytest.raises(ReadError) as caught:
        read_source(source_of(write_pdf_without_pages(tmp_path / "khong-trang.pdf")), settings)
    assert caught.value.code == "no_pages"


def test_pdf_without_pages_is_not_taken_for_the_locked_one_before_it(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings
) -> None:
    locked = tmp_path / "khoa.pdf"
    pdf = canvas(locked, encrypt=StandardEncryption("bimat", ownerPassword="chu"))
    print_lines(pdf, LETTER)
    pdf.save()
    codes = []
    for path in (locked, write_pdf_without_pages(tmp_path / "khong-trang.pdf")):
        with pytest.raises(ReadError) as caught:
            read_source(source_of(path), settings)
        codes.append(caught.value.code)
    assert codes == ["encrypted_pdf", "no_pages"]


def test_pages_over_the_limit_are_a_failure(
    letter: Path, tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource
) -> None:
    path = tmp_path / "dai.pdf"
    pdf = canvas(path)
    for _ in range(3):
        print_lines(pdf, LETTER)
        pdf.showPage()
    pdf.save()
    items = list(iter_pages(source_of(path), ReadSettings(max_pages=2)))
    assert [item.number for item in items if isinstance(item, Page)] == [1, 2]
    (failure,) = (item for item in items if isinstance(item, Failure))
    assert (failure.page, failure.stage, failure.code) == (3, "read", "too_many_pages")


def test_a_page_that_is_too_large_does_not_stop_the_others(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource
) -> None:
    path = tmp_path / "to.pdf"
    pdf = canvas(path)
    buffer = io.BytesIO()
    draw_page(LETTER).save(buffer, "PNG")
    pdf.drawImage(ImageReader(Image.open(buffer)), 0, 0, A4[0], A4[1])
    pdf.showPage()
    print_lines(pdf, LETTER)
    pdf.save()
    reading = read_source(source_of(path), ReadSettings(max_pixels=10_000))
    assert [page.number for page in reading.pages] == [2]
    assert [(f.page, f.code) for f in reading.failures] == [(1, "too_large")]


def test_missing_tesseract_names_the_package(
    tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource, settings: ReadSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "quet.pdf"
    scan(path, canvas, [])
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "no-such-tesseract")
    with pytest.raises(ReadError, match="tesseract-ocr") as caught:
        read_source(source_of(path), settings)
    assert caught.value.code == "tesseract_missing"


def test_missing_language_names_the_package(tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource) -> None:
    path = tmp_path / "quet.pdf"
    scan(path, canvas, [])
    with pytest.raises(ReadError, match="tesseract-ocr-xyz") as caught:
        read_source(source_of(path), ReadSettings(language="xyz"))
    assert caught.value.code == "language_missing"


def test_a_page_over_its_time_is_a_failure(tmp_path: Path, canvas: MakeCanvas, source_of: MakeSource) -> None:
    path = tmp_path / "cham.pdf"
    scan(path, canvas, [])
    (failure,) = iter_pages(source_of(path), ReadSettings(ocr_timeout=0.01))
    assert isinstance(failure, Failure)
    assert failure.code == "ocr_timeout"
