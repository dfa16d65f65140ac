"""What a cluster must be sized by: processor time of a page, by how it is read, and what the cluster itself costs.

    python -m benchmarks.cluster [FOLDER] [--items N]

Processor time (children included), because it does not depend on what else the machine does. The cost of the cluster is
that of a real scheduler, one worker and the run, for items without work, beside that of children on this machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.measuring import cpu_seconds
from pipeline.discover import discover
from pipeline.run.cluster import ClusterExecutor
from pipeline.run.document import process
from pipeline.run.errors import StageError
from pipeline.run.executor import Executor, Limits
from pipeline.settings import RunSettings, Settings

_LIMITS = Limits(600, 600, 2000)


def nothing(item: int, report: Callable[[int], None]) -> int:
    """Work that costs nothing."""
    return item


def pages_an_hour(folder: Path) -> dict[str, tuple[int, float]]:
    """How pages are read → (their number, processor seconds of all stages for each)."""
    with tempfile.TemporaryDirectory() as output:
        settings = Settings(input=folder, output=Path(output), run=RunSettings(settle_seconds=0.0))
        sources = discover(folder, settings).sources
        found: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
        with suppress(StageError):
            process(sources[0], settings)  # models are loaded once
        for source in sources:
            before = cpu_seconds()
            try:
                result = process(source, settings)
            except StageError:
                continue
            pages = [page.page for document, _ in result.documents for page in document.pages]
            methods = {page.method for page in pages}
            kind = methods.pop() if len(methods) == 1 else "mixed"
            found[kind][0] += len(pages)
            found[kind][1] += cpu_seconds() - before
    return {kind: (int(count), spent / count) for kind, (count, spent) in found.items() if count}


def _tree_seconds(process: psutil.Process) -> float:
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            times = each.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def cost_of_an_item(items: int) -> tuple[float, float]:
    """Processor seconds of an item without work: by children of this machine, and by a cluster."""
    from benchmarks.cluster import nothing  # by its name, for processes in which this module is not the main one

    here = psutil.Process()
    with Executor[int, int](nothing, 1, _LIMITS) as local:
        list(local.run([0]))
        before = _tree_seconds(here)
        list(local.run(range(items)))
        alone = (_tree_seconds(here) - before) / items
    port = "18788"
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    with tempfile.TemporaryDirectory() as scratch:
        words = [["scheduler", "--port", port, *common]]
        words += [["worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-nanny", *common]]
        words[1] += ["--memory-limit", "0", "--local-directory", scratch]
        started = [
            subprocess.Popen([sys.executable, "-m", "dask", *w], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for w in words
        ]
        try:
            time.sleep(8)
            with ClusterExecutor[int, int](nothing, f"tcp://127.0.0.1:{port}", _LIMITS) as cluster:
                list(cluster.run(range(4)))
                before = _tree_seconds(here)
                list(cluster.run(range(4, 4 + items)))
                together = (_tree_seconds(here) - before) / items
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=90)
    return alone, together


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("corpus"))
    parser.add_argument("--items", type=int, default=300)
    arguments = parser.parse_args()
    alone, together = cost_of_an_item(arguments.items)
    print(f"an item without work: {alone * 1000:.1f} ms by children here, {together * 1000:.1f} ms by a cluster")
    print("pages read by      pages   seconds a page   pages an hour and core")
    for kind, (count, seconds) in sorted(pages_an_hour(arguments.folder).items()):
        print(f"{kind:<18} {count:>5}   {seconds:>14.2f}   {3600 / seconds:>22.0f}")


if __name__ == "__main__":
    main()
