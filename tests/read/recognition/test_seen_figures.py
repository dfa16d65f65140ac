"""Numbers of running text held against the page's own figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.models import LineRole
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.pictures.picture import as_pixels
from pipeline.read.recognition.number_forms import follow_page
from pipeline.read.recognition.second import Reading
from pipeline.read.recognition.seen_figures import SeenFigures
from pipeline.read.recognition.twice import read_numbers_twice
from pipeline.read.token import PlacedLine, Token
from tests.read.pictures.test_strokes import printed

# Every figure stands on the page at least twice.
OTHERS = ("1.230", "45,6%", "7.890", "32,1%", "(6.547)", "98/KH-UBND", "10/05/2021;")


def page(*shown: str) -> tuple[Cleaned, list[Token]]:
    """A page with those words among others, and their tokens as they were printed and read with little doubt."""
    rows = [printed([(text, 40, 1.0)], width=700) for text in (*shown, *OTHERS)]
    grey = as_pixels(np.vstack([row for row, _ in rows]))
    tokens = []
    for number, (_, (token,)) in enumerate(rows):
        box = token.box._replace(y0=token.box.y0 + 120 * number, y1=token.box.y1 + 120 * number)
        tokens.append(replace(token, box=box, confidence=0.96))
    return Cleaned(grey, np.eye(3), letter=22.0), tokens


@pytest.mark.parametrize(
    "text", ["4.657", "12,5%;", "(2019)", "1/4/2025", "“87”,", "315/QĐ-UBND", "2021-2025", "64,70‰", "0,7km", "[12]"]
)
def test_a_number_is_the_same_on_its_picture(text: str) -> None:
    cleaned, tokens = page(text)
    assert SeenFigures(tokens, cleaned).verdict(tokens[0]) == "same"


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("4.657", "4.651"),
        ("4.657", "4,657"),
        ("12,5", "125"),
        ("(2019)", "(2016)"),
        ("315/QĐ-UBND", "375/QĐ-UBND"),
        ("1/4/2025", "1/1/2025"),
    ],
)
def test_another_figure_or_mark_is_seen(shown: str, read: str) -> None:
    cleaned, tokens = page(shown)
    tokens[0] = replace(tokens[0], text=read)
    assert SeenFigures(tokens, cleaned).verdict(tokens[0]) == "other"


def test_what_cannot_be_told_apart_says_nothing() -> None:
    cleaned, tokens = page("77.819")
    figures = SeenFigures(tokens, cleaned)
    assert figures.verdict(replace(tokens[0], text="7.819")) == "unknown"
    assert figures.verdict(replace(tokens[0], text="năm")) == "unknown"
    assert SeenFigures([], cleaned).verdict(tokens[0]) == "unknown"


class _Reader:
    """A second reader that always reads the same."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, piece: np.ndarray, scale: float) -> list[Reading]:
        return [Reading(self.text, 0, piece.shape[1], 0.9)]


@pytest.mark.parametrize(
    ("second", "doubted", "likelier"),
    [("4.657", False, "4.651"), ("4.651", False, "4.651"), ("4.857", True, "4.651")],
)
def test_a_sure_number_that_its_picture_contradicts_is_read_again(
    monkeypatch: pytest.MonkeyPatch, second: str, doubted: bool, likelier: str
) -> None:
    monkeypatch.setattr("pipeline.read.recognition.twice.second_reader", lambda language: _Reader(second))
    cleaned, tokens = page("4.657")
    tokens[0] = replace(tokens[0], text="4.651")
    lines = [PlacedLine(((token,),), LineRole.BODY) for token in tokens]
    first = read_numbers_twice(lines, cleaned, "vie")[0].tokens[0]
    if second == "4.657":  # what the picture shows is chosen, both are kept, and neither is believed
        assert (first.text, first.alternatives[0][0]) == ("4.657", "4.651")
        assert first.confidence < 0.5
    else:
        assert first.text == likelier
        assert (first.confidence < 0.5) == doubted


