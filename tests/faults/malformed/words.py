"""Malformed Word documents."""

from __future__ import annotations

import io
import zipfile

import docx

from tests.faults.malformed.case import Case

_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SENTENCE = "Giảm tỷ lệ hộ nghèo xuống dưới 3%."


def _sound() -> bytes:
    document = docx.Document()
    document.add_paragraph(_SENTENCE)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sound_body() -> bytes:
    """The XML of a document with a list, a table and two pages; `word_of` makes a document of it again."""
    document = docx.Document()
    document.add_paragraph(_SENTENCE, style="List Number")
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = _SENTENCE
    document.add_page_break()
    document.add_paragraph(_SENTENCE)
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return archive.read("word/document.xml")


def word_of(xml: bytes) -> bytes:
    """A Word document with this XML, sound or not."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_sound())) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, xml if part.filename == "word/document.xml" else old.read(part))
    return buffer.getvalue()


def _with(body: str | None = None, *, prolog: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    """A sound document with another body, another prolog of its XML, or further parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_sound())) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml" and body is not None:
                text = f'<w:document xmlns:w="{_SPACE}"><w:body>{body}</w:body></w:document>'
                content = (prolog + text).encode()
            new.writestr(part.filename, content)
        for name, content in (parts or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


def _paragraph(text: str = _SENTENCE) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY l0 "ha">{entities}]>'
    return _with(_paragraph("&l9;") + _paragraph(), prolog=prolog)


def _foreign_entity() -> bytes:
    prolog = '<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return _with(_paragraph("&x;") + _paragraph(), prolog=prolog)


def _table(cell: str, depth: int = 0) -> str:
    inner = _table(cell, depth - 1) if depth else ""
    return f"<w:tbl><w:tr><w:tc>{cell}{inner}<w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"


def _wide_cell(span: int, properties: str = "<w:tblPr/>") -> bytes:
    cell = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{_paragraph()}'
    row = f"<w:tr><w:tc>{cell}</w:tc><w:tc><w:p/></w:tc></w:tr>"
    grid = "<w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
    return _with(f"<w:tbl>{properties}{grid}{row}{row}</w:tbl>{_paragraph()}")


def _locked() -> bytes:
    """Every member says that it is encrypted."""
    data = bytearray(_sound())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 1)
    return bytes(data)


def _lying() -> bytes:
    """The directory says that the text is short; it unpacks to 300 MB."""
    data = bytearray(_bomb({"word/media/a.bin": 300_000_000}))
    at = data.rfind(b"word/media/a.bin") - 46
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def _bomb(sizes: dict[str, int]) -> bytes:
    """A sound document with members that unpack to so many zeros."""
    buffer = io.BytesIO(_sound())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, size in sizes.items():
            with archive.open(name, "w", force_zip64=True) as member:
                for _ in range(size // 1_000_000):
                    member.write(bytes(1_000_000))
    return buffer.getvalue()


def _broken_stream() -> bytes:
    data = _sound()
    at = data.index(b"word/document.xml") + len(b"word/document.xml")
    return data[: at + 20] + b"\xff" * 40 + data[at + 60 :]


def _unknown_packing() -> bytes:
    data = bytearray(_sound())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] = 97
            at = data.find(signature, at + 1)
    return bytes(data)


_BREAK = '<w:p><w:r><w:t>trang</w:t><w:br w:type="page"/></w:r></w:p>'
_LIST = (
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="987654321"/></w:numPr></w:pPr>'
    "<w:r><w:t>a</w:t></w:r></w:p>"
)
_LINK = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="x" TargetMode="External" Target="http://192.0.2.1/a" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)

WORDS = (
    Case("cut.docx", "the second half is missing", lambda: _sound()[: len(_sound()) // 2], "unknown_content"),
    Case("bad-xml.docx", "its XML is not well formed", lambda: _with("<w:p><w:r>"), "damaged_docx"),
    Case("no-body.docx", "another XML than Word's", lambda: _with(prolog="", body="</w:body><w:body>"), "empty_file"),
    Case("empty.docx", "a document without text", lambda: _with("<w:p/>"), "empty_file", says="holds no text"),
    Case("laughs.docx", "entities that unfold to 10⁹ words", _laughs, "damaged_docx"),
    Case("entity.docx", "an entity that is a file of the reader", _foreign_entity, pages=1, holds="hộ nghèo"),
    Case(
        "bomb.docx",
        "a part of 300 MB, packed into 1 MB",
        lambda: _bomb({"word/media/a.bin": 300_000_000}),
        "too_large",
        says="once unpacked",
    ),
    Case(
        "bombs.docx",
        "four parts of 100 MB, each below the limit of a part",
        lambda: _bomb({f"word/media/{n}.bin": 100_000_000 for n in range(4)}),
        "too_large",
        says="once unpacked",
    ),
    Case("lying.docx", "a part that is longer than it says", _lying, pages=1, holds="hộ nghèo"),
    Case("locked.docx", "parts that are said to be encrypted", _locked, "damaged_docx"),
    Case("stream.docx", "a compressed part with wrong bytes", _broken_stream, "damaged_docx"),
    Case("packing.docx", "an unknown kind of compression", _unknown_packing, "damaged_docx"),
    Case("nested.docx", "tables 150 deep in each other", lambda: _with(_table(_paragraph(), 150)), "damaged_docx"),
    Case("wide-cell.docx", "a cell over 2 · 10⁹ columns", lambda: _wide_cell(2_000_000_000), pages=1),
    Case("bare-table.docx", "a table without properties", lambda: _wide_cell(2, ""), "damaged_docx"),
    Case("breaks.docx", "5 000 page breaks", lambda: _with(_BREAK * 5000), "too_many_pages", pages=12),
    Case("list.docx", "a list level and a list that do not exist", lambda: _with(_LIST + _paragraph()), pages=1),
    Case(
        "template.docx",
        "a template in the network",
        lambda: _with(parts={"word/_rels/settings.xml.rels": _LINK}),
        pages=1,
        holds="hộ nghèo",
    ),
    Case("letter.docx.pdf", "a Word document called .pdf", _sound, pages=1, holds="hộ nghèo"),
)
