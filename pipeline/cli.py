"""The commands. Nothing else knows about terminals."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import __version__
from pipeline.errors import ChithiError, ExitCode, UsageError
from pipeline.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from pipeline.run.plan import Choice

app = typer.Typer(
    name="chithi",
    help="Vietnamese administrative documents in, Parquet tables of targets, deadlines, directives and citations out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_LINE_WIDTH = 160  # of tables that no terminal bounds

Output = Annotated[Path | None, typer.Option("--output", "-o", help="Folder of the tables. [default: outputs]")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file. [default: chithi.toml, if there is one]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def main() -> None:
    """Runs the command line; ends the process with one of `ExitCode`."""
    try:
        app()
    except ChithiError as error:
        _say_error(str(error))
        raise SystemExit(error.exit_code) from None
    except SettingsError as error:
        _say_error(str(error))
        raise SystemExit(ExitCode.USAGE) from None
    except Exception:
        traceback.print_exc()
        _say_error("this is a defect of chithi; the published tables are as before")
        raise SystemExit(ExitCode.INTERNAL) from None


def _say_error(message: str) -> None:
    Console(stderr=True).print(f"[red]chithi:[/] {escape(message)}", soft_wrap=True)


def _settings(
    input: Path | None = None,
    output: Path | None = None,
    jobs: int | None = None,
    config: Path | None = None,
    scheduler: str | None = None,
) -> Settings:
    flags: dict[str, Any] = {name: value for name, value in (("input", input), ("output", output)) if value}
    run = {name: value for name, value in (("jobs", jobs), ("scheduler", scheduler)) if value is not None}
    if run:
        flags["run"] = run
    return load_settings(flags, config)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chithi {__version__}")
        raise typer.Exit


@app.callback()
def _chithi(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def ingest(
    input: Annotated[Path | None, typer.Argument(help="Folder of documents. [default: corpus]")] = None,
    output: Output = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Documents side by side.")] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Let the workers of a dask cluster do it: tcp://host:8786.")
    ] = None,
    config: Config = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for logs.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Work on every file again, from its reading on.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try failed and partial files again.")] = False,
    only: Annotated[
        str | None, typer.Option("--only", help="Work only on paths that match this pattern (* and ?).")
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Hash every file, even if it seems unchanged.")] = False,
    keep_missing: Annotated[
        bool, typer.Option("--keep-missing", help="Keep the rows of files that are gone, marked source_missing.")
    ] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Publish empty tables although the folder held files before.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for another run to end.")] = 0.0,
) -> None:
    """Read a folder of documents and publish its tables; what is unchanged is not done again."""
    from pipeline.run.forkserver import ending_server_on_error, start_server_for
    from pipeline.run.signals import stopping

    settings = _settings(input, output, jobs, config, scheduler)
    with stopping(), ending_server_on_error():
        if not dry_run:
            start_server_for(settings)
        from pipeline.run.plan import Choice  # loaded while the server starts

        choice = Choice(force, retry_failed, only, verify, keep_missing, allow_empty)
        _ingest(settings, choice, wait, quiet=quiet, as_json=as_json, dry_run=dry_run)


def _ingest(settings: Settings, choice: Choice, wait: float, *, quiet: bool, as_json: bool, dry_run: bool) -> None:
    from pipeline.run.without_pandas import without_pandas

    with without_pandas():
        from pipeline.report import console as view
        from pipeline.report.night import write_reports
        from pipeline.run.ingest import ingest as run_ingest
        from pipeline.run.ingest import look

    console = Console(stderr=True, quiet=quiet)
    if dry_run:
        view.print_survey(Console(), look(settings, choice), settings)
        return
    lines = view.LineWatcher(sys.stdout)
    watcher = lines if as_json else view.BarWatcher(console)
    with write_reports(settings.output) as reports:
        summary = run_ingest(settings, choice, view.Watchers([watcher, reports.log]), wait)
        reports.write(summary)
    if as_json:
        lines.say("summary", **view.summary_facts(summary))
    elif not quiet:
        view.print_summary(Console(), summary)
    if summary.failures:
        raise typer.Exit(ExitCode.SOME_FAILED)


@app.command()
def doctor(config: Config = None, as_json: AsJson = False) -> None:
    """Check that everything is there that chithi needs, and say how to mend what is not."""
    from pipeline.report.doctor import examine

    console = Console()
    checks = list(examine(_settings(config=config)))
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False))
    for check in checks if not as_json else ():
        mark = "[green]✓[/]" if check.fine else "[red]✗[/]" if check.needed else "[yellow]–[/]"
        console.print(f"{mark} {check.name}: {escape(check.found)}", soft_wrap=True)
        if not check.fine:
            console.print(f"    {escape(check.mend)}", soft_wrap=True)
    if any(check.needed and not check.fine for check in checks):
        raise typer.Exit(ExitCode.MISSING_DEPENDENCY)


@app.command()
def runs(output: Output = None, config: Config = None, as_json: AsJson = False) -> None:
    """List the runs that published into an output folder; those whose snapshot is kept can be rolled back to."""
    from pipeline.publish.snapshot import current_folder, list_snapshots

    folder = _settings(output=output, config=config).output
    current = current_folder(folder).name
    snapshots = list_snapshots(folder)
    kept = {snapshot.run_id for snapshot in snapshots}
    known = {row["run_id"]: row for s in snapshots for row in s.table("runs").to_pylist()}
    rows = sorted(known.values(), key=lambda row: row["started_at"])
    if as_json:
        marks = ({"current": row["run_id"] == current, "kept": row["run_id"] in kept} for row in rows)
        typer.echo(json.dumps([row | mark for row, mark in zip(rows, marks, strict=True)], default=str))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "started", "seconds", "files", "done", "partial", "failed", "unchanged", "snapshot"):
        words = heading in ("run", "started", "snapshot")
        table.add_column(heading, justify="left" if words else "right", no_wrap=True)
    for row in rows:
        state = "current" if row["run_id"] == current else "kept" if row["run_id"] in kept else ""
        seconds = (row["ended_at"] - row["started_at"]).total_seconds()
        counts = [str(row[name]) for name in ("files", "done", "partial", "failed", "unchanged")]
        table.add_row(row["run_id"], f"{row['started_at']:%Y-%m-%d %H:%M}", f"{seconds:.1f}", *counts, state)
    Console(width=None if sys.stdout.isatty() else _LINE_WIDTH).print(table)


@app.command()
def rollback(
    run: Annotated[str, typer.Argument(help="The run whose tables shall be the current ones again.")],
    output: Output = None,
    config: Config = None,
) -> None:
    """Make the tables of an earlier run the current ones; the next ingest goes on from there."""
    from pipeline.run.ingest import rollback as roll_back

    settings = _settings(output=output, config=config)
    snapshot = roll_back(settings, run)
    typer.echo(f"{settings.output / 'current'} is run {snapshot.run_id} again")


@app.command()
def verify(output: Output = None, config: Config = None, as_json: AsJson = False) -> None:
    """Check the published tables: every checksum, schema, key and reference, and every file of the manifest."""
    from pipeline.publish.snapshot import open_snapshot

    snapshot = open_snapshot(_settings(output=output, config=config).output)
    problems = snapshot.problems()
    if as_json:
        typer.echo(json.dumps({"run_id": snapshot.run_id, "problems": problems}, ensure_ascii=False))
    elif problems:
        for problem in problems:
            _say_error(problem)
    else:
        rows = sum(part.rows for part in snapshot.manifest.parts)
        typer.echo(f"run {snapshot.run_id}: {len(snapshot.manifest.parts)} files, {rows} rows, all as they should be")
    if problems:
        raise typer.Exit(ExitCode.DAMAGED)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A text file in any Vietnamese encoding, or - for standard input.")],
    explain: Annotated[
        bool, typer.Option("--explain", help="List every change, with its kind and confidence.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a damaged Vietnamese text right: encoding, marks, letters, spaces."""
    from pipeline.read.formats.plain import decode_bytes
    from pipeline.restore import restore as restore_text

    text = decode_bytes(_bytes_of(file))
    if text is None:
        raise UsageError(f"{file}: is not text; `chithi ingest` reads PDF, images and Word documents")
    restored = restore_text(text)
    if as_json:
        corrections = [asdict(correction) for correction in restored.corrections] if explain else []
        facts = {"text": restored.text, "quality": restored.quality, "corrections": corrections}
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(restored.text, nl=not restored.text.endswith("\n"))
    if explain:
        for c in restored.corrections:
            typer.echo(f"{c.start}-{c.end}\t{c.kind}\t{c.confidence:.2f}\t{c.before!r} → {c.after!r}", err=True)


