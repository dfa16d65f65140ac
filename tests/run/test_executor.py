"""Children that hang, die, eat memory or raise hurt nobody else and leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable

import psutil
import pytest

from pipeline.run.executor import Broken, Executor, Finished, Limits, PageDone

LIMITS = Limits(seconds=20, stall_seconds=20, memory_mb=600)


def obey(order: str, report: Callable[[int], None]) -> str:
    """Does what it is told; runs in a child."""
    what, _, detail = order.partition(" ")
    if what == "hang":
        subprocess.run(["sleep", detail], check=False)
    elif what == "exit":
        os._exit(int(detail))
    elif what == "kill":
        os.kill(os.getpid(), 9)
    elif what == "raise":
        raise ValueError(detail)
    elif what == "eat":
        hoard = []
        while True:
            hoard.append(bytearray(b"x" * (10 << 20)))
            time.sleep(0.02)
    elif what == "pages":
        for page in range(int(detail)):
            time.sleep(0.3)
            report(page + 1)
    elif what == "noise":
        return "\x00\udcff" * 1000
    return f"did {order}"


def outcomes(orders: list[str], jobs: int = 2, limits: Limits = LIMITS) -> dict[str, str]:
    """Item → result, or the code of what broke it."""
    with Executor[str, str](obey, jobs, limits) as executor:
        return {
            e.item: e.result if isinstance(e, Finished) else e.code
            for e in executor.run(orders)
            if not isinstance(e, PageDone)
        }


def sleepers(seconds: str) -> list[int]:
    return [p.pid for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", seconds]]


def _soon(holds: Callable[[], object], seconds: float = 20) -> bool:
    """Whether it comes true in time; children start when the machine lets them."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_all_items_come_back() -> None:
    orders = [f"item {n}" for n in range(20)]
    assert outcomes(orders) == {order: f"did {order}" for order in orders}


def test_no_items_start_nothing() -> None:
    assert outcomes([]) == {}


@pytest.mark.parametrize(("order", "code"), [("exit 0", "worker_died"), ("exit 3", "worker_died")])
def test_a_child_that_ends_is_a_failure_of_its_item_alone(order: str, code: str) -> None:
    found = outcomes(["a", order, "b", "kill", "c", "raise x"])
    assert found == {
        "a": "did a",
        order: code,
        "b": "did b",
        "kill": "worker_died",
        "c": "did c",
        "raise x": "internal_error",
    }


def test_a_hung_item_is_stopped_with_what_it_started() -> None:
    found = outcomes(["hang 4711", "a", "b"], limits=Limits(1.5, 20, 600))
    assert found == {"hang 4711": "timeout", "a": "did a", "b": "did b"}
    assert sleepers("4711") == []


def test_an_item_without_progress_is_stopped_and_one_with_progress_is_not() -> None:
    found = outcomes(["hang 4712", "pages 6"], limits=Limits(20, 1.2, 600))
    assert found == {"hang 4712": "stalled", "pages 6": "did pages 6"}


def test_an_item_that_eats_memory_is_stopped() -> None:
    found = outcomes(["eat", "a"], limits=Limits(60, 60, 300))
    assert found == {"eat": "out_of_memory", "a": "did a"}


def test_strange_results_come_back() -> None:
    assert outcomes(["noise"])["noise"].startswith("\x00\udcff")


def test_leaving_early_kills_everything() -> None:
    with Executor[str, str](obey, 2, LIMITS) as executor:
        for event in executor.run(["hang 4713", "a"]):
            assert isinstance(event, Finished | Broken)
            assert _soon(lambda: sleepers("4713")), "the hanging item never began"
            break
    assert sleepers("4713") == []


def test_a_child_killed_between_items_is_replaced() -> None:
    found = outcomes([f"item {n}" for n in range(5)] + ["kill"] + [f"item {n}" for n in range(5, 12)], jobs=1)
    assert [order for order, result in found.items() if result == "worker_died"] == ["kill"]
    assert len(found) == 13
