"""Ctrl-C and SIGTERM as one exception, raised where the run can stop cleanly."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pipeline.errors import ExitCode, InterruptedRunError

_CODES = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.TERMINATED,
}


@contextmanager
def stopping() -> Iterator[None]:
    """Inside, a signal raises InterruptedRunError; a second one while that is handled is passed over."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        for each in _CODES:
            signal.signal(each, signal.SIG_IGN)
        raise InterruptedRunError(_CODES[signal.Signals(number)])

    before = {each: signal.signal(each, stop) for each in _CODES}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
