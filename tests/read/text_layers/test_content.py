from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import KWD, LIT, PSEOF

from pipeline.read.text_layers.content import Characters, Interpreter, _objects, _Uncovered


def by_pdfminer(data: bytes) -> list[Any]:
    parser = PDFContentParser([PDFStream({}, data)])
    found = []
    while True:
        try:
            found.append(parser.nextobject()[1])
        except PSEOF:
            return found


numbers = st.one_of(
    st.integers(-9999, 99999).map(lambda n: str(n).encode()),
    st.floats(-999, 999).map(lambda x: f"{x:.3f}".encode()),
    st.sampled_from([b".5", b"-.25", b"3.", b"+7"]),
)
strings = st.one_of(
    st.sampled_from(
        (b"(Ch\\341o)", b"(a(b)c)", b"(\\(\\))", b"()", b"(x\\ny)", b"<00480049>", b"<>", b"<4>", b"(\\053)")
    ),
    st.binary(max_size=8).map(lambda b: b"<" + b.hex().encode() + b">"),
)
names = st.sampled_from([b"/F1", b"/Span", b"/TT0"])
simple = st.one_of(numbers, strings, names)
arrays = st.lists(st.one_of(numbers, strings), max_size=6).map(lambda items: b"[" + b" ".join(items) + b"]")
dictionaries = st.lists(st.tuples(names, st.one_of(simple, arrays)), max_size=3).map(
    lambda pairs: b"<<" + b" ".join(k + b" " + v for k, v in pairs) + b">>"
)
operators = st.sampled_from([b"Tj", b"TJ", b"Td", b"BT", b"ET", b"q", b"Q", b"T*", b"'", b'"', b"BDC", b"f*", b"re"])
streams = st.lists(st.one_of(simple, arrays, dictionaries, operators, st.just(b"% a remark\n")), max_size=30).map(
    b" ".join
)


@given(streams)
@settings(max_examples=150, deadline=None)
def test_a_stream_is_cut_as_pdfminer_cuts_it(data: bytes) -> None:
    assert list(_objects(data)) == by_pdfminer(data + b"\n")


def test_operands_without_blanks_between_them() -> None:
    data = b"[(A)-12.5(B)3]TJ/F1 9 Tf 1 0 0 1-3.5 2Tm<41>Tj"
    assert list(_objects(data)) == by_pdfminer(data + b"\n")


@pytest.mark.parametrize("data", [b"BI /W 1 ID \x00\x01 EI", b"(open", b"[1 2", b"1 2] ]", b"/Na#20me Tf", b"<< /A >>"])
def test_what_is_not_covered_is_left_to_pdfminer(data: bytes) -> None:
    with pytest.raises(_Uncovered):
        list(_objects(data))


def test_values() -> None:
    assert list(_objects("true 1 2. /Tên Do".encode())) == [True, 1, 2.0, LIT("Tên"), KWD(b"Do")]


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_cut_or_left(data: bytes) -> None:
    with suppress(_Uncovered):
        list(_objects(data))


def page_that_says(content: bytes) -> bytes:
    """A PDF of one page with one standard font."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, value in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        start,
    )


def letters_of(content: bytes) -> list[tuple[str, float]]:
    with pdfplumber.open(io.BytesIO(page_that_says(content))) as document:
        page = document.pages[0]
        device = Characters(document.rsrcmgr, 1)
        Interpreter(document.rsrcmgr, device).process_page(page.page_obj)
        return [(letter[0], round(letter[3], 2)) for letter in device.letters]


@pytest.mark.parametrize(
    "shown",
    [
        b"(1 7,3%) Tj",
        b"(1) Tj ( ) Tj (7) Tj (,) Tj (3) Tj (%) Tj",
        b"[(1) (\\0407) (,3)] TJ (%) Tj",
        b"[(1 ) 0 (7,3%)] TJ",
    ],
)
def test_the_space_between_letters_follows_the_last_letter_of_a_string_too(shown: bytes) -> None:
    spaced = letters_of(b"BT /F1 10 Tf 20 50 Td 3 Tc 2 Tw " + shown + b" ET")
    # Courier letters are 6 wide; each is followed by 3, the blank by 2 more.
    assert spaced == [("1", 20), (" ", 29), ("7", 40), (",", 49), ("3", 58), ("%", 67)]
