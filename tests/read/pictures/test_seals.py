"""The ring of a seal, found by its shape and taken off the print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.read.pictures.picture import Pixels, as_pixels
from pipeline.read.pictures.seals import Ring, find_ring, without_ring
from tests.read.printed import draw_page

LETTER = 16.0


def page_with_ring(radius: int, at: tuple[int, int] = (700, 500)) -> Pixels:
    lines = [(150 + 30 * n, 120 + 20 * n, "Lê Hoàng Mẫu ký thay") for n in range(4)]
    page = as_pixels(np.asarray(draw_page(lines, 200)).copy()[:900])
    cv2.circle(page, at, radius, (0.0,), 4)
    return page


@pytest.mark.parametrize("radius", [105, 130, 160])
def test_a_ring_of_a_seals_size_is_found(radius: int) -> None:
    found = find_ring(page_with_ring(radius), LETTER)
    assert found is not None
    assert abs(found.x - 700) <= 4
    assert abs(found.y - 500) <= 4
    assert abs(found.radius - radius) <= 4


@pytest.mark.parametrize("radius", [0, 40, 320])
def test_print_and_circles_of_other_sizes_are_no_seal(radius: int) -> None:
    assert find_ring(page_with_ring(radius) if radius else page_with_ring(1), LETTER) is None


def test_the_ring_goes_and_the_letters_under_it_stay() -> None:
    clean, page = page_with_ring(1), page_with_ring(130, (520, 400))
    bare = without_ring(page, Ring(520, 400, 130))
    ring_ink = (page < 128).sum() - (clean < 128).sum()
    left = ((bare < 128) & (clean > 128)).sum()
    lost = ((bare > 128) & (clean < 128)).sum()
    assert left < 0.15 * ring_ink
    assert lost < 0.05 * (clean < 128).sum()


def test_a_place_within_the_ring_is_under_the_seal() -> None:
    ring = Ring(100, 100, 50)
    assert ring.holds(140, 110)
    assert not ring.holds(160, 110)
