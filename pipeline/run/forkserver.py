"""The server that children are forked from.

It loads what every child needs once for all of them, which takes seconds: a run starts it as soon as it knows that
there is work, and goes on looking for the rest meanwhile. So this module loads next to nothing itself.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Sequence
from multiprocessing import forkserver, get_context, resource_tracker
from typing import TYPE_CHECKING

from pipeline.publish.layout import Layout

if TYPE_CHECKING:
    from pipeline.settings import Settings

CONTEXT = get_context("forkserver")
PRELOAD = ("pipeline.run.preload",)


def start_server(preload: Sequence[str]) -> None:
    """Starts the server, which loads the modules of `preload`; where it runs already, nothing happens."""
    CONTEXT.set_forkserver_preload(["pipeline.run.executor", *preload])
    resource_tracker.ensure_running()  # the server starts it else, and that would let signals through
    # Ctrl-C reaches the server too, but it is the run that answers: what is held back here stays so over there.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start_server_for(settings: Settings) -> None:
    """Starts the server before anything else where a folder of documents has no tables yet: there will be work.

    Not where another run seems to be at it, or one was killed: what holds the lock is found out first then.
    """
    layout = Layout(settings.output)
    is_new = settings.input.is_dir() and not layout.current.is_symlink() and not layout.holder.exists()
    if is_new and settings.run.scheduler is None:
        start_server(PRELOAD)


@contextlib.contextmanager
def ending_server_on_error() -> Iterator[None]:
    """A run that is stopped leaves nothing behind: not even a server that still loads, which would go on for seconds
    and keep whoever reads the run's output waiting."""
    try:
        yield
    except BaseException:
        import psutil

        with contextlib.suppress(psutil.Error):
            for child in psutil.Process().children():
                if any("multiprocessing.forkserver" in word for word in child.cmdline()):
                    child.kill()
        raise
