"""One run at a time on one output folder. The lock dies with the process that holds it, so no lock is ever stale."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import LockedError
from pipeline.publish.layout import Layout, explaining


@contextmanager
def run_lock(layout: Layout, wait_seconds: float = 0.0) -> Iterator[None]:
    """Holds the output folder.

    Raises LockedError where another run holds it for longer than `wait_seconds`.
    """
    layout.prepare()
    holder = layout.holder
    lock = FileLock(layout.lock, timeout=wait_seconds, mode=0o640)
    try:
        with explaining(layout.output):
            lock.acquire()
    except Timeout:
        raise LockedError(f"{layout.output}: {_who(holder)} works on this folder; wait for it or stop it") from None
    try:
        with explaining(layout.output):
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            holder.write_text(json.dumps({"process": os.getpid(), "host": socket.gethostname(), "since": now}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    try:
        told = json.loads(holder.read_text())
        return f"another run (process {told['process']} on {told['host']}, since {told['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another run"
