"""What a person at a terminal sees of a run, and what a program that reads lines sees."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import TimeRemainingColumn as FinishTime
from rich.table import Table

from pipeline.publish.layout import Layout
from pipeline.run.cache import StageCache
from pipeline.run.estimate import START_SECONDS, seconds_for
from pipeline.run.fragments import Outcome
from pipeline.run.night import Survey
from pipeline.run.plan import Content, Plan
from pipeline.run.watch import Summary, Watcher
from pipeline.settings import Settings

_SHOWN_FAILURES = 20


class BarWatcher(Watcher):
    """A progress bar with a finish time; nothing where the output is not a terminal."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files, {task.fields[pages]} pages"),
            TimeElapsedColumn(),
            TextColumn("left"),
            FinishTime(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("reading", total=None, pages=0)
        self._pages: dict[str, int] = {}

    def planned(self, plan: Plan, failures: int) -> None:
        """Starts the bar."""
        self._progress.update(self._task, total=len(plan.work))
        self._progress.start()

    def page(self, content: Content, pages: int) -> None:
        """Counts a page."""
        self._pages[content.sha256] = pages
        self._progress.update(self._task, pages=sum(self._pages.values()))

    def finished(self, content: Content, outcome: Outcome) -> None:
        """Counts a file."""
        self._pages[content.sha256] = outcome.pages
        self._progress.update(self._task, advance=1, pages=sum(self._pages.values()))

    def stage(self, name: str) -> None:
        """Names what goes on."""
        self._progress.update(self._task, description=name)

    def ended(self) -> None:
        """Takes the bar away."""
        self._progress.stop()


class LineWatcher(Watcher):
    """One JSON object a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def planned(self, plan: Plan, failures: int) -> None:
        """How much there is to do."""
        self.say("planned", work=len(plan.work), unchanged=len(plan.unchanged), refused=failures)

    def finished(self, content: Content, outcome: Outcome) -> None:
        """How a file went."""
        self.say(
            "file",
            path=content.paths[0],
            status=outcome.status,
            pages=outcome.pages,
            seconds=round(outcome.seconds, 3),
            failures=[
                {"page": f.page, "stage": f.stage, "code": f.code, "message": f.message} for f in outcome.failures
            ],
        )

    def stage(self, name: str) -> None:
        """What goes on."""
        self.say("stage", name=name)

    def say(self, event: str, **content: object) -> None:
        """Writes a line."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **content}, ensure_ascii=False, default=str)
        self._stream.write(line + "\n")
        self._stream.flush()


class Watchers(Watcher):
    """Several watchers as one."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self._watchers = tuple(watchers)

    def planned(self, plan: Plan, failures: int) -> None:
        """Tells all."""
        for watcher in self._watchers:
            watcher.planned(plan, failures)

    def page(self, content: Content, pages: int) -> None:
        """Tells all."""
        for watcher in self._watchers:
            watcher.page(content, pages)

    def finished(self, content: Content, outcome: Outcome) -> None:
        """Tells all."""
        for watcher in self._watchers:
            watcher.finished(content, outcome)

    def stage(self, name: str) -> None:
        """Tells all."""
        for watcher in self._watchers:
            watcher.stage(name)

    def ended(self) -> None:
        """Tells all."""
        for watcher in self._watchers:
            watcher.ended()


def summary_facts(summary: Summary) -> dict[str, object]:
    """A summary as plain data, for JSON."""
    facts = asdict(summary)
    del facts["history"]
    return facts | {"seconds": round(summary.seconds, 3), "new_failures": summary.new_failures}


def print_summary(console: Console, summary: Summary) -> None:
    """What happened, what failed and why, what the tables hold, and where they are."""
    done = f"[green]{summary.done} done[/]"
    partial = f", [yellow]{summary.partial} partial[/]" if summary.partial else ""
    failed = f", [red]{summary.failed} failed[/]" if summary.failed else ""
    removed = f", {summary.removed} gone" if summary.removed else ""
    left_out = f", {summary.left_out} left out by --only" if summary.left_out else ""
    console.print(
        f"{summary.files} files in {escape(str(summary.input))}: {done}{partial}{failed}, "
        f"{summary.unchanged} unchanged{removed}{left_out} ({summary.pages} pages, {summary.seconds:.1f} s)",
        soft_wrap=True,
    )
    if summary.failed_before:
        console.print(
            f"{summary.failed_before} of the unchanged failed or lost pages in an earlier run and were left alone; "
            "--retry-failed tries them again",
            soft_wrap=True,
        )
    for path in summary.mended:
        console.print(
            f"[yellow]mended[/] {escape(path)}: the published file was damaged and is made anew", soft_wrap=True
        )
    for path in summary.damaged:
        console.print(
            f"[red]damaged[/] {escape(path)}: the published file stays as it is; --force makes all anew", soft_wrap=True
        )
    if not summary.files:
        console.print("[yellow]The folder holds no files: the tables are empty.[/]")
    for path in summary.waiting:
        console.print(f"[yellow]waits[/] {escape(path)}: still changes, left for the next run", soft_wrap=True)
    for failure in summary.failures[:_SHOWN_FAILURES]:
        page = f", page {failure.page}" if failure.page else ""
        colour = "yellow" if failure.page else "red"
        what = "page failed" if failure.page else "failed"
        path, message = escape(failure.source_path), escape(failure.message)
        console.print(f"[{colour}]{what}[/] {path}{page}: {message} [dim]({failure.code})[/]", soft_wrap=True)
    if len(summary.failures) > _SHOWN_FAILURES:
        console.print(f"… and {len(summary.failures) - _SHOWN_FAILURES} more: see the table failures")
    console.print(_rows_table(summary))
    console.print(f"Tables: {escape(str(summary.output / 'current'))}/<table>/   run {summary.run_id}", soft_wrap=True)


def _rows_table(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("change", justify="right", style="dim")
    for name, rows in summary.rows.items():
        change = rows - summary.rows_before.get(name, 0)
        table.add_row(name, str(rows), f"{change:+d}" if change else "")
    return table


def print_survey(console: Console, survey: Survey, settings: Settings) -> None:
    """What a run would do, and about how long it would take."""
    plan, cache = survey.plan, StageCache(Layout(settings.output).cache, survey.versions)
    for content in sorted(plan.work, key=lambda c: c.paths):
        console.print(f"work on   {escape(content.paths[0])}", soft_wrap=True)
    for part in survey.damaged:
        console.print(f"damaged   {escape(part.path)}", soft_wrap=True)
    for record in plan.missing:
        console.print(f"take out  {escape(record.path)}", soft_wrap=True)
    for failure in survey.discovery.failures:
        console.print(f"refuse    {escape(failure.source_path)}: {escape(failure.message)}", soft_wrap=True)
    read = {content.sha256 for content in plan.work if cache.has_reading(content.source)}
    alone = sum(seconds_for(content.source, is_read=content.sha256 in read) for content in plan.work)
    seconds = START_SECONDS + alone / settings.run.jobs if plan.work else 0.0
    left_out = f", {len(plan.left_out)} left out by --only" if plan.left_out else ""
    known = f" ({len(read)} of them are read already)" if read else ""
    console.print(
        f"{len(plan.work)} to work on{known}, {len(plan.unchanged)} unchanged, {len(plan.missing)} gone, "
        f"{len(survey.discovery.failures)} refused{left_out}; about {dt.timedelta(seconds=round(seconds))}",
        soft_wrap=True,
    )
