"""Markers of lists that a reader took for other signs."""

from __future__ import annotations

import pytest

from pipeline.restore import restore


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("a) Xã lập kế hoạch.\nb) Thôn họp dân.\n©) Huyện kiểm tra.", "\nc) Huyện"),
        ("g) Xã lập kế hoạch.\nh) Thôn họp dân.\nï) Huyện kiểm tra.", "\ni) Huyện"),
        ("Nơi nhận:\n~ Như trên;\n~ Lưu: VT.", "\n- Như trên;\n- Lưu"),
    ],
)
def test_signs_of_lists(read: str, meant: str) -> None:
    assert meant in restore(read).text


@pytest.mark.parametrize("text", ["a) Xã họp dân.\n©) Bản quyền thuộc xã.", "Dài ~ 12 km, xã đã làm xong đường này."])
def test_signs_that_stay(text: str) -> None:
    assert restore(text).text == text
