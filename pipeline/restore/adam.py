"""Stochastic gradients with running moments (Adam; Kingma and Ba, 2015), in plain NumPy."""

from __future__ import annotations

import numpy as np

from pipeline.restore.choices import Floats, Ids

_DECAY1, _DECAY2, _TINY = 0.9, 0.98, 1e-8


class Adam:
    """The parameters and their running moments; tables are moved only in the rows that were used."""

    def __init__(self, parameters: dict[str, Floats]) -> None:
        self.parameters = parameters
        self._first = {name: np.zeros_like(p) for name, p in parameters.items()}
        self._second = {name: np.zeros_like(p) for name, p in parameters.items()}
        self._step = 0

    @property
    def steps(self) -> int:
        """How many were made."""
        return self._step

    def begin(self, rate: float) -> None:
        """Begins a step with this rate of learning."""
        self._step += 1
        self._rate = np.float32(rate * np.sqrt(1 - _DECAY2**self._step) / (1 - _DECAY1**self._step))

    def move(self, name: str, gradient: Floats, rows: Ids | slice = slice(None)) -> None:
        """Moves a parameter, or some rows of it, against its gradient."""
        first = self._first[name][rows] * np.float32(_DECAY1) + gradient * np.float32(1 - _DECAY1)
        second = self._second[name][rows] * np.float32(_DECAY2) + gradient * gradient * np.float32(1 - _DECAY2)
        self._first[name][rows], self._second[name][rows] = first, second
        self.parameters[name][rows] -= self._rate * first / (np.sqrt(second) + np.float32(_TINY))

    def move_rows(self, name: str, rows: Ids, gradients: Floats) -> None:
        """Rows may come more than once."""
        order = np.argsort(rows, kind="stable")
        used, starts = np.unique(rows[order], return_index=True)
        self.move(name, np.add.reduceat(gradients[order], starts, axis=0), used)
