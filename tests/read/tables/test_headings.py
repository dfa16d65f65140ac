"""Which rows of a table are its heading."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.models import TableCell
from pipeline.read.tables.headings import heading_rows


def table(rows: Sequence[str], bold: Sequence[int] = (), spans: dict[tuple[int, int], tuple[int, int]] | None = None):
    """Cells of rows whose texts are parted by `|`, and their page's text; `spans` are (rows, columns) of cells."""
    text, cells = "", []
    for number, row in enumerate(rows):
        column = 0
        for index, words in enumerate(row.split("|")):
            tall, wide = (spans or {}).get((number, index), (1, 1))
            start = len(text)
            text += words.strip() + "\n"
            cells.append(TableCell(number, column, start, len(text) - 1, tall, wide, number in bold))
            column += wide
    return cells, text


@pytest.mark.parametrize(
    ("rows", "bold", "spans", "count"),
    [
        (("TT|Chỉ tiêu|ĐVT", "1|Trồng rừng|ha", "2|Lúa|tấn"), (), None, 1),
        (("TT|Chỉ tiêu|Năm 2024", "1|2|3", "1|Trồng rừng|60"), (), None, 2),
        (("TT|Chỉ tiêu|(1)", "1|Trồng rừng|60"), (0,), None, 1),
        (
            ("TT|Chỉ tiêu|Kế hoạch", "Năm 2024|Năm 2025", "1|Trồng rừng|60|70"),
            (),
            {(0, 0): (2, 1), (0, 1): (2, 1), (0, 2): (1, 2)},
            2,
        ),
        (("1|Trồng rừng|60", "2|Lúa|70"), (), None, 0),
        (("Xã Đồng Mây|60|70", "Xã Sơn Hạ|80|90"), (), None, 0),
        (("Nội dung|Đơn vị", "Họp thôn|Thôn 1", "Trồng cây|Thôn 2"), (), None, 0),
        (("Nội dung|Đơn vị", "Họp thôn|Thôn 1", "Trồng cây|Thôn 2"), (0,), None, 1),
        (("TT|Tên|Số", "1|Lúa|7", "|Tổng cộng|7"), (0, 2), None, 1),
        (("Một|Hai", "Ba|Bốn"), (0, 1), None, 0),
        (("TT|Tên",), (), None, 0),
    ],
)
def test_heading_rows(rows, bold, spans, count) -> None:
    assert heading_rows(*table(rows, bold, spans)) == count
