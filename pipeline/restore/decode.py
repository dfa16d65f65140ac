"""The best sequence of syllables for a lattice of candidates: a beam search over many sentences side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.restore.language_model import LanguageModel

_LN10 = np.float32(np.log(10.0))


class Choice(NamedTuple):
    """One place of a sentence: what may stand there (vocabulary numbers) and what each costs (natural logarithms)."""

    ids: NDArray[np.int64]
    costs: NDArray[np.float32]


def decode(
    model: LanguageModel, sentences: Sequence[Sequence[Choice]], beam: int, weight: float = 1.0
) -> list[list[int]]:
    """Index of the chosen candidate of each place of each sentence.

    `weight` multiplies the language model. Sentences start afresh. Time is linear in places, candidates and beam.
    """
    order = sorted(range(len(sentences)), key=lambda i: (-len(sentences[i]), i))
    chosen: list[list[int]] = [[] for _ in sentences]
    for begin in range(0, len(order), 256):
        part = [i for i in order[begin : begin + 256] if sentences[i]]
        for index, path in zip(part, _decode_batch(model, [sentences[i] for i in part], beam, weight), strict=True):
            chosen[index] = path
    return chosen


def _decode_batch(model: LanguageModel, sentences: list[Sequence[Choice]], beam: int, weight: float) -> list[list[int]]:
    """Sentences come longest first, so those still going are a prefix."""
    if not sentences:
        return []
    count = len(sentences)
    scale = np.float32(weight) * _LN10
    history: NDArray[np.uint64] = np.array([[model.start()]] * count)
    score: NDArray[np.float32] = np.zeros(history.shape, dtype=np.float32)
    back: list[NDArray[np.int32]] = []
    final = np.zeros(count, dtype=np.int64)
    lengths = np.array([len(s) for s in sentences])
    for place in range(int(lengths[0])):
        active = int(np.count_nonzero(lengths > place))
        history = history[:active]
        score = score[:active]
        widths = [len(s[place].ids) for s in sentences[:active]]
        width = max(widths)
        ids = np.zeros((active, width), dtype=np.int64)
        costs = np.full((active, width), np.inf, dtype=np.float32)
        for row, sentence in enumerate(sentences[:active]):
            choice = sentence[place]
            ids[row, : widths[row]] = choice.ids
            costs[row, : widths[row]] = choice.costs
        history, score, came = _step(model, history, score, ids, costs, beam, scale)
        back.append(came)
        ending = np.flatnonzero(lengths[:active] == place + 1)
        final[ending] = score[ending].argmax(axis=1)
    return [_trace(back, row, int(final[row]), int(lengths[row])) for row in range(count)]


def _step(
    model: LanguageModel,
    history: NDArray[np.uint64],
    score: NDArray[np.float32],
    ids: NDArray[np.int64],
    costs: NDArray[np.float32],
    beam: int,
    scale: np.float32,
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32]]:
    rows, old = score.shape
    width = ids.shape[1]
    total = score[:, :, None] - costs[:, None, :]
    live = np.isfinite(total)
    owner = np.flatnonzero(live.reshape(-1))
    before, column = np.divmod(owner, width)
    row = before // old
    flat_ids = ids[row, column]
    flat_history = history.reshape(-1)
    flat = total.reshape(-1)
    flat[owner] += scale * model.score(flat_history, flat_ids, before)
    flat_longer = np.zeros(flat.shape, dtype=np.uint64)
    flat_longer[owner] = model.extend(flat_history[before], flat_ids)
    flat[~live.reshape(-1)] = -np.inf
    total, longer = flat.reshape(rows, -1), flat_longer.reshape(rows, -1)
    reach = min(2 * beam, total.shape[1])
    if reach < total.shape[1]:
        best = np.argpartition(-total, reach - 1, axis=1)[:, :reach]
    else:
        best = np.broadcast_to(np.arange(reach), (rows, reach))
    values = np.take_along_axis(total, best, axis=1)
    sort = np.argsort(-values, axis=1, kind="stable")
    best, values = np.take_along_axis(best, sort, axis=1), np.take_along_axis(values, sort, axis=1)
    keys = np.take_along_axis(longer, best, axis=1)
    same = (keys[:, :, None] == keys[:, None, :]) & np.tri(reach, k=-1, dtype=bool)
    values = np.where(same.any(axis=2), -np.inf, values)
    if reach > beam or same.any():
        sort = np.argsort(-values, axis=1, kind="stable")[:, : min(beam, reach)]
        best = np.take_along_axis(best, sort, axis=1)
        values = np.take_along_axis(values, sort, axis=1)
        keys = np.take_along_axis(keys, sort, axis=1)
    return keys, values, _with_width(best, width)


def _with_width(best: NDArray[np.intp], width: int) -> NDArray[np.int32]:
    """Packs (beam before, candidate) as before * 64 + candidate, whatever the width of the step was."""
    before, column = np.divmod(best, width)
    return (before * 64 + column).astype(np.int32)


def _trace(back: list[NDArray[np.int32]], row: int, last: int, length: int) -> list[int]:
    path = []
    for place in range(length - 1, -1, -1):
        packed = int(back[place][row, last])
        last, column = divmod(packed, 64)
        path.append(column)
    return path[::-1]
