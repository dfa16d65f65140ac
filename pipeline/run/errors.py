"""What can go wrong with one file on its way through the stages."""

from __future__ import annotations

from pipeline.models import Failure, Source


class StageError(Exception):
    """A stage could do nothing with the file."""

    def __init__(self, stage: str, code: str, message: str) -> None:
        super().__init__(message)
        self.stage, self.code, self.message = stage, code, message

    def failure(self, source: Source) -> Failure:
        """The same as a row."""
        return Failure(source.relative_path, source.sha256, None, self.stage, self.code, self.message)
