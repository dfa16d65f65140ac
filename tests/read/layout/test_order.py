from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.models import Box, LineRole
from pipeline.read.layout.order import PageShape, lay_out
from pipeline.read.text_layers.words import make_grid
from pipeline.read.token import Token

PAGE = PageShape(595, 842)


def words(left: float, top: float, text: str, row: int | None = None) -> list[Token]:
    """Words of 6 points a letter, one blank apart."""
    out = []
    for word in text.split():
        out.append(Token(word, Box(left, top, left + 6 * len(word), top + 12), row=row))
        left += 6 * len(word) + 5
    return out


def laid_out(*tokens: list[Token]) -> list[tuple[LineRole, str]]:
    lines = lay_out([t for group in tokens for t in group], PAGE)
    return [(line.role, " ".join(t.text for t in line.tokens)) for line in lines]


def test_a_sentence_that_ends_like_a_motto_is_no_header() -> None:
    sentence = "nắm vững đường lối cách mạng của Đảng Cộng sản Việt Nam"
    assert laid_out(words(80, 100, sentence), words(80, 120, "và chính sách của Nhà nước trong giai đoạn mới nay")) == [
        (LineRole.BODY, sentence),
        (LineRole.BODY, "và chính sách của Nhà nước trong giai đoạn mới nay"),
    ]


def test_addressees_are_below_the_header() -> None:
    lines = laid_out(
        words(60, 60, "SỞ NỘI VỤ"),
        words(300, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        words(60, 80, "Số: /SNV-TH"),
        words(320, 80, "Độc lập - Tự do - Hạnh phúc"),
        words(150, 110, "Kính gửi: Các phòng"),
    )
    assert lines[-1] == (LineRole.BODY, "Kính gửi: Các phòng")
    assert [role for role, _ in lines[:4]] == [LineRole.HEADER_LEFT] * 2 + [LineRole.HEADER_RIGHT] * 2


def test_columns_on_different_heights_stay_apart() -> None:
    lines = laid_out(
        words(60, 600, "Nơi nhận:"),
        words(60, 614, "- Như trên;"),
        words(60, 628, "- Lưu: VT."),
        words(360, 606, "TM. ỦY BAN NHÂN DÂN"),
        words(390, 621, "CHỦ TỊCH"),
    )
    assert lines == [
        (LineRole.RECIPIENTS, "Nơi nhận:"),
        (LineRole.RECIPIENTS, "- Như trên;"),
        (LineRole.RECIPIENTS, "- Lưu: VT."),
        (LineRole.SIGNATURE, "TM. ỦY BAN NHÂN DÂN"),
        (LineRole.SIGNATURE, "CHỦ TỊCH"),
    ]


def test_lines_of_an_ocr_engine_stay_whole_when_they_slant() -> None:
    tokens = [
        Token(f"chữ{n}", Box(60 + 50 * n, 100 + 1.5 * n, 100 + 50 * n, 112 + 1.5 * n), row=0) for n in range(9)
    ] + [Token(f"dòng{n}", Box(60 + 50 * n, 116 + 1.5 * n, 100 + 50 * n, 128 + 1.5 * n), row=1) for n in range(9)]
    assert [text.split()[0] for _, text in laid_out(tokens)] == ["chữ0", "dòng0"]


def test_a_stamp_of_urgency_is_no_text() -> None:
    lines = laid_out(
        words(80, 50, "HỎA TỐC"), words(80, 150, "Yêu cầu các thôn khẩn trương thực hiện việc phòng chống")
    )
    assert lines[0] == (LineRole.STAMP, "HỎA TỐC")


def test_cells_that_span_are_counted() -> None:
    boxes = [Box(0, 0, 100, 20), Box(100, 0, 150, 40), Box(0, 20, 50, 40), Box(50, 20, 100, 40)]
    grid = make_grid(boxes)
    assert grid is not None
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in grid.cells}
    assert spans == {(0, 0): (1, 2), (0, 2): (2, 1), (1, 0): (1, 1), (1, 1): (1, 1)}


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.floats(0, 560),
    st.floats(0, 800),
    st.floats(1, 200),
    st.floats(1, 30),
)


@given(
    st.lists(st.tuples(boxes, st.text(min_size=1, max_size=12), st.one_of(st.none(), st.integers(0, 5))), max_size=40)
)
def test_every_word_comes_out_once(items: list[tuple[Box, str, int | None]]) -> None:
    tokens = [Token(text, box, row=row) for box, text, row in items]
    lines = lay_out(tokens, PAGE)
    assert sorted(id(t) for line in lines for t in line.tokens) == sorted(map(id, tokens))


def test_words_of_a_line_that_a_stamp_touches_are_no_stamp() -> None:
    shape = PageShape(595, 842, frames=(Box(112, 90, 300, 166),))
    text = [
        *words(120, 100, "VĂN PHÒNG UBND HUYỆN"),
        *words(120, 120, "CÔNG VĂN ĐẾN số 1457"),
        *words(80, 150, "thuộc xã Bình Thuận gồm bốn thôn nằm dọc theo sông"),
        *words(80, 170, "Văn và hai thôn ở bên kia sông"),
    ]
    lines = lay_out(text, shape)
    assert [" ".join(t.text for t in line.tokens) for line in lines if line.role is LineRole.BODY] == [
        "thuộc xã Bình Thuận gồm bốn thôn nằm dọc theo sông",
        "Văn và hai thôn ở bên kia sông",
    ]
    assert sum(line.role is LineRole.STAMP for line in lines) == 2
