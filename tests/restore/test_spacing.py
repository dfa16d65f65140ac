"""Words run together, and syllables cut in two."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.restore.restorer import restorer
from pipeline.restore.spacing import Spacer

_PIECES = st.sampled_from(
    ["củ", "a", "Đạ", "i", "của", "xã", "(củ", "a)", "hộ", "i,", "h", "ội", "V", "à", "1ho", "ạt", "XII", "thuyềngqu"]
)


class _Every(Spacer):
    """Looks at every text to the end."""

    def _may_be_cut(self, text: str) -> bool:
        return True


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_PIECES, st.sampled_from([" ", "  ", "\n", " \t"])), max_size=12))
def test_texts_passed_over_hold_no_cut_syllable(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + blank for piece, blank in pieces)
    assert list(restorer().spacer.join_cut(text)) == list(_Every(restorer()).join_cut(text))


def test_halves_are_joined_where_they_make_sense_together() -> None:
    text = "đơn thư củ a công dân"
    assert [(text[c.start : c.end], c.after) for c in restorer().spacer.join_cut(text)] == [("củ a", "của")]
