"""What processes load, and what they do without."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipeline.errors import ExitCode
from pipeline.publish.layout import Layout
from pipeline.run.ingest import ingest
from pipeline.run.lock import run_lock
from pipeline.settings import Settings


def _told_by(program: str, *arguments: str) -> Any:
    command = [sys.executable, "-c", program, *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_the_server_of_children_has_taken_a_document_through_every_stage() -> None:
    found = _told_by("""
import json, sys
import pipeline.run.preload
from pipeline.extract.language import language
from pipeline.restore.restorer import restorer
from pipeline.run.cache import _adapter
loaded = [f.cache_info().currsize for f in (language, restorer, _adapter)]
useless = [name for name in ("pandas", "requests", "httpx", "spacy.cli", "spacy.cli.info") if name in sys.modules]
import cv2
print(json.dumps({"loaded": loaded, "useless": useless, "threads": cv2.getNumThreads()}))
""")
    assert min(found["loaded"]) > 0
    assert found["useless"] == []
    assert found["threads"] == 1


def test_pyarrow_looks_for_pandas_no_more_where_it_was_not_wanted() -> None:
    loaded = _told_by("""
import json, sys
from pipeline.run.without_pandas import without_pandas
with without_pandas():
    pass
import pyarrow as pa, pyarrow.compute as pc
words = pa.chunked_array([pa.array(["a", "b"])])
pc.binary_join_element_wise(words, words, "-")
print(json.dumps("pandas" in sys.modules))
""")
    assert loaded is False


_INGEST = """
import json, sys
from multiprocessing import forkserver
from pipeline.cli import main
sys.argv = ["chithi", "ingest", sys.argv[1], "--output", sys.argv[2], "--quiet"]
try:
    code = main()
except SystemExit as end:
    code = end.code
loaded = [name for name in ("pandas", "polars", "spacy", "cv2", "sklearn") if name in sys.modules]
server = ["server of children"] if forkserver._forkserver._forkserver_pid else []
print(json.dumps([code or 0, *loaded, *server]))
"""


def test_a_run_with_nothing_to_do_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    ingest(Settings(input=tmp_path / "in", output=tmp_path / "out"))
    assert _told_by(_INGEST, str(tmp_path / "in"), str(tmp_path / "out")) == [ExitCode.OK]


def test_a_second_run_on_a_new_folder_gives_way_before_it_loads_anything(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Kế hoạch", encoding="utf-8")
    with run_lock(Layout(tmp_path / "out")):
        assert _told_by(_INGEST, str(tmp_path / "in"), str(tmp_path / "out")) == [ExitCode.LOCKED]
