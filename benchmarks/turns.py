"""Wall and processor seconds of commands that take turns: while one runs, all that the others started stands still.

How fast a machine is changes by the minute where others share its host, its caches and its heat. Commands that take
turns every few seconds all meet the same machine, so that the ratio of their times says something about them.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import psutil

from benchmarks.measuring import ROOT, take_orphans

_TURN = 3.0  # seconds


class Spent(NamedTuple):
    """Wall seconds of a command's own turns, and processor seconds of all that it started."""

    wall: float
    cpu: float


def spent_in_turns(commands: Mapping[str, Sequence[str]]) -> dict[str, Spent]:
    """What each command takes, the turns of the others left out; each runs in the root of the repository.

    Raises RuntimeError where one ends with another exit code than 0.
    """
    waiting = {name: _start(command) for name, command in commands.items()}
    wall, cpu = dict.fromkeys(commands, 0.0), dict.fromkeys(commands, 0.0)
    try:
        while waiting:
            for name, process in list(waiting.items()):
                before = _of_the_ended()
                wall[name] += _turn(process)
                if process.poll() is not None:
                    del waiting[name]
                    cpu[name] = _of_the_ended() - before
                    if process.returncode:
                        raise RuntimeError(f"{name} ended with exit code {process.returncode}")
    finally:
        for process in waiting.values():
            _tell(process.pid, signal.SIGKILL)
    return {name: Spent(wall[name], cpu[name]) for name in commands}


def _of_the_ended() -> float:
    """Processor seconds of all that this process has waited for, and of what those have waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A command below a process to which all that it leaves behind comes; it stands still until its first turn."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.turns", *command], cwd=ROOT)
    process.send_signal(signal.SIGSTOP)
    return process


def _turn(process: subprocess.Popen[bytes]) -> float:
    """Seconds that the command ran before its turn was over or it ended."""
    _tell(process.pid, signal.SIGCONT)
    started = time.perf_counter()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_TURN)
    _tell(process.pid, signal.SIGSTOP)
    return time.perf_counter() - started


def _tell(pid: int, number: signal.Signals) -> None:
    """Signals a process and all below it, again until none has come in between: who stands still starts nobody."""
    told: set[int] = set()
    while fresh := [p for p in _tree(pid) if p.pid not in told]:
        for process in fresh:
            told.add(process.pid)
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)


def _tree(pid: int) -> Iterable[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    return []


def _hold_together(command: Sequence[str]) -> int:
    """Runs a command and gives its exit code; its orphans come to this process, which waits for them too."""
    take_orphans()
    code = subprocess.run(command, check=False).returncode
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    return code


if __name__ == "__main__":
    raise SystemExit(_hold_together(sys.argv[1:]))
