"""Header blocks, footer blocks and numbering styles of many offices, in the orders in which they are read."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.models import Document, LineRole
from pipeline.segment import segment
from pipeline.vietnamese import fold
from tests.segment.composed import document_of, page_of, source_of

BLOCKS = Path(__file__).with_name("blocks")

BODY = (
    "QUYẾT ĐỊNH\nVề việc làm đường\n\nĐiều 1. Làm đường.\n\nĐiều 2. Các thôn báo cáo kết quả.\n\n"
    "Điều 3. Chánh Văn phòng và các thôn chịu trách nhiệm thi hành Quyết định này./.\n\n"
)
PLAN = (
    "ỦY BAN NHÂN DÂN\nHUYỆN SƠN HẠ\nSố: 5/KH-UBND\n\nKẾ HOẠCH\nVề việc làm đường\n\n"
    "Ủy ban nhân dân huyện ban hành Kế hoạch như sau:\n\n"
)
SIGNED = "\n\nNơi nhận:\n- Lưu: VT.\n\nCHỦ TỊCH\n\nTrần Văn Mẫu"

Block = dict[str, Any]


def blocks(name: str) -> dict[str, Block]:
    with (BLOCKS / name).open("rb") as file:
        return tomllib.load(file)


def beside(left: Sequence[str], right: Sequence[str], gap: str) -> str:
    rows = itertools.zip_longest(left, right, fillvalue="")
    return "\n".join(f"{a}{gap}{b}" if a and b else a or b for a, b in rows)


def in_columns(above: str, first: Sequence[str], second: Sequence[str], roles: tuple[LineRole, LineRole]) -> Document:
    """The document whose reader told two columns apart."""
    at = above.count("\n")
    text = above + "\n".join([*first, *second])
    numbered = dict.fromkeys(range(at, at + len(first)), roles[0])
    numbered |= dict.fromkeys(range(at + len(first), at + len(first) + len(second)), roles[1])
    return segment(source_of(text), [page_of(text, roles=numbered)])[0]


def wrong_fields(found: object, wanted: Block) -> list[str]:
    wrong = []
    for key, value in wanted.items():
        got = getattr(found, key.removesuffix("_has"))
        if key.endswith("_has"):
            right = fold(value) in fold(str(got))
        elif isinstance(value, str):
            right = fold(str(got)) == fold(value)
        else:
            right = list(got) == value
        if not right:
            wrong.append(f"{key}: {got!r}, wanted {value!r}")
    return wrong


def header_in_columns(block: Block) -> Document:
    text = "\n".join([*block["left"], *block["right"], *block["under"]])
    left, right = len(block["left"]), len(block["right"])
    roles = dict.fromkeys(range(left), LineRole.HEADER_LEFT)
    roles |= dict.fromkeys(range(left, left + right), LineRole.HEADER_RIGHT)
    return segment(source_of(text), [page_of(text, roles=roles)])[0]


HEADER_ORDERS: dict[str, Callable[[Block], Document]] = {
    "columns told apart": header_in_columns,
    "column after column": lambda b: document_of("\n".join([*b["left"], *b["right"], *b["under"]])),
    "row after row": lambda b: document_of("\n".join([beside(b["left"], b["right"], " "), *b["under"]])),
    "rows with tabs": lambda b: document_of("\n".join([beside(b["left"], b["right"], "\t\t"), *b["under"]])),
}


@pytest.mark.parametrize("order", HEADER_ORDERS)
@pytest.mark.parametrize("name", blocks("headers.toml"))
def test_header_blocks(name: str, order: str) -> None:
    block = blocks("headers.toml")[name]
    assert wrong_fields(HEADER_ORDERS[order](block).header, block["header"]) == []


def footer_in_columns(block: Block) -> Document:
    signature = [line for line in block["signature"] if line]
    return in_columns(BODY, block["recipients"], signature, (LineRole.RECIPIENTS, LineRole.SIGNATURE))


FOOTER_ORDERS: dict[str, Callable[[Block], Document]] = {
    "columns told apart": footer_in_columns,
    "recipients first": lambda b: document_of(BODY + "\n".join([*b["recipients"], "", *b["signature"]])),
    "signature first": lambda b: document_of(BODY + "\n".join([*b["signature"], "", *b["recipients"]])),
    "rows with tabs": lambda b: document_of(BODY + beside(b["recipients"], b["signature"], "\t\t")),
    "rows with blanks": lambda b: document_of(BODY + beside(b["recipients"], b["signature"], " " * 12)),
}


@pytest.mark.parametrize("order", FOOTER_ORDERS)
@pytest.mark.parametrize("name", blocks("footers.toml"))
def test_footer_blocks(name: str, order: str) -> None:
    block = blocks("footers.toml")[name]
    assert wrong_fields(FOOTER_ORDERS[order](block).footer, block["footer"]) == []


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("name", blocks("sections.toml"))
def test_numbering_styles(name: str, gap: str) -> None:
    lines = [line.split("|", 1) for line in blocks("sections.toml")[name]["lines"]]
    document = document_of(PLAN + gap.join(text for _, text in lines) + SIGNED)
    assert [s.path for s in document.sections if s.kind != "bullet"] == [p for p, _ in lines if p not in ("", "-")]
    assert sum(s.kind == "bullet" for s in document.sections) == sum(p == "-" for p, _ in lines)
