"""Timetables: rows whose column of times says when each thing is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines.timetables import limits_of_cell
from pipeline.extract.deadlines.years import DocumentYears
from pipeline.models import Deadline, Header, Page, ParagraphRole, RestoredPage, Table, TableCell
from tests.extract.plans import deadlines_of, tree

YEARS = DocumentYears(D(2017, 11, 7), 2017, None, 2017, ())


def of_rows(*rows: str, issued_on: str = "2017-11-07") -> list[Deadline]:
    return deadlines_of(tree([("", "table", 1, row) for row in rows], Header(issued_on=issued_on)))


def days(found: Sequence[Deadline]) -> list[tuple[str, str, str]]:
    return [(d.kind, str(d.due_start), str(d.due_end)) for d in found]


@pytest.mark.parametrize(
    ("cell", "kind", "start", "end"),
    [
        ("Ngày 21/11/2017", "on", D(2017, 11, 21), D(2017, 11, 21)),
        ("21/11", "on", D(2017, 11, 21), D(2017, 11, 21)),
        ("Sáng thứ Ba, 21/11", "on", D(2017, 11, 21), D(2017, 11, 21)),
        ("7:30 ngày 21/11/2017", "on", D(2017, 11, 21), D(2017, 11, 21)),
        ("Sáng 21/11/2017; chiều 21/11/2017", "on", D(2017, 11, 21), D(2017, 11, 21)),
        ("Ngày 20 – 21/11/2017", "within", D(2017, 11, 20), D(2017, 11, 21)),
        ("20-21/11", "within", D(2017, 11, 20), D(2017, 11, 21)),
        ("Ngày 20, 21/11/2017", "within", D(2017, 11, 20), D(2017, 11, 21)),
        ("Từ 15/11 đến 15/12/2017", "within", D(2017, 11, 15), D(2017, 12, 15)),
        ("15/11-15/12", "within", D(2017, 11, 15), D(2017, 12, 15)),
        ("06-21/08/2018", "within", D(2018, 8, 6), D(2018, 8, 21)),
        ("13/11/2017 ~ 13/01/2018", "within", D(2017, 11, 13), D(2018, 1, 13)),
        ("13/11/2017-13/01/2018 (Nghỉ lễ từ 30/12/2017 đến 01/01/2018)", "within", D(2017, 11, 13), D(2018, 1, 13)),
        ("13/11/2017-13/01/2018 (Nghĩ lễ từ 30/12/2017 đến 01/01/2018)", "within", D(2017, 11, 13), D(2018, 1, 13)),
        ("13/11/2017 — 13/01/2018", "within", D(2017, 11, 13), D(2018, 1, 13)),
        ("Quý II/2018", "within", D(2018, 4, 1), D(2018, 6, 30)),
        ("Tháng 3", "within", D(2018, 3, 1), D(2018, 3, 31)),
        ("Trước ngày 20/11", "before", None, D(2017, 11, 20)),
    ],
)
def test_a_cell_of_times(cell: str, kind: str, start: D | None, end: D) -> None:
    (limit,) = limits_of_cell(cell, "Thời gian", YEARS, None)
    assert (limit.kind, limit.due_start, limit.due_end) == (kind, start, end)
    assert limit.inferred == (not any(year in cell for year in ("2017", "2018")))


@pytest.mark.parametrize(
    "cell",
    ["", "30 ngày", "01 buổi", "7h30 - 11h30", "Đã hoàn thành tháng 12/2017", "Sau khi có kết quả", "15/10/2017"],
)
def test_a_cell_without_a_time_to_come(cell: str) -> None:
    assert limits_of_cell(cell, "Thời gian", YEARS, None) == []


def test_two_dates_without_a_dash_are_a_doubtful_stretch() -> None:
    (limit,) = limits_of_cell("13/11/2017\n13/01/2018", "Thời gian", YEARS, None)
    assert (limit.kind, limit.due_start, limit.due_end) == ("within", D(2017, 11, 13), D(2018, 1, 13))
    assert limit.confidence <= 0.6


def test_two_months_of_one_cell_are_two() -> None:
    found = limits_of_cell("Tháng 3 và tháng 6", "Thời gian", YEARS, None)
    assert [limit.due_end for limit in found] == [D(2018, 3, 31), D(2018, 6, 30)]


@pytest.mark.parametrize("heading", ["Thời hạn", "Thời gian hoàn thành", "Tiến độ", "Hạn nộp"])
def test_a_heading_of_an_end_makes_it_a_last_day(heading: str) -> None:
    (limit,) = limits_of_cell("30/11/2017", heading, YEARS, None)
    assert (limit.kind, limit.due_start, limit.due_end) == ("by", None, D(2017, 11, 30))


def test_a_month_of_completion_is_a_time_within() -> None:
    (limit,) = limits_of_cell("Tháng 12/2017", "Thời gian hoàn thành", YEARS, None)
    assert (limit.kind, limit.due_start, limit.due_end) == ("within", D(2017, 12, 1), D(2017, 12, 31))
    (limit,) = limits_of_cell("Tháng 12/2017", "Thời hạn", YEARS, None)
    assert (limit.kind, limit.due_start, limit.due_end) == ("by", None, D(2017, 12, 31))


def test_a_timetable_of_visits_needs_no_column_of_tasks() -> None:
    found = of_rows(
        "STT\tThời gian\tĐơn vị được kiểm tra\tĐịa điểm\tGhi chú",
        "1\tNgày 20 – 21/11/2017\tTrạm Y tế xã Đồng Mây\tTại trạm\t",
        "2\tNgày 22/11/2017\tTrạm Y tế xã Suối Nắng\tTại trạm\tmang theo hồ sơ",
    )
    assert days(found) == [("within", "2017-11-20", "2017-11-21"), ("on", "2017-11-22", "2017-11-22")]
    assert found[1].task == "Trạm Y tế xã Suối Nắng; Tại trạm"
    assert "22/11/2017" in found[1].evidence.quote


def test_the_task_stands_in_its_column_where_there_is_one() -> None:
    (found,) = of_rows("Ngày\tNội dung công việc\tĐịa điểm", "21/11\tThẩm định hồ sơ\tXã Đồng Mây")
    assert (found.task, found.inferred) == ("Thẩm định hồ sơ", True)


def test_a_row_without_its_task_goes_on_with_the_one_above() -> None:
    found = of_rows("TT\tNội dung\tThời gian", "1\tTập huấn cho các xã\t21/11/2017", "\t\t23/11/2017")
    assert [d.task for d in found] == ["Tập huấn cho các xã", "Tập huấn cho các xã"]


@pytest.mark.parametrize(
    "heading",
    [
        "TT\tHọ và tên\tNgày sinh\tĐơn vị",
        "TT\tTên văn bản\tNgày ban hành\tCơ quan",
        "TT\tHọ và tên\tNgày, tháng, năm sinh\tĐơn vị",
        "TT\tSố, ký hiệu\tNgày\tTrích yếu",
        "TT\tTên công trình\tSố lượng\tĐơn vị",
    ],
)
def test_columns_of_other_days_set_none(heading: str) -> None:
    assert of_rows(heading, "1\tMột dòng chữ\t21/11/2017\tXã Đồng Mây") == []


def test_rows_of_data_are_no_headings() -> None:
    assert of_rows("1\tHoàn thành hồ sơ\tXã Đồng Mây", "2\tKiểm tra\t21/11/2017") == []


def test_running_text_ends_a_timetable() -> None:
    doc = tree(
        [
            ("", "table", 1, "Thời gian\tĐơn vị"),
            ("", "table", 1, "21/11/2017\tXã Đồng Mây"),
            ("1", "decimal", 1, "Các đơn vị đã được đầu tư:"),
            ("", "table", 1, "22/11/2017\tXã Suối Nắng"),
        ],
        Header(issued_on="2017-11-07"),
    )
    assert days(deadlines_of(doc)) == [("on", "2017-11-21", "2017-11-21")]


def test_a_time_that_holds_for_several_rows_is_one() -> None:
    rows = [
        "STT\tMôn học\tThời gian học",
        "1\tVi sinh\t13/11/2017 – 18/11/2017",
        "2\tKý sinh trùng",
        "3\tÔn tập\t20/11/2017",
    ]
    doc = tree([("", "table", 1, row) for row in rows], Header(issued_on="2017-11-07"))
    layout = [(0, c, 1) for c in range(3)] + [(1, 0, 1), (1, 1, 1), (1, 2, 2), (2, 0, 1), (2, 1, 1)]
    layout += [(3, c, 1) for c in range(3)]
    cells, at = [], 0
    for (row, column, span), words in zip(layout, "\t".join(rows).split("\t"), strict=True):
        cells.append(TableCell(row, column, at, at + len(words), row_span=span))
        at += len(words) + 1
    page = Page(1, doc.pages[0].text, "plain", (), tables=(Table(tuple(cells)),))
    paragraphs = tuple(replace(p, table=(1, 0, n)) for n, p in enumerate(doc.paragraphs))
    assert all(p.role is ParagraphRole.TABLE_ROW for p in paragraphs)
    doc = replace(doc, pages=(RestoredPage(page, page.text_raw),), paragraphs=paragraphs)
    found = deadlines_of(doc)
    assert days(found) == [("within", "2017-11-13", "2017-11-18"), ("on", "2017-11-20", "2017-11-20")]
    assert [d.task for d in found] == ["Vi sinh; Ký sinh trùng", "Ôn tập"]


@pytest.mark.parametrize(
    ("line", "kind", "end"),
    [
        ("- Ngày 21/11/2017: Trạm Y tế xã Đồng Mây.", "on", "2017-11-21"),
        ("+ Sáng ngày 21/11: Trạm Y tế xã Đồng Mây.", "on", "2017-11-21"),
        ("Ngày 20 – 21/11/2017: Trạm Y tế xã Đồng Mây.", "within", "2017-11-21"),
        ("- Từ ngày 07/11/2017 đến 15/11/2017: Đoàn số 1.", "within", "2017-11-15"),
    ],
)
@pytest.mark.parametrize("issued_on", ["2017-11-07", "2017"])
def test_a_line_that_begins_with_its_day(line: str, kind: str, end: str, issued_on: str) -> None:
    (found,) = deadlines_of(tree([("1", "decimal", 1, line)], Header(issued_on=issued_on)))
    assert (found.kind, str(found.due_end)) == (kind, end)


@given(st.text(st.sampled_from("0123456789/-–.,;: ngàyqutháIV"), max_size=60), st.sampled_from(["Thời gian", "Hạn"]))
def test_strange_cells_never_break_it(cell: str, heading: str) -> None:
    for limit in limits_of_cell(cell, heading, YEARS, None):
        assert limit.due_start is None or limit.due_end is None or limit.due_start <= limit.due_end


@pytest.mark.parametrize("heading", ["Thứ, ngày", "Thứ/ngày", "Buổi, ngày", "Ngày"])
def test_a_working_calendar(heading: str) -> None:
    found = of_rows(f"{heading}\tNội dung\tChủ trì", "Thứ Hai, 20/11\tHọp giao ban\tChủ tịch")
    assert days(found) == [("on", "2017-11-20", "2017-11-20")]
    assert (found[0].task, found[0].actor) == ("Họp giao ban", "Chủ tịch")
