"""Works on many items side by side, each in a child that can be killed: what breaks one item hurts no other.

A child leads its own process group, so that the programs it starts (tesseract) die with it: on a limit, on a signal,
and when the parent is killed (the child sees its lifeline close). At most one item waits in each child.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import Any, Generic, TypeVar

import psutil

from pipeline.publish.layout import PRIVATE_UMASK
from pipeline.run.forkserver import CONTEXT, start_server

Item = TypeVar("Item")
Result = TypeVar("Result")
Report = Callable[[int], None]  # pages finished so far

_TICK = 0.5
_MEMORY_TICK = 1.0
_START_SECONDS = 300.0
_ITEMS_PER_CHILD = 200  # bounds what libraries leak
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may take."""

    seconds: float
    stall_seconds: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Finished(Generic[Item, Result]):
    """The work on an item came to an end of its own."""

    item: Item
    result: Result


@dataclass(frozen=True, slots=True)
class Broken(Generic[Item]):
    """The work on an item was stopped, or stopped its child. `error` is what the work raised, where it did."""

    item: Item
    code: str
    message: str
    seconds: float
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class PageDone(Generic[Item]):
    """An item is further along."""

    item: Item
    pages: int


Event = Finished[Item, Result] | Broken[Item] | PageDone[Item]


@dataclass(slots=True)
class _Child(Generic[Item]):
    process: Any
    pipe: connection.Connection
    lifeline: connection.Connection
    item: Item | None = None
    begun: bool = False  # the limits count from when a child has started, not from when it is started
    started: float = 0.0
    heard: float = 0.0
    weighed: float = 0.0
    served: int = 0


class Executor(Generic[Item, Result]):
    """Runs `work(item, report)` in `jobs` children. `work` and the items must be picklable.

    `preload` names modules that children should find loaded. Use as a context: leaving it kills all children.
    """

    def __init__(
        self, work: Callable[[Item, Report], Result], jobs: int, limits: Limits, preload: Sequence[str] = ()
    ) -> None:
        self.work, self.jobs, self.limits, self.preload = work, jobs, limits, preload
        self._children: list[_Child[Item]] = []

    def __enter__(self) -> Executor[Item, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            _kill(child)
        self._children.clear()

    @property
    def width(self) -> int:
        """How many items are worked on side by side."""
        return self.jobs

    def run(
        self, items: Iterable[Item | None], wanted: Callable[[], bool] = lambda: True
    ) -> Iterator[Event[Item, Result]]:
        """Events of all items, in the order in which they happen; `items` is consumed as children become free.

        A None among the items says that there is nothing more until something else has happened. Once `wanted` says no
        (it is asked twice a second), all children are killed and the events end.
        """
        waiting = iter(items)
        exhausted = False
        while True:
            if not wanted():
                self.__exit__()
                return
            while not exhausted and (child := self._free_child()) is not None:
                try:
                    item = next(waiting)
                except StopIteration:
                    exhausted = True
                    break
                if item is None:
                    break
                _give(child, item)
            busy = [c for c in self._children if c.item is not None]
            if not busy:
                return
            yield from self._listen(busy)
            yield from self._enforce()

    def _free_child(self) -> _Child[Item] | None:
        for child in [c for c in self._children if c.item is None]:
            if child.process.is_alive():
                return child
            self._dismiss(child)  # killed while it was idle: no item is to blame
        if len(self._children) >= self.jobs:
            return None
        start_server(self.preload)
        child = _start(self.work, self.limits)
        self._children.append(child)
        return child

    def _listen(self, busy: list[_Child[Item]]) -> Iterator[Event[Item, Result]]:
        by_pipe = {c.pipe: c for c in busy}
        for pipe in connection.wait(list(by_pipe), timeout=_TICK):
            child = by_pipe[pipe]  # type: ignore[index]
            try:
                kind, *content = child.pipe.recv()
            except (EOFError, OSError):
                yield self._buried(child)
                continue
            item = child.item
            assert item is not None
            if kind == "begun":
                child.started = child.heard = time.monotonic()
                child.begun = True
                continue
            if kind == "page":
                child.heard = time.monotonic()
                yield PageDone(item, *content)
                continue
            child.item, child.served = None, child.served + 1
            if kind == "result":
                yield Finished(item, content[0])
            else:
                code, message, error = content
                yield Broken(item, code, message, time.monotonic() - child.started, error)
            if child.served >= _ITEMS_PER_CHILD or kind == "broken":
                self._dismiss(child)

    def _buried(self, child: _Child[Item]) -> Broken[Item]:
        """What became of an item whose child is gone."""
        item, seconds = child.item, time.monotonic() - child.started
        assert item is not None
        self._dismiss(child)
        code = child.process.exitcode
        if code is not None and code < 0:
            how = f"killed by signal {signal.Signals(-code).name}"
            if code == -signal.SIGKILL:
                how += ", as the kernel does where the machine runs out of memory"
        else:
            how = f"ended with exit code {code}"
        return Broken(item, "worker_died", f"the process that worked on the file was {how}", seconds)

    def _enforce(self) -> Iterator[Broken[Item]]:
        now = time.monotonic()
        for child in [c for c in self._children if c.item is not None]:
            problem = self._problem(child, now)
            if problem is not None and child.item is not None:
                broken = Broken(child.item, *problem, now - child.started)
                self._dismiss(child)
                yield broken

    def _problem(self, child: _Child[Item], now: float) -> tuple[str, str] | None:
        if not child.begun:
            late = now - child.started > _START_SECONDS
            return ("worker_died", f"no process began the work in {_START_SECONDS:g} seconds") if late else None
        if now - child.started > self.limits.seconds:
            return "timeout", f"took more than {self.limits.seconds:g} seconds"
        if now - child.heard > self.limits.stall_seconds:
            return "stalled", f"finished no page for {self.limits.stall_seconds:g} seconds"
        if now - child.weighed > _MEMORY_TICK:
            child.weighed = now
            used = _memory_of_group(child.process.pid)
            if used > self.limits.memory_mb * _MEGABYTE:
                return "out_of_memory", f"used {used // _MEGABYTE} MB, more than {self.limits.memory_mb} MB"
        return None

    def _dismiss(self, child: _Child[Item]) -> None:
        if child in self._children:
            self._children.remove(child)
        _kill(child)


def _start(work: Callable[[Any, Report], Any], limits: Limits) -> _Child[Any]:
    pipe, child_pipe = CONTEXT.Pipe()
    child_lifeline, lifeline = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_serve, args=(child_pipe, child_lifeline, work, limits), daemon=False)
    process.start()
    child_pipe.close()
    child_lifeline.close()
    return _Child(process, pipe, lifeline)


