"""Targets, deadlines and directives of composed passages against their gold, from plain text to published rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.report.evaluate import Evaluation, evaluate
from pipeline.run.ingest import ingest
from pipeline.settings import RunSettings, Settings

PASSAGES = Path(__file__).resolve().parent.parent / "gold" / "passages"
FLOORS = {"targets": 0.94, "deadlines": 0.93, "directives": 0.85}
"""F1 that no change may fall below."""


@pytest.fixture(scope="module", params=["first", "second", "third", "fourth"])
def evaluation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    output = tmp_path_factory.mktemp(request.param)
    gold = PASSAGES / str(request.param)
    ingest(Settings(input=gold / "text", output=output, run=RunSettings(jobs=1, settle_seconds=0.0)))
    return evaluate(output, gold)


@pytest.mark.parametrize("table", FLOORS)
def test_passages(evaluation: Evaluation, table: str) -> None:
    if table not in evaluation.tables:
        pytest.skip("not annotated")
    score = evaluation.tables[table].rows
    assert score.f1 >= FLOORS[table], [str(error) for error in evaluation.errors if error.table == table]


def test_sure_targets_are_right(evaluation: Evaluation) -> None:
    if "targets" not in evaluation.tables:
        pytest.skip("not annotated")
    sure = [one for one in evaluation.tables["targets"].reliability if one.low >= 0.9]
    assert sum(one.right for one in sure) >= 0.95 * sum(one.rows for one in sure)
