"""What runs on a worker of the cluster: each file in a killable child of the worker, with the limits of one machine.

A file that hangs, eats memory or dies takes its child with it, not the worker, so that the other files of the worker
are not disturbed and the file that did it is known.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.util
import socket
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pipeline.errors import ClusterError
from pipeline.run.executor import Broken, Executor, Finished, Limits, PageDone, Report

Item = TypeVar("Item")
Result = TypeVar("Result")

# Tells a worker from one that was started again at the same address.
INCARNATION = uuid.uuid4().hex
_IDLE_SECONDS = 20.0
_RUNNING = frozenset({"executing", "long-running"})
_GOING = frozenset({"closing", "closing_gracefully", "closed", "failed"})


@dataclass(frozen=True, slots=True)
class Order(Generic[Item, Result]):
    """What all files of one run have in common. `premise` says what is wrong with a machine, if anything is."""

    token: str
    work: Callable[[Item, Report], Result]
    limits: Limits
    preload: tuple[str, ...]
    premise: Callable[[], str | None]


def do_item(order: Order[Item, Result], item: Item) -> Finished[Item, Result] | Broken[Item] | None:
    """Works on one item as a task of dask; tells the topic `order.token` where it began and how far it is.

    None where nobody wants the result any more. Raises ClusterError where this machine cannot do the work.
    """
    from distributed import get_worker

    worker = get_worker()
    key = str(worker.get_current_task())
    refuse_wrong_machine(order)
    worker.log_event(order.token, {"key": key, "worker": worker.address, "incarnation": INCARNATION})
    with _borrowed(order) as executor:
        for event in executor.run([item], lambda: _is_wanted(worker, key)):
            if not isinstance(event, PageDone):
                return event
            worker.log_event(order.token, {"key": key, "pages": event.pages})
    return None


def refuse_wrong_machine(order: Order[Any, Any]) -> None:
    """Looks once for each run whether this machine can do its work. Raises ClusterError where it cannot."""
    with _premises_lock:
        if order.token not in _problems:
            _problems.clear()
            _problems[order.token] = order.premise()
        problem = _problems[order.token]
    if problem is not None:
        raise ClusterError(f"the cluster worker on {socket.gethostname()} {problem}")


def _is_wanted(worker: Any, key: str) -> bool:
    """Whether the run still waits for this task: not after it was cancelled, and not after the run was killed."""
    task = worker.state.tasks.get(key)
    return task is not None and task.state in _RUNNING and worker.status.name not in _GOING


# ------------------------------------------------------------------------------------------- children that wait

_problems: dict[str, str | None] = {}
_premises_lock = threading.Lock()
_idle: list[tuple[float, str, Executor[Any, Any]]] = []
_idle_lock = threading.Lock()
_all: weakref.WeakSet[Executor[Any, Any]] = weakref.WeakSet()


@contextmanager
def _borrowed(order: Order[Item, Result]) -> Iterator[Executor[Item, Result]]:
    """An executor with one child that has worked for this run before, where there is one.

    Children that nobody borrows again are ended soon.
    """
    with _idle_lock:
        own = next((entry for entry in _idle if entry[1] == order.token), None)
        if own is not None:
            _idle.remove(own)
    executor = own[2] if own is not None else _new_executor(order)
    try:
        yield executor
    except BaseException:
        executor.__exit__()
        raise
    with _idle_lock:
        _idle.append((time.monotonic(), order.token, executor))
    timer = threading.Timer(_IDLE_SECONDS + 1, _end_idle)
    timer.daemon = True
    timer.start()


def _new_executor(order: Order[Item, Result]) -> Executor[Item, Result]:
    # A worker with a nanny is a daemon process, which may have no children of its own unless it says so. Ours end with
    # the worker, whatever ends it: they watch a pipe to it.
    multiprocessing.current_process().daemon = False
    executor = Executor(order.work, 1, order.limits, order.preload)
    _all.add(executor)
    return executor


def _end_all() -> None:
    for executor in list(_all):
        executor.__exit__()


# A worker that is told to stop waits for its children, which wait for their parent: one has to begin.
multiprocessing.util.Finalize(None, _end_all, exitpriority=100)


def _end_idle() -> None:
    now = time.monotonic()
    with _idle_lock:
        late = [entry for entry in _idle if now - entry[0] >= _IDLE_SECONDS]
        for entry in late:
            _idle.remove(entry)
    for _, _, executor in late:
        executor.__exit__()
