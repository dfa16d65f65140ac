"""Stand-ins for the stages: what a file does is written in the file, so that faults are at hand and nothing is slow."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable

import psutil

from pipeline.models import (
    Citation,
    Document,
    DocumentResult,
    Evidence,
    Extraction,
    Failure,
    Footer,
    Header,
    Line,
    Page,
    RestoredPage,
    Section,
    Source,
    Target,
)
from pipeline.run.cache import StageCache
from pipeline.run.errors import StageError
from pipeline.run.work import DocumentWork


def document_of(source: Source, text: str) -> tuple[Document, Extraction]:
    """A document of one page, one section, one target and one citation."""
    document_id = f"doc-{source.sha256[:16]}"
    page = Page(1, text, "plain", (Line(0, len(text), None, 1.0),))
    section = Section(f"{document_id}-s1", None, "1", "1.", "decimal", 1, None, text, 1, 0, len(text))
    document = Document(
        document_id, source, (RestoredPage(page, text),), Header(document_type="Kế hoạch"), Footer(), (), (section,)
    )
    evidence = Evidence(document_id, section.section_id, 1, 0, len(text), None, text, text, 0.9, "")
    target = Target(f"{document_id}-t1", evidence, "hộ nghèo", None, "=", None, 3.0, None, "3", "%", "%", 3.0, "%")
    citation = Citation(f"{document_id}-c1", evidence, "Chỉ thị", "23-CT/TU", "2017-04-21", "Tỉnh ủy", None, "mentions")
    return document, Extraction(targets=(target,), citations=(citation,))


class FakeWork(DocumentWork):
    """Does what the first word of the file says."""

    def process(self, source: Source, cache: StageCache, report: Callable[[int], None]) -> DocumentResult:
        text = source.path.read_text(encoding="utf-8")
        order, _, rest = text.partition(" ")
        report(1)
        match order:
            case "EXIT":
                os._exit(0)
            case "KILL":
                os.kill(os.getpid(), 9)
            case "KILL_ONCE":
                marker = self.fragments / f"killed-{source.sha256}"
                if not marker.exists():
                    marker.parent.mkdir(parents=True, exist_ok=True)
                    marker.touch()
                    os.kill(os.getpid(), 9)
            case "UNREADABLE_ONCE":
                marker = self.cache / f"seen-{source.sha256}"
                if not marker.exists():
                    marker.parent.mkdir(parents=True, exist_ok=True)
                    marker.touch()
                    raise StageError("read", "unreadable", "cannot be read (Input/output error)")
            case "KILL_MACHINE":  # the worker of the cluster, which is the parent of the server of its children
                os.kill(psutil.Process(os.getppid()).ppid(), 9)
                time.sleep(60)
            case "HANG":
                subprocess.run(["sleep", f"{rest.strip()}"], check=False)
            case "EAT":
                hoard = []
                while True:
                    hoard.append(bytearray(20 << 20))
                    time.sleep(0.01)
            case "RAISE":
                raise ValueError("a defect")
            case "REFUSE":
                raise StageError("read", "password", "is protected by a password")
            case "SLOW":
                for page in range(20):
                    time.sleep(0.1)
                    report(page)
        failures: tuple[Failure, ...] = ()
        if order == "PARTIAL":
            failures = (Failure(source.relative_path, source.sha256, 2, "read", "ocr_timeout", "took too long"),)
        return DocumentResult(source, (document_of(source, text),), failures)
