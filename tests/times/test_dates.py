"""Every printed form of a time is read back; what no calendar has is never a date."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.times.dates import find_times, year_for
from pipeline.times.meaning import FIRST_YEAR, LAST_YEAR, month_end
from pipeline.times.words import MemorialDays, TimeWords
from tests.extract.growth import assert_linear, muddle

D = dt.date


def only(text: str, year: int | None = None) -> tuple[dt.date, dt.date] | None:
    mentions = find_times(text)
    assert len(mentions) == 1, mentions
    interval = mentions[0].resolve(year)
    return None if interval is None else (interval.first, interval.last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ngày 05 tháng 3 năm 2024", D(2024, 3, 5), D(2024, 3, 5)),
        ("5/3/2024", D(2024, 3, 5), D(2024, 3, 5)),
        ("05-3-2024", D(2024, 3, 5), D(2024, 3, 5)),
        ("28.02.2020", D(2020, 2, 28), D(2020, 2, 28)),
        ("tháng 6/2020", D(2020, 6, 1), D(2020, 6, 30)),
        ("tháng 06 năm 2020", D(2020, 6, 1), D(2020, 6, 30)),
        ("đầu tháng 6/2020", D(2020, 6, 1), D(2020, 6, 10)),
        ("cuối tháng 02/2020", D(2020, 2, 21), D(2020, 2, 29)),
        ("quý I/2021", D(2021, 1, 1), D(2021, 3, 31)),
        ("quý III và quý IV năm 2021", D(2021, 7, 1), D(2021, 12, 31)),
        ("6 tháng đầu năm 2020", D(2020, 1, 1), D(2020, 6, 30)),
        ("sáu tháng cuối năm 2020", D(2020, 7, 1), D(2020, 12, 31)),
        ("9 tháng đầu năm 2021", D(2021, 1, 1), D(2021, 9, 30)),
        ("năm 2020", D(2020, 1, 1), D(2020, 12, 31)),
        ("cuối năm 2020", D(2020, 12, 1), D(2020, 12, 31)),
        ("giai đoạn 2021 - 2025", D(2021, 1, 1), D(2025, 12, 31)),
        ("nhiệm kỳ 2020-2025", D(2020, 1, 1), D(2025, 12, 31)),
        ("ngày 10 đến ngày 15/3/2020", D(2020, 3, 10), D(2020, 3, 15)),
        ("Ngày Quốc khánh 02/9/2020", D(2020, 9, 2), D(2020, 9, 2)),
        ("Tết Nguyên đán Tân Sửu", D(2021, 2, 12), D(2021, 2, 12)),
        ("Tết Nguyên đán năm 2007", D(2007, 2, 17), D(2007, 2, 17)),  # a day before the Chinese new year
        ("Giỗ Tổ Hùng Vương năm 2024", D(2024, 4, 18), D(2024, 4, 18)),
    ],
)
def test_printed_forms(text: str, first: dt.date, last: dt.date) -> None:
    assert only(text) == (first, last)


@pytest.mark.parametrize("text", ["ngày 31/02/2020", "29/02/2021", "ngày 31 tháng 4 năm 2020", "ngày 5/3/1820"])
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert all(m.resolve(2020) is None for m in find_times(text))


@pytest.mark.parametrize(
    "text", ["14/14 xã, thị trấn", "đến 10/12 xã đạt chuẩn", "02/2020/NQ-HĐND", "2,5/3 ha", "0912345678"]
)
def test_what_is_no_time(text: str) -> None:
    assert find_times(text) == []


def test_a_year_that_is_not_printed_is_marked() -> None:
    (mention,) = find_times("trước ngày 25/3")
    interval = mention.resolve(2020)
    assert interval is not None
    assert (interval.first, interval.inferred) == (D(2020, 3, 25), True)
    assert mention.resolve() is None


def test_the_year_after_the_issue_is_meant_where_the_month_is_long_past() -> None:
    (march,) = find_times("ngày 25/3")
    assert year_for(march, D(2019, 12, 28), None) == 2020
    assert year_for(march, D(2020, 3, 2), None) == 2020
    assert year_for(march, D(2019, 12, 28), 2021) == 2021


def test_new_years_of_the_lunar_calendar_are_one_a_year_and_in_its_season() -> None:
    (tet,) = [day for day in MemorialDays.load().lunar_day if day.id == "tet"]
    assert set(tet.by_year) == set(range(1995, 2051))
    assert all(D(year, 1, 20) <= day <= D(year, 2, 21) for year, day in tet.by_year.items())


def test_the_search_around_anchors_loses_no_example_of_the_rules() -> None:
    far = "Các xã tiếp tục thực hiện tốt công tác tuyên truyền, vận động nhân dân tham gia phong trào thi đua " * 2
    words, days = TimeWords.load(), MemorialDays.load()
    for rule in (*words.form, *days.day, *days.lunar_day):
        for example in rule.examples:
            assert find_times(f"{far}{example}; {far}"), rule.id


dates = st.dates(min_value=D(FIRST_YEAR, 1, 1), max_value=D(LAST_YEAR, 12, 31))
DAY_FORMS = (
    "ngày {d:02d} tháng {m} năm {y}",
    "ngày {d} tháng {m:02d} năm {y}",
    "{d}/{m}/{y}",
    "{d:02d}/{m:02d}/{y}",
    "ngày {d}-{m}-{y}",
    "{d:02d}.{m:02d}.{y}",
    "{y}-{m:02d}-{d:02d}",
)


@given(dates, st.sampled_from(DAY_FORMS), st.sampled_from(["trước {}", "Hoàn thành vào {}.", "({})", "{}; sau đó"]))
def test_any_day_in_any_form_is_read_back(day: dt.date, form: str, around: str) -> None:
    assert only(around.format(form.format(d=day.day, m=day.month, y=day.year))) == (day, day)


@given(dates, st.sampled_from(["tháng {m}/{y}", "tháng {m:02d} năm {y}", "đến {m:02d}/{y}"]))
def test_any_month_in_any_form_is_read_back(day: dt.date, form: str) -> None:
    assert only(form.format(m=day.month, y=day.year)) == (day.replace(day=1), month_end(day.year, day.month))


@given(
    st.integers(1, 4),
    st.integers(FIRST_YEAR, LAST_YEAR),
    st.sampled_from(["quý {q}/{y}", "quý {r} năm {y}", "Quý {r}-{y}"]),
)
def test_any_quarter_in_any_form_is_read_back(quarter: int, year: int, form: str) -> None:
    roman = ("I", "II", "III", "IV")[quarter - 1]
    found = only(form.format(q=quarter, r=roman, y=year))
    assert found == (D(year, 3 * quarter - 2, 1), month_end(year, 3 * quarter))


# ------------------------------------------------------------------------------------------ repetitions, relative times


WORDS = (
    "ngày tháng năm quý trước đến hết từ trong 31 02 2020 / - . , ; ( ) I IV giai đoạn cuối đầu hàng "
    "định kỳ lần một hai thứ bảy Tết Nguyên đán Quốc khánh kể từ ngày ký chậm nhất \n \t 99999 "
)


@given(muddle(WORDS))
def test_strange_text_never_breaks_it_and_spans_hold(text: str) -> None:
    mentions = find_times(text)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(left.end <= right.start for left, right in pairwise(mentions))
    for mention in mentions:
        interval = mention.resolve(2020)
        assert interval is None or interval.first <= interval.last


@pytest.mark.parametrize(
    ("unit", "count"), [("1/", 11_000), ("ngày ", 5_000), ("9", 21_000), ("quý I, ", 3_000), (" ", 21_000)]
)
def test_long_text_takes_linear_time(unit: str, count: int) -> None:
    assert_linear(find_times, unit, count)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("trong tuần này", D(2023, 3, 13), D(2023, 3, 19)),
        ("tuần tới", D(2023, 3, 20), D(2023, 3, 26)),
        ("tháng này", D(2023, 3, 1), D(2023, 3, 31)),
        ("quý tới", D(2023, 4, 1), D(2023, 6, 30)),
        ("năm sau", D(2024, 1, 1), D(2024, 12, 31)),
        ("10 giờ sáng ngày mai", D(2023, 3, 16), D(2023, 3, 16)),
    ],
)
def test_near_times_count_from_the_day_of_issue(text: str, first: dt.date, last: dt.date) -> None:
    (mention,) = find_times(text)
    interval = mention.resolve(None, D(2023, 3, 15))
    assert interval is not None
    assert (interval.first, interval.last, interval.inferred) == (first, last, True)
    assert mention.resolve(2023) is None


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("mùng 4 Tết", 2024, D(2024, 2, 13)),
        ("ngày mùng 6 tháng Giêng", 2024, D(2024, 2, 15)),
        ("ngày 29 tháng Chạp", 2024, D(2024, 2, 8)),
        ("ngày 30 tháng Chạp", 2024, D(2024, 2, 9)),
    ],
)
def test_days_of_the_lunar_new_year(text: str, year: int, day: dt.date) -> None:
    assert only(text, year) == (day, day)


def test_a_short_last_lunar_month_has_no_thirtieth_day() -> None:
    assert only("ngày 30 tháng Chạp", 2025) is None


def test_an_hour_belongs_to_its_day() -> None:
    text = "vào lúc 07 giờ 30, thứ Tư, ngày 05/4/2023 họp"
    (mention,) = find_times(text)
    assert text[mention.start : mention.end] == "07 giờ 30, thứ Tư, ngày 05/4/2023"
    assert mention.hour


def test_weeks_of_a_month() -> None:
    assert only("tuần 2, tuần 3 tháng 4/2024") == (D(2024, 4, 8), D(2024, 4, 21))
