"""What a command takes, with everything that it starts."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and processor seconds, and the megabytes of the largest process."""

    seconds: float
    cpu: float
    peak: float
    output: str


def cpu_seconds() -> float:
    """Processor seconds of this process and of all its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def take_orphans() -> None:
    """From now on, what this process starts stays below it, whoever ends in between."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def cost_of(command: Sequence[str]) -> Cost:
    """Runs a command in the root of the repository and waits for it and for all that it leaves behind.

    Raises RuntimeError where it ends with another exit code than 0.
    """
    take_orphans()  # so that the time of servers that children are forked from counts too
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    seconds, cpu, peak = 0.0, 0.0, 0.0
    while True:
        try:
            pid, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
        if pid == process.pid:
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:4]} ended with exit code {process.returncode}")
    return Cost(seconds, cpu, peak, output)
