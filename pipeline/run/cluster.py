"""The same work on many machines: the events of the local executor, from the workers of a dask cluster.

Dask moves the items and says when they are done. What it does not know is who is to blame when a worker dies: it counts
every item that the worker held. Here, a file breaks only its own child (`cluster_worker`), and the death of a whole
worker is nobody's fault at first: its items are done elsewhere. An item that two workers died with is done alone, with
nothing else on that machine; only one that a worker dies with then has broken it.
"""

from __future__ import annotations

import logging
import queue
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from pipeline.errors import ClusterError, MissingDependencyError
from pipeline.run.cluster_worker import Order, do_item, refuse_wrong_machine
from pipeline.run.executor import Broken, Event, Finished, Limits, PageDone, Report

Item = TypeVar("Item")
Result = TypeVar("Result")

_TICK = 0.05
_CENSUS_SECONDS = 1.0
_CONNECT_SECONDS = 15
_CLOSE_SECONDS = 3
_NO_WORKERS_SECONDS = 120.0  # for a service manager to start them again
_DEATHS_IN_A_CROWD = 2
_AHEAD = 2  # items in flight for each thread of a worker, so that none waits for the next


@dataclass(slots=True)
class _Flight(Generic[Item]):
    """One item on its way. `place` is the worker on which it began, by address and incarnation; `alone_on` is the
    address of the worker whose host it has for itself."""

    item: Item
    future: Any
    started: float
    alone_on: str | None = None
    place: tuple[str, str] | None = None
    deaths: int = 0


@dataclass(slots=True)
class _Traffic(Generic[Item]):
    """All that is on its way, and the items that must go alone."""

    flights: dict[str, _Flight[Item]] = field(default_factory=dict)
    suspects: deque[Item] = field(default_factory=deque)

    def alone(self) -> set[str]:
        """The hosts that one item has for itself."""
        return {_host_of(f.alone_on) for f in self.flights.values() if f.alone_on is not None}


