from __future__ import annotations

import os
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Source
from pipeline.read import ReadError, read_source
from pipeline.read.formats.plain import decode_bytes, split_pages
from pipeline.settings import ReadSettings

TEXT = (
    "Ủy ban nhân dân xã Đồng Mây yêu cầu các thôn đẩy mạnh phong trào thi đua, phấn đấu giảm tỷ lệ hộ nghèo "
    "xuống dưới 3,5% và trồng mới 1.250 cây xanh trước ngày 30 tháng 11 năm 2024.\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_read_the_same(encoding: str) -> None:
    assert decode_bytes(TEXT.encode(encoding)) == TEXT


def test_decomposed_letters_become_one_character() -> None:
    import unicodedata

    assert decode_bytes(unicodedata.normalize("NFD", TEXT).encode()) == TEXT


def test_windows_1258_is_decoded() -> None:
    import unicodedata

    marks = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    out = ""
    for letter in TEXT:
        decomposed = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in marks))
        out += base + "".join(c for c in decomposed if c in marks)
    assert decode_bytes(out.encode("cp1258")) == TEXT


def test_tcvn3_stays_as_windows_1252_characters() -> None:
    seen = "Céng hoµ x· héi chñ nghÜa ViÖt Nam, b\u00adíc ®Çu"
    assert decode_bytes(seen.encode("cp1252")) == seen


def test_latin_1_text_of_another_language_is_kept() -> None:
    text = "El niño pasó el año aquí, según la señora Núñez."
    assert decode_bytes(text.encode("cp1252")) == text


def test_bytes_of_no_text_are_refused() -> None:
    assert decode_bytes(bytes(range(256)) * 40) is None


def test_a_letter_cut_off_at_the_end_is_still_utf8() -> None:
    assert (decode_bytes(TEXT.rstrip().encode() + "ế".encode()[:1]) or "").startswith(TEXT.rstrip())


def test_form_feeds_cut_pages() -> None:
    assert split_pages("một\n\fhai\n\fba\n\f") == ["một", "hai", "ba"]


def test_lost_form_feeds_cut_pages_at_lines_with_one_blank() -> None:
    page = "\n".join(f"dòng {n} của trang" for n in range(20))
    assert [p.count("\n") + 1 for p in split_pages(f" {page}\n {page}\n\n {page}\n")] == [20, 20, 20]


def test_an_indented_paragraph_is_no_page() -> None:
    text = "Mở đầu\n\n Đoạn thụt đầu dòng\n tiếp theo\n"
    assert split_pages(text) == [text.strip("\n")]


def test_lines_span_the_text(tmp_path: Path, source_of: Callable[[Path], Source], settings: ReadSettings) -> None:
    path = tmp_path / "van-ban.txt"
    path.write_text("Điều 1. Giao các thôn\r\nthực hiện.\fĐiều 2.", encoding="utf-8")
    pages = read_source(source_of(path), settings).pages
    assert [page.number for page in pages] == [1, 2]
    assert [pages[0].text_raw[line.start : line.end] for line in pages[0].lines] == [
        "Điều 1. Giao các thôn",
        "thực hiện.",
    ]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty_file"), (b" \n\n", "empty_file"), (b"\x00\x01" * 99, "not_a_document")]
)
def test_files_without_text_say_so(
    content: bytes, code: str, tmp_path: Path, source_of: Callable[[Path], Source], settings: ReadSettings
) -> None:
    path = tmp_path / "trong.txt"
    path.write_bytes(content)
    with pytest.raises(ReadError) as caught:
        read_source(source_of(path), settings)
    assert caught.value.code == code
    assert caught.value.message


def test_a_file_over_the_limit_is_refused(tmp_path: Path, source_of: Callable[[Path], Source]) -> None:
    path = tmp_path / "lon.txt"
    path.write_text("a" * 100)
    with pytest.raises(ReadError, match="limit") as caught:
        read_source(source_of(path), ReadSettings(max_text_bytes=99))
    assert caught.value.code == "too_large"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(
    tmp_path: Path, source_of: Callable[[Path], Source], settings: ReadSettings
) -> None:
    path = tmp_path / "khoa.txt"
    path.write_text("x")
    source = source_of(path)
    path.chmod(0)
    with pytest.raises(ReadError) as caught:
        read_source(source, settings)
    assert caught.value.code == "unreadable"


@given(st.text(alphabet=string.ascii_letters + "ăâđêôơưáàảãạếềểễệ \n,.;%0123456789", min_size=1))
def test_any_vietnamese_text_survives_utf8(text: str) -> None:
    assert decode_bytes(text.encode("utf-8")) == text


@given(st.binary(max_size=400))
def test_no_bytes_break_the_decoder(data: bytes) -> None:
    text = decode_bytes(data)
    assert text is None or "\x00" not in text


@given(st.text(max_size=300))
def test_pages_hold_every_word(text: str) -> None:
    assert " ".join(split_pages(text)).split() == text.split()
