"""What must hold on every machine of a cluster before it works on files: the same chithi, the same folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from pipeline import __version__
from pipeline.models import Source
from pipeline.run.versions import Versions, versions_of
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Premises:
    """Called on a worker, says what is wrong there; None where everything is as on the machine that runs.

    `mark` is a file that the run has put into the output folder, `token` what it wrote there. `sample` is an input
    file.
    """

    settings: Settings
    release: str
    versions: Versions
    mark: Path
    token: str
    sample: Source | None

    def __call__(self) -> str | None:
        """The first thing that is not as it should be, and what to do."""
        return self._output_problem() or self._input_problem() or self._version_problem()

    def _output_problem(self) -> str | None:
        folder = self.mark.parent
        try:
            told = self.mark.read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            told = ""
        if told != self.token:
            return (
                f"does not see {self.settings.output} as the run does; "
                "the output folder must be on a file system that all share, under the same path"
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            return f"cannot write to {folder}; run the workers as the same user or group as the run"
        return None

    def _input_problem(self) -> str | None:
        shared = "the input folder must be on a file system that all share, under the same path"
        if self.sample is None:
            return None
        try:
            size = self.sample.path.stat().st_size
        except OSError as error:
            return f"does not see {self.sample.path} ({error.strerror}); {shared}"
        return None if size == self.sample.size else f"sees another {self.sample.path} than the run; {shared}"

    def _version_problem(self) -> str | None:
        mend = "install the same version, rules and programs there and start the worker again"
        if self.release != __version__:
            return f"has chithi {__version__}, the run {self.release}; {mend}"
        own = versions_of(self.settings)
        differ = [f.name for f in fields(Versions) if getattr(own, f.name) != getattr(self.versions, f.name)]
        return f"differs from the run in code, rules or programs ({', '.join(differ)}); {mend}" if differ else None


@contextmanager
def marked(
    folder: Path, settings: Settings, versions: Versions, token: str, sample: Source | None
) -> Iterator[Premises]:
    """Puts the mark into `folder` that tells workers that they see the same one; takes it away again."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / f".{token}.mark"
    mark.write_text(token, encoding="utf-8")
    try:
        yield Premises(settings, __version__, versions, mark, token, sample)
    finally:
        mark.unlink(missing_ok=True)