def lines_of(*texts: str, last: float = 0.85) -> list[PlacedLine]:
    _, tokens = page(*texts)
    tokens[len(texts) - 1] = replace(tokens[len(texts) - 1], confidence=last)
    return [PlacedLine(((token,),)) for token in tokens[: len(texts)]]


@pytest.mark.parametrize(
    ("texts", "doubted"),
    [
        (("1.250", "4.120", "17.300", "91,863"), True),
        (("1.250", "4.120", "17.300", "3,205", "91,863"), False),  # the page has three decimals elsewhere
        (("1.250", "4.120", "17.300", "91,86"), False),
        (("1,5%", "4,2%", "7,3%", "13.0%;"), True),
        (("1,5%", "4.2%", "7,3%", "8,1%", "13.0%;"), False),
        (("1,5%", "4,2%", "7,3%", "13.000"), False),
        (("1,5%", "13.0%"), False),
    ],
)
def test_marks_that_no_sure_number_of_the_page_has_are_doubted(texts: tuple[str, ...], doubted: bool) -> None:
    last = follow_page(lines_of(*texts))[-1].tokens[0]
    assert (last.confidence < 0.5) == doubted
    assert last.text == texts[-1]
    assert bool(last.alternatives) == doubted


def test_a_sure_number_keeps_its_marks() -> None:
    lines = lines_of("1,5%", "4,2%", "7,3%", "13.0%", last=0.95)
    assert follow_page(lines) == lines


def test_the_usual_mark_is_chosen_where_it_was_read() -> None:
    lines = lines_of("1,5%", "4,2%", "7,3%", "13.0%")
    lines[-1] = PlacedLine(((replace(lines[-1].tokens[0], alternatives=(("13,0%", 0.4),)),),))
    last = follow_page(lines)[-1].tokens[0]
    assert (last.text, last.confidence < 0.5) == ("13,0%", True)


@pytest.mark.parametrize(("shown", "read"), [("61%", "619%"), ("31%,", "319,"), ("(12,5%)", "(12,59%)")])
def test_a_ring_that_was_read_as_a_nine_is_doubted(shown: str, read: str) -> None:
    cleaned, tokens = page(shown)
    tokens[0] = replace(tokens[0], text=read)
    assert SeenFigures(tokens, cleaned).ring_for_nine(tokens[0]) == shown
    first = read_numbers_twice([PlacedLine(((token,),)) for token in tokens], cleaned, "vie")[0].tokens[0]
    assert (first.text, first.alternatives[0][0]) == (read, shown)
    assert first.confidence < 0.5


@pytest.mark.parametrize("text", ["59%", "1,99%", "2019", "19", "(9%)"])
def test_a_printed_nine_stays(text: str) -> None:
    cleaned, tokens = page(text)
    assert SeenFigures(tokens, cleaned).ring_for_nine(tokens[0]) is None


@pytest.mark.parametrize("text", ["7BI261", "09-D7-2017", "4227IBC-SNN", "1.947,334.771", "6,2%a"])
def test_what_no_number_looks_like_is_doubted(text: str) -> None:
    cleaned, tokens = page("56")
    tokens[0] = replace(tokens[0], text=text)
    first = read_numbers_twice([PlacedLine(((token,),)) for token in tokens], cleaned, "no-such-language")[0].tokens[0]
    assert first.confidence < 0.5


@pytest.mark.parametrize(
    "text", ["12/QĐ-UBND", "5,3%;", "10ha", "04-LCT/2010", "1.234,5", "2018/NĐ-CP", "3%o", "2a)", "15-NQ/TW", "1/I"]
)
def test_what_numbers_look_like_is_not(text: str) -> None:
    cleaned, tokens = page("56")
    tokens[0] = replace(tokens[0], text=text)
    first = read_numbers_twice([PlacedLine(((token,),)) for token in tokens], cleaned, "no-such-language")[0].tokens[0]
    assert first.confidence > 0.5
