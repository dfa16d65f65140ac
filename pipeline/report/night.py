"""What is left of a run for those who were not there: one page of HTML, a log of JSON lines, figures for Prometheus.

They lie in `OUTPUT/reports`: `latest.html`, `<run>.html`, `<run>.jsonl` and `chithi.prom` (for the textfile collector
of node_exporter). A report that cannot be written spoils no run.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jinja2
from markupsafe import Markup

from pipeline.publish.layout import Layout, private, write_whole
from pipeline.report.console import LineWatcher, summary_facts
from pipeline.run.watch import Summary

_KEEP = 60  # reports of runs
_SHOWN, _LISTED = 20, 200  # failures on the page, and with what is folded away
_SURE = 0.95  # quality of text that nobody need look at

_METRICS = (
    ("last_run_timestamp_seconds", "When the last run ended", lambda s: s.ended_at.timestamp()),
    ("last_run_seconds", "How long the last run took", lambda s: s.seconds),
    ("files", "Files of the input folder", lambda s: s.files),
    ("files_done", "Files done in the last run", lambda s: s.done),
    ("files_partial", "Files of which pages failed in the last run", lambda s: s.partial),
    ("files_failed", "Files that failed in the last run", lambda s: s.failed),
    ("files_unchanged", "Files that an earlier run had done", lambda s: s.unchanged),
    ("files_waiting", "Files left for the next run", lambda s: len(s.waiting)),
    ("files_left_out", "New or changed files that were not asked for", lambda s: s.left_out),
    ("files_failed_before", "Unchanged files that an earlier run could not do", lambda s: s.failed_before),
    ("published_files_damaged", "Published files that are damaged and stay so", lambda s: len(s.damaged)),
    ("failures", "Rows of the table failures", lambda s: len(s.failures)),
    ("failures_new", "Files that failed or are partial since the last run", lambda s: s.new_failures),
    ("pages", "Pages read in the last run", lambda s: s.pages),
)


class Reports:
    """The reports of one run."""

    def __init__(self, output: Path) -> None:
        self.folder = Layout(output).reports
        self._stream = io.StringIO()
        self.log = LineWatcher(self._stream)

    def write(self, summary: Summary) -> None:
        """Writes all of them."""
        self.log.say("summary", **summary_facts(summary))
        with contextlib.suppress(OSError), private():
            page = html_page(summary).encode()
            write_whole(self.folder / f"{summary.run_id}.html", page, durable=False)
            write_whole(self.folder / "latest.html", page, durable=False)
            write_whole(self.folder / "chithi.prom", prometheus(summary).encode(), durable=False)
            write_whole(self.folder / f"{summary.run_id}.jsonl", self._content(), durable=False)
            for old in sorted(self.folder.glob("2*.*"))[: -2 * _KEEP]:
                old.unlink(missing_ok=True)

    def write_stopped(self, error: BaseException) -> None:
        """Keeps the log of a run that did not come to its end."""
        self.log.say("stopped", error=type(error).__name__, message=str(error))
        with contextlib.suppress(OSError), private():
            if self.folder.is_dir():
                write_whole(self.folder / "stopped.jsonl", self._content(), durable=False)

    def _content(self) -> bytes:
        return self._stream.getvalue().encode("utf-8", "replace")


@contextmanager
def write_reports(output: Path) -> Iterator[Reports]:
    """Reports of a run that may end in an error."""
    reports = Reports(output)
    try:
        yield reports
    except BaseException as error:
        reports.write_stopped(error)
        raise


def prometheus(summary: Summary) -> str:
    """The figures of a run in the text format of Prometheus."""
    lines = []
    for name, help_text, figure in _METRICS:
        lines += [
            f"# HELP chithi_{name} {help_text}.",
            f"# TYPE chithi_{name} gauge",
            f"chithi_{name} {figure(summary)}",
        ]
    codes = Counter((failure.stage, failure.code) for failure in summary.failures)
    lines += ["# HELP chithi_failures_by_code Rows of the table failures.", "# TYPE chithi_failures_by_code gauge"]
    lines += [
        f'chithi_failures_by_code{{stage="{_label(stage)}",code="{_label(code)}"}} {count}'
        for (stage, code), count in sorted(codes.items())
    ]
    lines += ["# HELP chithi_rows Rows of a published table.", "# TYPE chithi_rows gauge"]
    lines += [f'chithi_rows{{table="{name}"}} {rows}' for name, rows in summary.rows.items()]
    return "\n".join(lines) + "\n"


def _label(value: str) -> str:
    """A label's value as the text format wants it."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _duration(seconds: float) -> str:
    """`4.2 s`, `12 min 3 s`, `2 h 5 min`."""
    minutes, rest = divmod(max(0.0, seconds), 60)
    if not minutes:
        return f"{rest:.1f} s"
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest:.0f} s"


def html_page(summary: Summary) -> str:
    """One page: what was done, what failed and why, what took long, what is doubtful, what grew."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    reasons = Counter(f"{failure.stage}: {failure.code}" for failure in summary.failures)
    environment.globals |= {"duration": _duration, "shown": _SHOWN, "listed": _LISTED}
    environment.filters["breakable"] = _breakable
    fresh = set(summary.fresh)
    lists = {
        "older": [failure for failure in summary.failures if failure not in fresh],
        "doubtful": [(path, quality) for path, quality in summary.doubtful if quality < _SURE],
    }
    return environment.get_template("night.html").render(run=summary, reasons=reasons.most_common(), **lists)


def _breakable(name: str) -> Markup:
    """A path that may break behind its separators, and is the same when it is copied."""
    return Markup("<wbr>").join(re.split(r"(?<=[/_.-])(?=\w)", name))
