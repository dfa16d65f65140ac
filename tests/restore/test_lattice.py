"""Sentences of pages in columns."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.restore.language_model import BOUNDARY
from pipeline.restore.lattice import cut_glued, sentences
from pipeline.restore.words import WORD

_TEXTS = st.text(st.sampled_from("ab củĐ1.,;:/-()?\n\t\u00a0\u3000𝒳"), max_size=60)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_TEXTS, st.booleans()), max_size=4))
def test_words_stand_where_the_columns_say(pages: list[tuple[str, bool]]) -> None:
    texts = [text for text, _ in pages]
    found = sentences(texts, [damaged for _, damaged in pages])
    assert int(found.lengths.sum()) == len(found.words) == len(found.kinds)
    assert (found.lengths > 0).all()
    assert BOUNDARY not in found.kinds.tolist()
    for place, word in enumerate(found.words):
        start, end, kind = found.slot(place)
        assert word == (texts[found.pages[place]][start:end] if kind == WORD else "")
    assert [len(items) for items in found.items()] == found.lengths.tolist()


def test_a_sentence_goes_on_over_a_page_break_but_not_over_an_item() -> None:
    found = sentences(["các xã và", "phường. Các sở\n- Các ban"], [False, False])
    assert [found.words[begin] for begin in found.begins.tolist()] == ["các", "Các", "Các"]
    assert found.lengths.tolist() == [4, 2, 2]


def test_glued_words_become_two() -> None:
    found = cut_glued(sentences(["theo quydinh moi. Het"], [False]), lambda page, word: 3 * (word == "quydinh"))
    assert found.words == ["theo", "quy", "dinh", "moi", "Het"]
    assert found.starts.tolist() == [0, 5, 8, 13, 18]
    assert found.ends.tolist() == [4, 8, 12, 16, 21]
    assert found.lengths.tolist() == [4, 1]
