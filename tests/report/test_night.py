"""The reports of a run: what an operator reads, and names of files that would do harm in them."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.discover import printable
from pipeline.models import Failure
from pipeline.publish.layout import Layout
from pipeline.report.console import print_summary
from pipeline.report.night import Reports, html_page, prometheus
from pipeline.run.watch import Summary

HOSTILE = (
    "<script>alert(1)</script>.pdf",
    '"><img src=x onerror=alert(1)>.pdf',
    '=HYPERLINK("http://x.invalid";"a").pdf',
    "+cmd|' /C calc'!A0.pdf",
    "two\nlines.pdf",
    "\x1b]0;title\x07\x1b[31mred.pdf",
    "\u202etxt.exe",
    "[red]markup[/].pdf",
    "{{ 7 * 7 }}{% raw %}.pdf",
    'a\\b"c.pdf',
    "\udcff.pdf",
)
START = dt.datetime(2031, 1, 2, 1, 30, tzinfo=dt.UTC)


def failures(*names: str) -> tuple[Failure, ...]:
    return tuple(
        Failure(printable(n), "0" * 64, None, "read", "damaged_pdf", printable(f"{n} is damaged")) for n in names
    )


@pytest.fixture
def summary(tmp_path: Path) -> Summary:
    """A night in which every hostile name failed, one of them before."""
    met = failures(*HOSTILE)
    slow = tuple((printable(name), 3.0) for name in HOSTILE)
    history = [
        {
            "started_at": START - dt.timedelta(days=n),
            "ended_at": START,
            "files": 9,
            "done": n,
            "partial": 0,
            "failed": 1,
            "pages": 70,
        }
        for n in range(3)
    ]
    return Summary(
        run_id="20310102T013000Z-abcdef", started_at=START, ended_at=START + dt.timedelta(seconds=75), input=tmp_path,
        output=tmp_path, snapshot=tmp_path, files=20, done=4, partial=0, failed=11, unchanged=5, removed=0, pages=30,
        waiting=tuple(printable(name) for name in HOSTILE), failures=met, fresh=met[1:],
        rows={"documents": 9, "targets": 40}, rows_before={"documents": 5, "targets": 40},
        slowest=slow, doubtful=tuple((name, 0.5) for name, _ in slow), history=tuple(history),
    )  # fmt: skip


class Tags(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    return tags


def test_names_are_text_on_the_page_and_nothing_else(summary: Summary) -> None:
    page = parsed(html_page(summary))
    assert page.tags.isdisjoint({"script", "img", "a", "iframe", "link"})
    assert not [name for name in page.attributes if name.startswith("on")]
    for name in HOSTILE:
        assert printable(name) in page.text
    assert not set(page.text) & {"\x1b", "\x07", "\u202e", "\udcff"}


def test_the_page_says_first_whether_all_is_well(summary: Summary) -> None:
    assert "10 files failed or lost pages tonight" in html_page(summary)
    well = replace(summary, failures=(), fresh=())
    assert "All went well: 4 files done, 30 pages" in html_page(well)
    assert "Nothing new tonight" in html_page(replace(well, done=0))
    assert "1 published file is damaged" in html_page(replace(well, damaged=("targets/part-a.parquet",)))


def test_the_page_says_what_was_left_alone_and_how_to_try_it_again(summary: Summary) -> None:
    page = " ".join(html_page(replace(summary, failed_before=3)).split())
    assert "3 of the unchanged files failed or lost pages in earlier nights and were left alone" in page
    assert "--retry-failed" in page


def test_the_page_tells_tonight_from_before_and_how_the_tables_grew(summary: Summary) -> None:
    page = html_page(summary)
    tonight, before = page.split("since earlier nights")
    assert tonight.count("is damaged") == len(HOSTILE) - 1
    assert before.count("is damaged") == 1
    text = " ".join(parsed(page).text.split())
    assert "documents 9 +4" in text.replace("documents9+4", "documents 9 +4")
    assert "1 min 15 s" in text


def test_the_figures_can_be_read_by_prometheus(summary: Summary) -> None:
    line = re.compile(r'^(#.*|chithi_\w+(\{(\w+="([^"\\\n]|\\.)*",?)+\})? -?[\d.e+]+)$')
    odd = Failure("a", None, None, 'st"age', "co\\de\n", "x")
    for written in prometheus(replace(summary, failures=(*summary.failures, odd))).splitlines():
        assert line.match(written), written
    assert 'chithi_failures_by_code{stage="read",code="damaged_pdf"} 11' in prometheus(summary)
    assert "chithi_failures_new 10" in prometheus(summary)


def test_the_terminal_is_not_steered(summary: Summary) -> None:
    stream = io.StringIO()
    print_summary(Console(file=stream, width=200, force_terminal=False), summary)
    said = stream.getvalue()
    assert "[red]markup[/].pdf" in said
    assert not set(said) & {"\x1b", "\x07", "\u202e", "\r"}


def test_the_log_is_one_object_a_line_and_all_is_private(summary: Summary, tmp_path: Path) -> None:
    Layout(tmp_path).prepare()
    before = os.umask(0o022)
    reports = Reports(tmp_path)
    reports.log.stage("linking")
    reports.write(summary)
    os.umask(before)
    assert all(path.stat().st_mode & 0o007 == 0 for path in (tmp_path / "reports").iterdir())
    lines = (tmp_path / "reports" / f"{summary.run_id}.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["stage", "summary"]
    assert json.loads(lines[-1])["waiting"] == [printable(name) for name in HOSTILE]


def test_a_report_that_cannot_be_written_spoils_nothing(summary: Summary, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way")
    Reports(tmp_path).write(summary)


def test_names_break_behind_separators_and_nowhere_else(summary: Summary) -> None:
    met = failures("Phòng Nội vụ/bao-cao_2024.pdf", "a&b.pdf")
    page = html_page(replace(summary, failures=met, fresh=met))
    assert "Phòng Nội vụ/<wbr>bao-<wbr>cao_<wbr>2024.<wbr>pdf</td>" in page
    assert "<td>a&amp;b.<wbr>pdf</td>" in page


def test_many_failures_are_folded_away(summary: Summary) -> None:
    met = failures(*(f"{n:03d}.pdf" for n in range(230)))
    page = html_page(replace(summary, failures=met, fresh=met))
    assert "<summary>210 more</summary>" in page
    assert "and 30 more in the table failures" in page


def test_text_that_is_sure_is_not_listed_as_doubtful(summary: Summary) -> None:
    page = html_page(replace(summary, doubtful=(("bad.pdf", 0.41), ("good.pdf", 0.99)), slowest=(("x.pdf", 2.0),)))
    assert "bad.<wbr>pdf" in page
    assert "good" not in page.split("Slowest")[0].split("Least sure")[1]
    assert "as good as sure" in html_page(replace(summary, doubtful=()))