class ClusterExecutor(Generic[Item, Result]):
    """Runs `work(item, report)` on the workers of the dask scheduler at `address`, each item in a child of a worker.

    `premise` is called once on every worker and says what is wrong there. Items of which `is_suspect` holds are done
    alone from the start. Use as a context: leaving it cancels what is not done, which kills the children.

    Raises ClusterError where the scheduler cannot be reached, stays without workers, or a worker cannot do the work.
    """

    def __init__(
        self,
        work: Callable[[Item, Report], Result],
        address: str,
        limits: Limits,
        preload: Sequence[str] = (),
        premise: Callable[[], str | None] = lambda: None,
        is_suspect: Callable[[Item], bool] = lambda item: False,
    ) -> None:
        self.address, self.is_suspect = address, is_suspect
        self.order = Order(f"chithi-{uuid.uuid4().hex[:12]}", work, limits, tuple(preload), premise)
        self._client: Any = None
        self._done: Any = None
        self._notices: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._workers: dict[str, int] = {}  # address → threads
        self._looked = self._last_worker = 0.0
        self._submitted = 0

    def __enter__(self) -> ClusterExecutor[Item, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        """Takes leave of the scheduler, which cancels all that this client has submitted."""
        if self._client is not None:
            with suppress(Exception):
                self._client.close(timeout=_CLOSE_SECONDS)
            self._client = None

    @property
    def width(self) -> int:
        """How many items the workers work on side by side."""
        self._connect()
        return max(1, sum(self._workers.values()))

    def run(self, items: Iterable[Item | None]) -> Iterator[Event[Item, Result]]:
        """Events of all items, in the order in which they are heard of; `items` is consumed as workers become free.

        A None among the items says that there is nothing more until something else has happened.
        """
        waiting = iter(items)
        try:
            first = next(waiting)
        except StopIteration:  # no cluster is needed
            return
        waiting = chain([first], waiting)
        self._connect()
        traffic: _Traffic[Item] = _Traffic()
        exhausted = False
        while True:
            resting = exhausted
            while not resting and len(traffic.flights) < self._room():
                try:
                    item = next(waiting)
                except StopIteration:
                    exhausted = resting = True
                    break
                if item is None:
                    resting = True
                elif self.is_suspect(item):
                    traffic.suspects.append(item)
                else:
                    self._submit(traffic, item)
            if exhausted and not traffic.suspects and not traffic.flights:
                return
            if resting:
                self._send_suspects(traffic)
            events = [*self._arrivals(traffic), *self._heard(traffic), *self._missed(traffic)]
            yield from events
            if not events:
                time.sleep(_TICK)

    # --------------------------------------------------------------------------------------------- the cluster

    def _connect(self) -> None:
        if self._client is not None:
            return
        self._client = _client_of(self.address)
        from distributed import as_completed

        self._done = as_completed(with_results=True, raise_errors=False, loop=self._client.loop)
        self._client.subscribe_topic(self.order.token, lambda event: self._notices.put(event[1]))
        self._last_worker = time.monotonic()
        self._look_again()
        self._refuse_wrong_machines()

    def _refuse_wrong_machines(self) -> None:
        """One message about all workers that cannot do the work, before any of them begins."""
        answers = self._client.run(refuse_wrong_machine, self.order, on_error="return")
        problems = {_explain(a) for a in answers.values() if isinstance(a, Exception)}
        if problems:
            raise ClusterError("; ".join(sorted(problems)))

    def _look_again(self) -> None:
        """Counts the workers; waits while there are none."""
        while True:
            try:
                self._workers = dict(self._client.ncores())
            except Exception as error:
                raise ClusterError(f"{self.address}: lost the scheduler ({type(error).__name__}: {error})") from error
            self._looked = time.monotonic()
            if self._workers:
                self._last_worker = self._looked
                return
            if self._looked - self._last_worker > _NO_WORKERS_SECONDS:
                raise ClusterError(
                    f"{self.address}: no workers for {_NO_WORKERS_SECONDS:g} seconds; "
                    f"start some with `dask worker {self.address}`"
                )
            time.sleep(_CENSUS_SECONDS)

    def _room(self) -> int:
        return max(2, _AHEAD * sum(self._workers.values()))

    def _submit(self, traffic: _Traffic[Item], item: Item, alone_on: str | None = None) -> None:
        self._submitted += 1
        key = f"{self.order.token}-{self._submitted}"
        where = {} if alone_on is None else {"workers": [alone_on], "allow_other_workers": False}
        future = self._client.submit(do_item, self.order, item, key=key, pure=False, **where)
        traffic.flights[key] = _Flight(item, future, time.monotonic(), alone_on)
        self._done.add(future)

    def _send_suspects(self, traffic: _Traffic[Item]) -> None:
        """Gives each free host one suspect, once nothing else is on its way."""
        if any(flight.alone_on is None for flight in traffic.flights.values()):
            return
        for address in self._workers:
            if traffic.suspects and _host_of(address) not in traffic.alone():
                self._submit(traffic, traffic.suspects.popleft(), alone_on=address)

    # --------------------------------------------------------------------------------------------- what is heard

    def _arrivals(self, traffic: _Traffic[Item]) -> Iterator[Event[Item, Result]]:
        """What has come to an end."""
        for future, result in self._done.next_batch(block=False):
            flight = traffic.flights.pop(future.key, None)
            if flight is None:
                continue
            if isinstance(result, Finished | Broken):
                yield result
            elif future.status == "error":
                yield from self._unfinished(traffic, flight, result[1])
            else:
                raise ClusterError(f"{self.address}: lost the scheduler; start it and its workers, and run again")

    def _unfinished(self, traffic: _Traffic[Item], flight: _Flight[Item], error: Exception) -> Iterator[Broken[Item]]:
        """A task of dask failed, which no file can bring about: dask gave up, or the machine cannot do the work."""
        from distributed import KilledWorker

        if not isinstance(error, KilledWorker):
            raise ClusterError(_explain(error)) from error
        yield from self._blame(traffic, flight)

    def _heard(self, traffic: _Traffic[Item]) -> Iterator[Event[Item, Result]]:
        """Where items began and how far they are."""
        while not self._notices.empty():
            notice = self._notices.get()
            flight = traffic.flights.get(notice["key"])
            if flight is None:
                continue
            if "pages" in notice:
                yield PageDone(flight.item, notice["pages"])
                continue
            before, flight.place = flight.place, (notice["worker"], notice["incarnation"])
            if before is not None:  # it began before, on a worker that must have died
                yield from self._died(traffic, notice["key"])

    def _missed(self, traffic: _Traffic[Item]) -> Iterator[Event[Item, Result]]:
        """Items whose worker is gone."""
        if time.monotonic() - self._looked < _CENSUS_SECONDS:
            return
        self._look_again()
        for key, flight in list(traffic.flights.items()):
            if flight.place is not None and flight.place[0] not in self._workers:
                flight.place = None
                yield from self._died(traffic, key)
            elif flight.alone_on is not None and flight.alone_on not in self._workers:
                self._withdraw(traffic, key)  # the worker went before the item began
                traffic.suspects.append(flight.item)

    def _died(self, traffic: _Traffic[Item], key: str) -> Iterator[Broken[Item]]:
        """A worker died with an item. In a crowd dask does it again elsewhere, the first times."""
        flight = traffic.flights[key]
        flight.deaths += 1
        if flight.alone_on is not None or flight.deaths >= _DEATHS_IN_A_CROWD:
            self._withdraw(traffic, key)
            yield from self._blame(traffic, flight)

    def _blame(self, traffic: _Traffic[Item], flight: _Flight[Item]) -> Iterator[Broken[Item]]:
        if flight.alone_on is None:
            traffic.suspects.append(flight.item)
            return
        message = f"the cluster worker {flight.alone_on} died while it worked on this file and nothing else"
        yield Broken(flight.item, "worker_died", message, time.monotonic() - flight.started)

    def _withdraw(self, traffic: _Traffic[Item], key: str) -> None:
        flight = traffic.flights.pop(key)
        self._client.cancel([flight.future], force=True)


def _client_of(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingDependencyError(
            "a cluster needs dask.distributed: scripts/set-up cluster, or pip install '.[cluster]', in the checkout"
        ) from error
    # What matters of it comes back as an event or an error; the rest would spoil progress bars and logs.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_CONNECT_SECONDS, name="chithi", set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise ClusterError(
            f"{address}: no dask scheduler answers there ({error}); start one with `dask scheduler`"
        ) from error


def _host_of(address: str) -> str:
    return urlsplit(address).hostname or address


def _explain(error: Exception) -> str:
    if isinstance(error, ClusterError):
        return str(error)
    return (
        f"a cluster worker cannot do the work ({type(error).__name__}: {error}); "
        "is the same version of chithi installed there, and was the worker started again since?"
    )