def _bytes_of(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from error


@app.command()
def trace(
    what: Annotated[str, typer.Argument(help="A number (12/KH-UBND), an instrument's id, or words of a title.")],
    output: Output = None,
    depth: Annotated[int, typer.Option("--depth", min=1, help="How many steps far.")] = 4,
    dot: Annotated[bool, typer.Option("--dot", help="Print the graph for Graphviz.")] = False,
    graphml: Annotated[bool, typer.Option("--graphml", help="Print the graph as GraphML.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Print a page with the picture.")] = False,
    config: Config = None,
) -> None:
    """Show what a document rests on and what cites it, level by level."""
    from pipeline.publish.snapshot import open_snapshot
    from pipeline.report import graphs
    from pipeline.report.trace import as_tree, describe, find_instruments, open_archive

    if dot + graphml + html > 1:
        raise UsageError("one of --dot, --graphml and --html is enough")
    archive = open_archive(open_snapshot(_settings(output=output, config=config).output).folder)
    found = find_instruments(archive, what)
    if not found:
        raise UsageError(f"no document or citation in the tables is {what!r}")
    first, others = found[0], found[1:]
    if not (dot or graphml or html):
        console = Console()
        console.print(as_tree(archive, first.instrument_id, depth))
        if others:
            console.print(
                f"[dim]Also found, {len(others)} (trace one by its id):[/]", *describe(others), sep="\n", soft_wrap=True
            )
        return
    graph = graphs.as_graph(archive, [first.instrument_id], depth)
    if dot:
        typer.echo(graphs.as_dot(graph))
    elif graphml:
        typer.echo(graphs.as_graphml(graph))
    else:
        typer.echo(graphs.as_html(graph, first.name))


@app.command()
def evaluate(
    snapshot: Annotated[Path, typer.Argument(help="An output folder, or one snapshot of it.")],
    gold: Annotated[Path, typer.Argument(help="Folder of hand-made answers.")],
    errors: Annotated[int, typer.Option("--errors", min=0, help="Also list so many single errors.")] = 0,
    before: Annotated[
        Path | None, typer.Option("--before", help="An earlier snapshot: also list the rows won and lost since.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score the tables against hand-made answers."""
    from pipeline.report.evaluate import compare
    from pipeline.report.evaluate import evaluate as score

    try:
        evaluation = score(snapshot, gold)
        comparison = compare(score(before, gold), evaluation) if before else None
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    if as_json:
        facts = evaluation.as_dict() | ({"since_before": comparison.as_dict()} if comparison else {})
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    typer.echo(evaluation.report(errors))
    if comparison:
        typer.echo(comparison.report())
