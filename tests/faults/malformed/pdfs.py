"""Malformed PDFs, written object by object."""

from __future__ import annotations

import io
import zlib

from reportlab.pdfgen.canvas import Canvas

from tests.faults.malformed.case import Case

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_WORDS = b"BT /F1 12 Tf 72 720 Td (Ke hoach trong 1250 cay xanh nam 2031 tai xa Dong May) Tj ET"
_RESOURCES = b"/Resources<</Font<</F1 4 0 R>>>>"


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _file(objects: dict[int, bytes], trailer: bytes = b"", *, shift: int = 0, table: bool = True) -> bytes:
    """A PDF of these objects; `shift` makes every offset in its table wrong, without `table` it has none."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, content in objects.items():
        offsets[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    if not table:
        return out.getvalue()
    start, size = out.tell() + shift, max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % (offsets.get(number, 0) + shift))
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))
    return out.getvalue()


def _page(page: bytes = b"", content: bytes | None = None, more: dict[int, bytes] | None = None) -> dict[int, bytes]:
    """The objects of a PDF of one page; `page` are further entries of its dictionary, which go before."""
    box = b"" if b"/MediaBox" in page else b"/MediaBox[0 0 595 842]"
    resources = b"" if b"/Resources" in page else _RESOURCES
    contents = b"" if b"/Contents" in page else b"/Contents 5 0 R"
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R%s%s%s%s>>" % (page, box, resources, contents),
        4: _FONT,
        5: content if content is not None else _stream(_WORDS),
        **(more or {}),
    }


def sound_pdf() -> bytes:
    """Two pages: one of text, one of a picture."""
    image = _stream(
        bytes(range(200, 250)) * 48,
        b"/Type/XObject/Subtype/Image/Width 60/Height 40/ColorSpace/DeviceGray/BitsPerComponent 8",
    )
    second = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</XObject<</X 7 0 R>>>>/Contents 8 0 R>>"
    objects = _page(more={6: second, 7: image, 8: _stream(b"q 300 0 0 200 0 0 cm /X Do Q")})
    objects[2] = b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>"
    return _file(objects, b"/Info<</Title(Ke hoach)>>")


def _pages(count: int, *, password: str | None = None) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=password, pageCompression=0)
    for number in range(count):
        canvas.drawString(72, 720, f"Ke hoach trong {number + 1} cay xanh nam 2031 tai xa Dong May")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _owner_only() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("", ownerPassword="owner", canCopy=0))
    canvas.drawString(72, 720, "Ke hoach trong 1250 cay xanh nam 2031 tai xa Dong May")
    canvas.save()
    return buffer.getvalue()


def _without_pages() -> bytes:
    return _file({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"})


def _many_pages(count: int) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R" + _RESOURCES + b">>"
    kids = b" ".join(b"%d 0 R" % (10 + number) for number in range(count))
    tree = {2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)}
    return _file(_page() | tree | {10 + number: page for number in range(count)})


def _cycle() -> bytes:
    objects = _page()
    objects[2] = b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2/Parent 2 0 R>>"
    return _file(objects)


def _deep_tree(depth: int) -> bytes:
    objects = _page()
    for level in range(depth):
        kid = 10 + level + 1 if level + 1 < depth else 3
        objects[10 + level] = b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % kid
    objects[2] = b"<</Type/Pages/Kids[10 0 R]/Count 1>>"
    return _file(objects)


def _recursive_form() -> bytes:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>"
    page = b"/Resources<</Font<</F1 4 0 R>>/XObject<</X 6 0 R>>>>"
    return _file(_page(page, _stream(_WORDS + b" /X Do"), {6: _stream(b"/X Do /X Do", form)}))


def _many_forms(levels: int) -> bytes:
    """Each form draws the next one ten times."""
    more = {}
    for level in range(levels):
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
        if level + 1 < levels:
            entries += b"/Resources<</XObject<</X %d 0 R>>>>" % (7 + level)
        more[6 + level] = _stream(b"/X Do " * 10 if level + 1 < levels else b"0 0 m 9 9 l S", entries)
    page = b"/Resources<</Font<</F1 4 0 R>>/XObject<</X 6 0 R>>>>"
    return _file(_page(page, _stream(_WORDS + b" /X Do"), more))


def _flate(size: int, byte: bytes = b" ") -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(byte * 1_000_000) for _ in range(size // 1_000_000))
    return packed + packer.flush()


def _bomb() -> bytes:
    return _file(_page(content=_stream(_flate(1_000_000_000), b"/Filter/FlateDecode")))


def _chain() -> bytes:
    packed = _WORDS
    for _ in range(60):
        packed = zlib.compress(packed)
    return _file(_page(content=_stream(packed, b"/Filter[" + b"/FlateDecode" * 60 + b"]")))


def _picture(width: int, height: int) -> bytes:
    entries = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
        % (width, height)
    )
    page = b"/Resources<</XObject<</X 6 0 R>>>>"
    return _file(_page(page, _stream(b"595 0 0 842 0 0 cm /X Do"), {6: _stream(_flate(2_000_000, b"\0"), entries)}))


def _without_font() -> bytes:
    return _file(_page(b"/Resources<<>>"))


def _strange_font() -> bytes:
    font = b"<</Type/Font/Subtype/Type0/BaseFont/Missing/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Missing/DW 1000/W[0[-5 1e99]]/CIDSystemInfo<<>>>>"
    unicode_map = _stream(b"1 beginbfrange <0000> <FFFFFFFF> <0000> endbfrange 1 beginbfchar <41> <ZZ> endbfchar")
    objects = _page(b"/Resources<</Font<</F1 6 0 R>>>>", None, {6: font, 7: descendant, 8: unicode_map})
    return _file(objects)


def _count_of(count: int) -> bytes:
    objects = _page()
    objects[2] = b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count
    return _file(objects)


def _missing_page() -> bytes:
    objects = _page()
    objects[2] = b"<</Type/Pages/Kids[3 0 R 99 0 R]/Count 2>>"
    return _file(objects)


def _length_of_itself() -> bytes:
    return _file(_page(content=b"<</Length 5 0 R>>\nstream\n" + _WORDS + b"\nendstream"))


def _actions() -> bytes:
    objects = _page()
    objects[1] = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(x)>>>>>>"
    )
    return _file(objects)


def _much_text() -> bytes:
    line = b"(Ke hoach trong 1250 cay xanh nam 2031 tai xa Dong May) Tj 0 -1 Td "
    return _file(_page(content=_stream(b"BT /F1 1 Tf 20 830 Td " + line * 800 + b"ET")))


def _nested_arrays() -> bytes:
    return _file(_page(b"/Odd " + b"[" * 5000 + b"]" * 5000))


def _looped_xref() -> bytes:
    data = _file(_page())
    start = data.rindex(b"xref\n0 ")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


def _box(*numbers: object) -> bytes:
    return _file(_page(b"/MediaBox[%s]" % " ".join(map(str, numbers)).encode()))


_TEN_METRES = 28_346

PDFS = (
    Case("empty.pdf", "0 bytes", lambda: b"", "empty_file"),
    Case("head.pdf", "the first line of a PDF and nothing else", lambda: b"%PDF-1.7\n", "damaged_pdf"),
    Case("junk.pdf", "a PDF's first line before random text", lambda: b"%PDF-1.7\n" + b"x y z\n" * 900, "damaged_pdf"),
    Case("late.pdf", "the PDF begins after 5 000 other bytes", lambda: bytes(5000) + _file(_page()), "unknown_content"),
    Case("prefix.pdf", "a mail header before the PDF", lambda: b"X-Mail: 1\r\n" * 9 + _file(_page()), pages=1),
    Case("cut.pdf", "the second half is missing", lambda: _pages(3)[:1500], "damaged_pdf"),
    Case("no-table.pdf", "no cross-reference table", lambda: _file(_page(), table=False), "damaged_pdf"),
    Case(
        "offsets.pdf", "every offset of the table is wrong", lambda: _file(_page(), shift=-7), pages=1, holds="Dong May"
    ),
    Case("loop.pdf", "a cross-reference table that goes on in itself", _looped_xref, pages=1, holds="Dong May"),
    Case("no-pages.pdf", "a page tree without pages", _without_pages, "no_pages"),
    Case(
        "locked.pdf",
        "a password is needed to open it",
        lambda: _pages(1, password="secret"),
        "encrypted_pdf",
        says="password",
    ),
    Case("owner.pdf", "a password is needed only to change it", _owner_only, pages=1, holds="Dong May"),
    Case("cycle.pdf", "a page tree that contains itself", _cycle, "damaged_page", pages=1),
    Case("deep-tree.pdf", "a page tree of 3 000 levels", lambda: _deep_tree(3000), "damaged_page"),
    Case("count.pdf", "says that it has 10⁹ pages", lambda: _count_of(1_000_000_000), pages=1),
    Case("negative-count.pdf", "says that it has −5 pages", lambda: _count_of(-5), pages=1),
    Case("missing-page.pdf", "one of two pages does not exist", _missing_page, "damaged_page", pages=1),
    Case("many-pages.pdf", "5 000 pages", lambda: _many_pages(5000), "too_many_pages", pages=12, says="read.max_pages"),
    Case("recursive.pdf", "a drawing that draws itself", _recursive_form, "out_of_memory", slow=True),
    Case("forms.pdf", "drawings in drawings: 10⁸ lines", lambda: _many_forms(9), "out_of_memory", slow=True),
    Case("bomb.pdf", "a page description of 1 GB, packed into 1 MB", _bomb, "out_of_memory", slow=True),
    Case("chain.pdf", "packed sixty times over", _chain, pages=1),
    Case("picture.pdf", "a picture of 60 000 × 60 000 pixels", lambda: _picture(60_000, 60_000), "too_large"),
    Case("short-picture.pdf", "a picture with too few bytes", lambda: _picture(3000, 4000), pages=1),
    Case("no-font.pdf", "a font that is not there", _without_font, pages=1),
    Case("strange-font.pdf", "a font with impossible widths and letters", _strange_font, pages=1),
    Case("length.pdf", "a stream whose length is the stream itself", _length_of_itself, pages=1),
    Case("actions.pdf", "scripts and programs to be started", _actions, pages=1, holds="Dong May"),
    Case("much-text.pdf", "40 000 letters on one page", _much_text, pages=1, slow=True),
    Case("arrays.pdf", "arrays 5 000 deep in each other", _nested_arrays, pages=1),
    Case("negative-box.pdf", "a page box from right to left", lambda: _box(595, 842, 0, 0), pages=1, holds="Dong May"),
    Case("below-zero.pdf", "a page box below zero", lambda: _box(-595, -842, -1, -1), pages=1),
    Case("no-size.pdf", "a page of 0 × 0", lambda: _box(0, 0, 0, 0), pages=1),
    Case("words-as-box.pdf", "a page box of words", lambda: _box("/a", "(b)", "null", "[1]"), pages=1),
    Case("10-m.pdf", "a page of 10 m × 10 m with text", lambda: _box(0, 0, _TEN_METRES, _TEN_METRES), pages=1),
    Case(
        "10-m-picture.pdf",
        "a page of 10 m × 10 m that must be shown",
        lambda: _file(_page(b"/MediaBox[0 0 28346 28346]", _stream(b"0 0 m 1 9 99 9 99 0 c S " * 9))),
        "too_large",
        says="the limit is",
    ),
    Case("endless.pdf", "a page of 10³⁰ points", lambda: _box(0, 0, 10**30, 10**30), pages=1),
    Case("turned.pdf", "a page turned by 45 degrees", lambda: _file(_page(b"/Rotate 45")), pages=1, holds="Dong May"),
    Case("unit.pdf", "units of 10⁹ points", lambda: _file(_page(b"/UserUnit 1000000000")), pages=1),
    Case("picture.png.pdf", "a picture called .pdf", lambda: b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged_image"),
)
