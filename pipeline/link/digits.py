"""Running numbers that OCR takes for one another."""

from __future__ import annotations

CONFUSED_DIGITS = {
    frozenset(p) for p in ("17", "38", "06", "08", "56", "58", "89", "35", "14", "27", "39", "69", "01", "23", "68")
}


def confused(a: str, b: str) -> bool:
    """Whether two numbers differ in one digit that OCR confuses, or by one lost digit at an end."""
    return _lost_digit(a, b) or len(_differences(a, b) or []) == 1


def look_alike(a: str, b: str) -> bool:
    """Whether two numbers differ only in digits that OCR confuses, however many, or by one lost digit at an end."""
    return _lost_digit(a, b) or bool(_differences(a, b))


def _differences(a: str, b: str) -> list[frozenset[str]] | None:
    """The pairs of different digits; None where one is a pair that OCR does not confuse. `1` is printed `01`."""
    a, b = a.zfill(2), b.zfill(2)
    if len(a) != len(b):
        return None
    different = [frozenset((x, y)) for x, y in zip(a, b, strict=True) if x != y]
    return different if all(d in CONFUSED_DIGITS for d in different) else None


def _lost_digit(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and len(short) >= 2 and (long.startswith(short) or long.endswith(short))
