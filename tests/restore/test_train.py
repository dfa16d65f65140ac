"""A model can be made from any text, the same each time, and never from held-out paragraphs."""

from __future__ import annotations

import filecmp
import lzma
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.restore.channel import learn, words_of_pairs
from pipeline.restore.language_model import LanguageModel
from pipeline.restore.model_files import ModelError, load_model
from pipeline.restore.pairs import align_words
from pipeline.restore.train import is_held_out, read_tokens

LINES = [
    f"Ủy ban nhân dân xã số {n} ban hành kế hoạch phát triển kinh tế - xã hội năm 20{n:02}. Hội đồng nhân dân giám sát."
    for n in range(60)
]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    (folder / "admin_a.txt").write_text("\n".join(LINES[:30]), encoding="utf-8")
    with lzma.open(folder / "legal_b.txt.xz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(LINES[25:]))
    return folder


def _train(text: Path, out: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.restore.train", str(text), str(out)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return out


def test_a_model_is_made_and_made_again(text: Path, tmp_path: Path) -> None:
    one, two = _train(text, tmp_path / "one"), _train(text, tmp_path / "two")
    names = sorted(p.name for p in one.iterdir())
    assert filecmp.cmpfiles(one, two, names, shallow=False)[0] == names
    files = load_model(one)
    model = LanguageModel(files)
    likely, unlikely = (
        model.text(np.array([0, 0, 1, *(files.ids[word] for word in ("ủy", "ban", "nhân", last))]))[-1].scores[-1]
        for last in ("dân", "hội")
    )
    assert likely > -0.3
    assert unlikely < likely - 1


def test_held_out_paragraphs_are_not_read(tmp_path: Path) -> None:
    out = next(line for line in (f"riêng {n} thế này" for n in range(1000)) if is_held_out(line))
    (tmp_path / "a.txt").write_text(f"{LINES[0]}\n{out}\n{LINES[0]}\n", encoding="utf-8")
    words, text, counts = read_tokens(tmp_path, {})
    assert "riêng" not in words
    assert counts["ủy"] == 1, "a paragraph that comes twice counts once"
    assert len(text.ids) == len(text.cases) > 10


def test_a_missing_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make model"):
        load_model(tmp_path)


def test_the_shipped_model_is_small() -> None:
    folder = Path(__file__).parents[2] / "pipeline/restore/model"
    assert sum(p.stat().st_size for p in folder.iterdir()) < 25_000_000


def test_a_channel_learns_what_is_read_for_what() -> None:
    channel = learn(
        words_of_pairs([("s6", "số", 50), ("c6ng", "công", 20), ("Pang", "Đảng", 9), ("tai,", "tại,", 9)] * 3)
    )
    letters, characters = channel.letter_codes(), channel.character_codes()
    six = characters["6"]
    assert channel.one[letters["ố"], six] < channel.one[letters["ạ"], six]
    assert channel.one[letters["đ"], characters["P"]] < 2


def test_words_are_aligned_by_likeness() -> None:
    read = ["Uy", "ban", "nhan", "dan", "x", "huyén", "Thanh"]
    printed = ["Ủy", "ban", "nhân", "dân", "huyện", "Thanh", "Sơn"]
    pairs = list(align_words(read, printed))
    assert ("huyén", "huyện") in pairs
    assert ("Thanh", "Thanh") in pairs
    assert not any(a == "x" for a, _ in pairs)
