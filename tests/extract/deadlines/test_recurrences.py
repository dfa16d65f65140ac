"""Printed repetitions and times counted from an event: their rules, and the days that they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines.recurrences import add_time, find_recurrences, find_relatives
from pipeline.times.meaning import FIRST_YEAR, LAST_YEAR
from pipeline.times.words import TimeWords
from tests.extract.growth import assert_linear, muddle

D = dt.date
dates = st.dates(D(FIRST_YEAR, 1, 1), D(LAST_YEAR, 12, 31))


@pytest.mark.parametrize(
    ("text", "rrule"),
    [
        ("ngày thứ bảy hàng tuần", "FREQ=WEEKLY;BYDAY=SA"),
        ("Chủ nhật hằng tuần", "FREQ=WEEKLY;BYDAY=SU"),
        ("Hằng tuần, vào chiều thứ Năm", "FREQ=WEEKLY;BYDAY=TH"),
        ("trước ngày 25 hàng tháng", "FREQ=MONTHLY;BYMONTHDAY=25"),
        ("ngày 15 tháng cuối hằng quý", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15"),
        ("ngày 30 tháng 10 hằng năm", "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=30"),
        ("định kỳ hàng quý, 6 tháng và cuối năm", "FREQ=MONTHLY;INTERVAL=3"),
        ("hằng tháng, quý, 6 tháng, năm", "FREQ=MONTHLY"),
        ("mỗi năm", "FREQ=YEARLY"),
        ("định kỳ 03 tháng/1lần", "FREQ=MONTHLY;INTERVAL=3"),
        ("6 tháng một lần", "FREQ=MONTHLY;INTERVAL=6"),
        ("2 lần/năm", "FREQ=MONTHLY;INTERVAL=6"),
        ("định kỳ 6 tháng, 1 năm", "FREQ=MONTHLY;INTERVAL=6"),
        ("thứ sáu cuối cùng của tháng", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("(tháng 01 và tháng 6 hàng năm)", "FREQ=YEARLY;BYMONTH=1,6"),
    ],
)
def test_repetitions(text: str, rrule: str) -> None:
    (found,) = find_recurrences(text)
    assert found.rrule == rrule
    assert rrulestr(rrule, dtstart=dt.datetime(2020, 1, 1)).after(dt.datetime(2020, 1, 1)) is not None


def test_every_example_of_the_rules_is_a_valid_repetition() -> None:
    for rule in TimeWords.load().recurrence:
        for example in rule.examples:
            for found in find_recurrences(example):
                assert found.rrule or not rule.rrule, example
                if found.rrule is None:
                    continue
                rrulestr(found.rrule, dtstart=dt.datetime(2020, 1, 1))


def test_the_search_around_anchors_loses_no_example_of_the_rules() -> None:
    far = "Các xã tiếp tục thực hiện tốt công tác tuyên truyền, vận động nhân dân tham gia phong trào thi đua " * 2
    for rule in TimeWords.load().recurrence:
        for example in rule.examples:
            assert find_recurrences(f"{far}{example}; {far}"), rule.id


@pytest.mark.parametrize(
    ("text", "kind", "last"),
    [
        ("trong 10 ngày kể từ ngày ký", "within", D(2020, 3, 9)),
        ("trong thời hạn 05 ngày làm việc, kể từ ngày ban hành", "within", D(2020, 3, 6)),
        ("chậm nhất 01 tháng kể từ ngày ký", "by", D(2020, 3, 28)),
        ("sau 30 ngày kể từ ngày ký", "by", D(2020, 3, 29)),
        ("trong vòng mười lăm ngày kể từ ngày nhận được hồ sơ", "within", None),
        ("01 tháng trước khi khai mạc", "before", None),
    ],
)
def test_times_counted_from_an_event(text: str, kind: str, last: dt.date | None) -> None:
    (found,) = find_relatives(text)
    interval = found.resolve(D(2020, 2, 28))
    assert found.kind == kind
    assert (interval.last if interval else None) == last
    assert found.resolve(None) is None


@given(dates, st.integers(1, 400))
def test_working_days_end_on_one_and_lie_close(day: dt.date, count: int) -> None:
    end = add_time(day, count, "ngày", working_days=True)
    assert end.weekday() < 5
    between = sum((day + dt.timedelta(days=n)).weekday() < 5 for n in range(1, (end - day).days + 1))
    assert between == count


WORDS = (
    "ngày tháng năm quý trước đến hết từ trong 31 02 2020 / - . , ; ( ) I cuối đầu hàng mỗi "
    "định kỳ lần một hai thứ bảy kể từ ngày ký chậm nhất \n \t 99999 "
)


@given(muddle(WORDS))
def test_strange_text_never_breaks_it(text: str) -> None:
    for repeated in find_recurrences(text):
        assert repeated.rrule is None or rrulestr(repeated.rrule, dtstart=dt.datetime(2020, 1, 1))
    for relative in find_relatives(text):
        relative.resolve(D(2020, 1, 1))


@pytest.mark.parametrize(("unit", "count"), [("1/", 11_000), ("ngày ", 5_000), ("9", 21_000), ("quý I, ", 3_000)])
@pytest.mark.parametrize("work", [find_recurrences, find_relatives])
def test_long_text_takes_linear_time(work: Callable[[str], object], unit: str, count: int) -> None:
    assert_linear(work, unit, count)
