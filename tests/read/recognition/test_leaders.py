"""Points to fill in that the reader took for words."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.models import Box
from pipeline.read.pictures.clean import Cleaned
from pipeline.read.recognition.leaders import without_leaders
from pipeline.read.token import Token


def test_words_without_anything_tall_are_none() -> None:
    grey = np.full((100, 400), 255, np.uint8)
    for left in range(20, 180, 10):  # points
        cv2.rectangle(grey, (left, 46), (left + 4, 50), (0.0,), -1)
    for left in range(220, 380, 30):  # figures
        cv2.rectangle(grey, (left, 22), (left + 12, 50), (0.0,), -1)
    points, figures = Box(18, 20, 182, 52), Box(218, 20, 382, 52)
    cleaned = Cleaned(grey, np.eye(3), letter=20.0)
    tokens = [
        Token("9100", points, 0.1),
        Token("......", points, 0.1),
        Token("9100", figures, 0.1),
        Token("nen", points, 0.9),
        Token("xã", Box(900, 900, 910, 910), 0.1),
    ]
    assert without_leaders(tokens, cleaned) == tokens[1:]
