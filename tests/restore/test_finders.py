"""Candidates that come with the model are those that a search would find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.restore.candidates import Found, Prepared, pack
from pipeline.restore.finders import english_finder, likely_readings, vietnamese_finder
from pipeline.restore.model_files import ModelError, load_model, save_candidates


@pytest.mark.parametrize("make", [english_finder, vietnamese_finder])
def test_prepared_candidates_are_what_a_search_finds(make) -> None:  # type: ignore[no-untyped-def]
    files = load_model()
    words = ["thuc", "hien", "hién"] if make is english_finder else ["khen", "thường", "cán"]
    with_them, without = make(files).find(words), make(files, prepared=False).find(words)
    for one, two in zip(with_them, without, strict=True):
        assert one.ids.tolist() == two.ids.tolist()
        assert np.allclose(one.costs, two.costs, atol=0.01)


def test_words_of_several_lengths_are_searched_together_as_they_are_alone() -> None:
    words = ["", "q", "nghiem", "huyenn", "tỉhn", "cuar", "khongbietgica"]
    together = vietnamese_finder(load_model(), prepared=False).nearer(10.0).find(words)
    alone = [vietnamese_finder(load_model(), prepared=False).nearer(10.0).find([word])[0] for word in words]
    assert any(len(found.ids) for found in together)
    for one, two in zip(together, alone, strict=True):
        assert one.ids.tolist() == two.ids.tolist()
        assert one.costs.tolist() == two.costs.tolist()


def test_packed_candidates_come_back() -> None:
    found = [
        Found(np.array([5, 9]), np.array([0.0, 1.5], dtype=np.float32)),
        Found(np.array([], dtype=int), np.zeros(0)),
    ]
    prepared = Prepared(pack(["a", "b"], found))
    assert list(prepared) == ["a", "b"]
    assert prepared["a"].ids.tolist() == [5, 9]
    assert len(prepared["b"].ids) == 0
    assert "c" not in prepared


def test_likely_readings_are_of_usual_words() -> None:
    readings = likely_readings(load_model(), 200)
    assert len(set(readings)) == 200
    assert {"cua", "va"} <= set(readings)


def test_candidates_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "pipeline/restore/model"
    for path in shipped.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "candidates_english.npz").unlink()
    (tmp_path / "candidates_english.txt").unlink()
    packed = pack(["a"], [Found(np.array([5]), np.zeros(1, dtype=np.float32))])
    save_candidates(tmp_path, "english", packed._replace(counts=np.array([2], dtype=np.uint8)))
    with pytest.raises(ModelError, match="do not fit"):
        load_model(tmp_path)
