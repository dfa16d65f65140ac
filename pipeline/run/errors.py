"""What can go wrong with one file on its way through the stages."""

from __future__ import annotations

import errno

from pipeline.models import Failure, Source

# A full disk, or no more open files: no document is to blame, and every other one would meet the same.
TROUBLE_OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})


class StageError(Exception):
    """A stage could do nothing with the file."""

    def __init__(self, stage: str, code: str, message: str) -> None:
        super().__init__(message)
        self.stage, self.code, self.message = stage, code, message

    def failure(self, source: Source) -> Failure:
        """The same as a row."""
        return Failure(source.relative_path, source.sha256, None, self.stage, self.code, self.message)
