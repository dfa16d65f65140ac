"""The voice of the neighbours: what it sees of a text, that it learns from both sides, and what it says."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.restore import train_neighbours
from pipeline.restore.adam import Adam
from pipeline.restore.choices import Ids
from pipeline.restore.language_model import LanguageModel
from pipeline.restore.neighbours import (
    AROUND,
    CAPITAL,
    CAPITALS,
    CASE_WEIGHT,
    CASES,
    MARGIN,
    SMALL,
    Neighbours,
    Script,
    case_of,
    key_numbers,
    mean_around,
    packed_pairs,
    pair_numbers,
    side_by_side,
    with_margins,
)
from pipeline.restore.train import learn_ngrams
from pipeline.restore.train_neighbours import Others, Rivals, Text, learn, rate_at

VOCABULARY = ("<unk>", "<s>", "<num>", "ma", "má", "mà", "đi", "di", "chợ", "bán")


def test_words_that_differ_in_marks_share_a_key() -> None:
    keys, numbers = key_numbers(VOCABULARY)
    assert keys[:3].tolist() == [0, 1, 2]
    assert keys[3] == keys[4] == keys[5] == numbers["ma"]
    assert keys[6] == keys[7] == numbers["di"]
    assert keys[8] != keys[9]


@pytest.mark.parametrize(
    ("word", "case"), [("xã", SMALL), ("Xã", CAPITAL), ("XÃ", CAPITALS), ("Ở", CAPITAL), ("3", SMALL)]
)
def test_case(word: str, case: int) -> None:
    assert case_of(word) == case


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_pairs_are_found_again(keys: list[int]) -> None:
    array = np.array(keys)
    pairs = np.unique(packed_pairs(array))
    assert (pairs[pair_numbers(array, pairs) - 1] == packed_pairs(array)).all()
    assert not pair_numbers(array + 20, pairs)[1:].any()


def test_rows_beside_each_other() -> None:
    rows = with_margins(np.arange(4, dtype=np.float32)[:, None])
    found = side_by_side(rows, MARGIN + np.array([0, 2, 3]), (-1, 0, 2))
    assert found.tolist() == [[0, 0, 2], [1, 2, 0], [2, 3, 0]]


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 80))
def test_the_mean_of_rows_around(length: int) -> None:
    rows = np.random.default_rng(length).standard_normal((2, length, 3)).astype(np.float32)
    means = mean_around(rows)
    for place in (0, length // 2, length - 1):
        near = rows[:, max(0, place - AROUND) : place + AROUND + 1].sum(axis=1) / (2 * AROUND + 1)
        assert np.allclose(means[:, place], near, atol=1e-5)


def _ngrams(ids: Ids, vocabulary: int) -> LanguageModel:
    """N-grams of a text alone."""
    words = [f"w{number}" for number in range(vocabulary)]
    shares = np.full(vocabulary, -2, dtype=np.float16)
    return LanguageModel(learn_ngrams(ids.astype(np.int32), words, shares, {2: 500, 3: 500, 4: 500}))


def test_what_speaks_beside_the_voice() -> None:
    """The word itself and the three behind it, each by the three before it, and the usual case inside sentences."""
    rng = np.random.default_rng(1)
    ids = rng.choice([1, 4, 5, 6, 7], 400)
    ngrams, usual_case = _ngrams(ids, 10), rng.standard_normal((10, CASES)).astype(np.float32)
    places, cases = np.array([5, 9]), rng.integers(0, CASES, 400)
    said = Others(ngrams, usual_case).say(ids, cases, places, np.array([0, 0, 1]), np.array([4, 6, 7]))
    for place, word, found in zip((5, 5, 9), (4, 6, 7), said.tolist(), strict=True):
        text = ids[place - 3 : place + 4].copy()
        text[3] = word
        likely = np.log(10) * ngrams.text(text)[-1].scores[3:].sum()
        inside = ids[place - 1] != 1
        assert found == pytest.approx(likely + CASE_WEIGHT * usual_case[word, cases[place]] * inside, abs=1e-4)


@pytest.mark.parametrize("together", [False, True])
def test_gradients_are_those_of_the_loss(together: bool) -> None:
    """Each kind of weight, moved a little both ways, changes the loss as its gradient says."""
    rng = np.random.default_rng(0)
    parameters = train_neighbours._begin(rng, 30, 20, 60)
    gradients = {name: np.zeros_like(values) for name, values in parameters.items()}

    class Noting(Adam):
        def move(self, name, gradient, rows=slice(None)):  # type: ignore[no-untyped-def]
            gradients[name][rows] += gradient

    patch = pytest.MonkeyPatch()
    patch.setattr(train_neighbours, "_SMALLEST", -1.0)
    keys = rng.integers(3, 30, (3, 20))
    ids = (2 * keys + rng.integers(0, 2, keys.shape)).astype(np.int32)
    batch = train_neighbours._Batch(
        keys, rng.integers(0, 20, keys.shape), rng.integers(0, 3, keys.shape), ids, np.ones(keys.shape, bool)
    )
    rivals = Rivals.of({key: [2 * key, 2 * key + 1] for key in range(3, 30)}, 30)
    usual_case = rng.standard_normal((60, CASES)).astype(np.float32)
    others = Others(_ngrams(rng.integers(6, 60, 2_000), 60), usual_case) if together else None

    def loss() -> float:
        return train_neighbours._learn_batch(Noting(parameters), batch, rivals, others)

    loss()
    told = {name: gradient.reshape(-1).copy() for name, gradient in gradients.items()}
    for name, values in parameters.items():
        flat, slopes = values.reshape(-1), told[name]
        at = int(np.abs(slopes).argmax())
        before, around = flat[at], []
        for step in (3e-3, -3e-3):
            flat[at] = before + step
            around.append(loss())
        flat[at] = before
        assert (around[0] - around[1]) / 6e-3 == pytest.approx(float(slopes[at]), rel=0.03), name
    patch.undo()


def test_a_longer_training_begins_like_a_shorter_one() -> None:
    assert [rate_at(step, 1000) for step in range(700)] == [rate_at(step, 5000) for step in range(700)]
    assert rate_at(999, 1000) < 0.05 * rate_at(650, 1000)


def _market() -> Text:
    """Text in which the word behind tells `má` from `mà`, and a capital `Ma` from both."""
    rng = np.random.default_rng(3)
    ids, cases = [], []
    for kind, other in zip(rng.integers(0, 3, 4_000), rng.integers(0, 2, 4_000), strict=True):
        ids += [1, 9 if other else 2, (4, 5, 3)[kind], (8, 7, 8)[kind]]
        cases += [SMALL, SMALL, CAPITAL if kind == 2 else SMALL, SMALL]
    return Text(np.array(ids, np.int32), np.array(cases, np.uint8))


@pytest.fixture(scope="module")
def voice() -> Neighbours:
    """Learnt from that text."""
    keys = key_numbers(VOCABULARY)[0]
    choices = {int(keys[3]): [5, 4, 3], int(keys[6]): [6, 7]}
    patch = pytest.MonkeyPatch()
    patch.setattr(train_neighbours, "_BATCH", 8)
    patch.setattr(train_neighbours, "_WARM_UP", 1)
    weights = learn(_market(), VOCABULARY, choices, 10**6)
    patch.undo()
    return Neighbours(weights, VOCABULARY)


@pytest.mark.parametrize(("behind", "case", "best"), [("cho", SMALL, 4), ("di", SMALL, 5), ("cho", CAPITAL, 3)])
def test_the_word_behind_and_the_case_decide(voice: Neighbours, behind: str, case: int, best: int) -> None:
    key = voice.key("Ma")
    keys, cases = [1, 2, key, voice.key(behind), 1], [SMALL, SMALL, case, SMALL, SMALL]
    text = Script(np.array(keys), np.array(cases), np.array([False, False, True, True, False]))
    costs = voice.costs(text, np.array([2]), np.array([3]), np.array([3, 4, 5]))
    assert costs.min() == 0
    assert [3, 4, 5][int(costs.argmin())] == best


def test_words_with_other_letters_are_not_compared(voice: Neighbours) -> None:
    text = Script(np.array([1, voice.key("ma"), 1]), np.array([SMALL] * 3), np.array([False, True, False]))
    costs = voice.costs(text, np.array([1]), np.array([4]), np.array([4, 5, 8, 0]))
    assert costs[2] == costs[3] == 0
    assert min(costs[0], costs[1]) == 0
    assert voice.key("xyz") == 0


def test_the_same_text_gives_the_same_weights() -> None:
    rng = np.random.default_rng(5)
    text = Text(rng.integers(1, len(VOCABULARY), 2_000).astype(np.int32), np.zeros(2_000, np.uint8))
    one, two = (learn(text, VOCABULARY, {3: [3, 4, 5]}, 10_000) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_a_resumed_training_is_the_same_as_one_without_a_break() -> None:
    rng = np.random.default_rng(6)
    text = Text(rng.integers(1, len(VOCABULARY), 20_000).astype(np.int32), np.zeros(20_000, np.uint8))
    whole, begun, resumed = (train_neighbours.Learner(text, VOCABULARY, {3: [3, 4, 5]}) for _ in range(3))
    batches = list(islice(whole.batches(), 6))
    assert batches[0][0] == 0 < batches[-1][0]
    for learner, steps in ((whole, batches), (begun, batches[:4])):
        for turn, starts in steps:
            learner.learn(turn, starts, 1e-3)
    resumed.adam.__dict__.update(begun.adam.__dict__)
    for turn, starts in islice(resumed.batches(), 4, 6):
        resumed.learn(turn, starts, 1e-3)
    assert all(np.array_equal(a, b) for a, b in zip(whole.weights(), resumed.weights(), strict=True))


def test_the_voice_is_the_mean_of_its_endings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_neighbours, "_BATCH", 2)
    rng = np.random.default_rng(9)
    text = Text(rng.integers(1, len(VOCABULARY), 20_000).astype(np.int32), np.zeros(20_000, np.uint8))
    beside = [_ngrams(text.ids, len(VOCABULARY))] * train_neighbours.FOLDS
    voices = []
    for endings in (((0.5, 0.1),), ((0.5, 0.5),), ((0.5, 0.1), (0.5, 0.5))):
        monkeypatch.setattr(train_neighbours, "_ENDINGS", endings)
        voices.append(learn(text, VOCABULARY, {3: [3, 4, 5]}, 2_000, beside))
    assert not np.allclose(voices[0].word, voices[1].word)
    assert np.allclose((voices[0].word + voices[1].word) / 2, voices[2].word, atol=1e-6)


def test_batches_of_folds_stay_within_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_neighbours, "_STRETCH", 1024)
    monkeypatch.setattr(train_neighbours, "_BATCH", 5)
    rng = np.random.default_rng(8)
    text = Text(rng.integers(1, len(VOCABULARY), 20_000).astype(np.int32), np.zeros(20_000, np.uint8))
    learner = train_neighbours.Learner(text, VOCABULARY, {})
    batches = list(islice(learner.batches_of_folds(3), 40))
    assert {fold for _, _, fold in batches} == set(range(train_neighbours.FOLDS))
    for _, starts, fold in batches:
        assert (text.fold_of(starts) == fold).all()
        assert (text.fold_of(starts + train_neighbours._CHUNK - 1) == fold).all()


def test_what_n_grams_know_is_not_left_to_learn() -> None:
    text = _market()
    ngrams = _ngrams(text.ids, len(VOCABULARY))
    keys = key_numbers(VOCABULARY)[0]
    choices = {int(keys[3]): [5, 4, 3], int(keys[6]): [6, 7]}
    learner = train_neighbours.Learner(text, VOCABULARY, choices)
    turn, starts = next(learner.batches())
    alone, beside = learner.learn(turn, starts, 0.0), learner.learn(turn, starts, 0.0, ngrams)
    assert beside < 0.3 * alone


def test_papers_are_gone_through_more_often_after_the_first_turn() -> None:
    ids = np.tile(np.array([3, 6, 8], dtype=np.int32), 700)[:2048]
    text = Text(ids, np.zeros(2048, np.uint8), [("admin_papers.txt", 1024), ("wiki.txt", 2048)])
    learner = train_neighbours.Learner(text, VOCABULARY, {})
    papers, others = zip(
        *((int((starts < 1024).sum()), int((starts >= 1024).sum())) for starts in map(learner._starts, (0, 1), (0, 0))),
        strict=True,
    )
    assert papers == (7, 14)
    assert others == (7, 7)