def _give(child: _Child[Any], item: Any) -> None:
    child.item, child.begun = item, False
    child.started = child.heard = child.weighed = time.monotonic()
    with contextlib.suppress(OSError):  # a child that died while idle is found by _listen
        child.pipe.send(item)


def _kill(child: _Child[Any]) -> None:
    """Ends a child and everything it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.kill()
    child.process.join()
    child.pipe.close()
    child.lifeline.close()


def _memory_of_group(pid: int) -> int:
    """Bytes that a child and what it started hold, without what they share with others."""
    total = 0
    with contextlib.suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in (leader, *leader.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                memory = process.memory_info()
                total += memory.rss - memory.shared
    return total


# ------------------------------------------------------------------------------------------- in the child


def _serve(
    pipe: connection.Connection, lifeline: connection.Connection, work: Callable[[Any, Report], Any], limits: Limits
) -> None:
    os.setsid()
    # Before memory is limited: a thread that finds none to begin with dies without a word, and is waited for.
    threading.Thread(target=_die_with_parent, args=(lifeline,), daemon=True).start()
    _become_child(limits)

    def report(pages: int) -> None:
        pipe.send(("page", pages))

    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        while True:
            item = pipe.recv()
            pipe.send(("begun",))
            pipe.send(_answer(work, item, report))


def _answer(work: Callable[[Any, Report], Any], item: Any, report: Report) -> tuple[Any, ...]:
    try:
        return ("result", work(item, report))
    except MemoryError:
        return ("broken", "out_of_memory", "not enough memory", None)
    except Exception as error:
        message = traceback.format_exception_only(error)[-1].strip()[:500]
        return ("broken", "internal_error", message, error if _survives_the_way(error) else None)


def _survives_the_way(error: Exception) -> bool:
    """Whether the parent can unpack it; an exception with an `__init__` of its own often cannot be."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return False
    return True


def _become_child(limits: Limits) -> None:
    _fall_silent()
    os.umask(PRIVATE_UMASK)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")  # the kernel ends a child before it ends the run
    ceiling = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = _data() + (limits.memory_mb + 1000) * _MEGABYTE  # a guard for what grows faster than the parent looks
    if ceiling == resource.RLIM_INFINITY or wanted < ceiling:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, ceiling))


def _fall_silent() -> None:
    """What libraries say of a file belongs into no log: it says little, and quotes the file, control characters and
    all. What matters comes back as a failure."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _data() -> int:
    """Bytes that this process has been given already, nearly all of them by the server that it was forked from."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    return 0


def _die_with_parent(lifeline: connection.Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os.killpg(0, signal.SIGKILL)
