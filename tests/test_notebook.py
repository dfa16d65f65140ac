"""The notebook that newcomers open runs from its first cell to its last on tables of the corpus."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbclient
import nbformat
import pytest

from pipeline.run.ingest import ingest
from pipeline.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "quickstart.ipynb"
# The chain of three levels: one indicator in several documents, citations, deadlines, boxes; no OCR, so it is fast.
DOCUMENTS = ("01-", "02-", "03-")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with some documents of the corpus, and the tables made from it."""
    source, output = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("tables")
    for path in (ROOT / "corpus").iterdir():
        if path.name.startswith(DOCUMENTS):
            shutil.copy(path, source)
    ingest(load_settings({"input": source, "output": output, "run": {"jobs": 1}}))
    return source, output


def test_the_notebook_is_stored_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def test_every_cell_runs(archive: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures_of(*archive, monkeypatch) == 4  # targets, deadlines, citations, the page with its box


def test_every_cell_runs_where_there_is_nothing_to_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, output = tmp_path / "documents", tmp_path / "tables"
    source.mkdir()
    ingest(load_settings({"input": source, "output": output}))
    assert pictures_of(source, output, monkeypatch) == 3  # no page to draw a box on


def pictures_of(source: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many pictures the notebook draws of these documents and their tables."""
    monkeypatch.setenv("CHITHI_INPUT", str(source))
    monkeypatch.setenv("CHITHI_OUTPUT", str(output))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    client.execute()
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    return sum("image/png" in result.get("data", {}) for cell in cells for result in cell.outputs)
