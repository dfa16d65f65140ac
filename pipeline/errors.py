"""Exit codes, and the errors that end a command: each carries its code and a message that says what to do."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command tells the program that called it. Stable: cron and systemd act on these numbers."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    MISSING_DEPENDENCY = 3
    LOCKED = 4
    OUTPUT = 5
    DAMAGED = 6
    CLUSTER = 7
    INTERNAL = 70
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """What the code says, for the documentation."""
        return _MEANING[self]


_MEANING = {
    ExitCode.OK: "Everything that was asked is done.",
    ExitCode.SOME_FAILED: "The tables are published, but some files failed or lack pages: see the table `failures`.",
    ExitCode.USAGE: "A flag, a setting or a rule file is wrong, or a folder does not exist. Nothing was changed.",
    ExitCode.MISSING_DEPENDENCY: "A program, language or model that the work needs is missing: see `chithi doctor`.",
    ExitCode.LOCKED: "Another run works on the same output folder. Nothing was changed.",
    ExitCode.OUTPUT: "The output folder cannot be written, or its disk is full. The published tables are as before.",
    ExitCode.DAMAGED: "The published tables are not what their manifest says (`chithi verify`).",
    ExitCode.CLUSTER: "The cluster cannot be reached, has no workers, or one has other files or another version. "
    "The published tables are as before; the next run goes on from there.",
    ExitCode.INTERNAL: "A defect of chithi. The published tables are as before.",
    ExitCode.INTERRUPTED: "Stopped by Ctrl-C. The published tables are as before; the next run goes on from there.",
    ExitCode.TERMINATED: "Stopped by SIGTERM. The published tables are as before; the next run goes on from there.",
}


class ChithiError(Exception):
    """An error that a person can act on; `exit_code` is what the command ends with."""

    exit_code: ExitCode = ExitCode.INTERNAL


class UsageError(ChithiError):
    """Something that was asked for does not exist or makes no sense."""

    exit_code = ExitCode.USAGE


class MissingDependencyError(ChithiError):
    """A program, language or model is not there."""

    exit_code = ExitCode.MISSING_DEPENDENCY


class LockedError(ChithiError):
    """Another run holds the output folder."""

    exit_code = ExitCode.LOCKED


class OutputError(ChithiError):
    """The output folder cannot be written."""

    exit_code = ExitCode.OUTPUT


class DamagedError(ChithiError):
    """Published tables are not as their manifest or schema says."""

    exit_code = ExitCode.DAMAGED


class ClusterError(ChithiError):
    """The cluster cannot do the work."""

    exit_code = ExitCode.CLUSTER


class InterruptedRunError(ChithiError):
    """A signal stopped the run."""

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__("stopped")
        self.exit_code = exit_code
