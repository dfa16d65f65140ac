"""The visible stamp of an electronic signature: taken out of the body text, kept as what it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from pipeline.models import DigitalSignature
from pipeline.read.layout.columns import Row
from pipeline.read.layout.rules import LayoutRules
from pipeline.read.token import Token, box_of, text_of
from pipeline.vietnamese import fold

_DAY_FIRST = re.compile(r"\b(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})[./\-](\d{1,2})[./\-](\d{1,2})\b")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?")
_ZONE = re.compile(r"([+\-])(\d{2}):?'?(\d{2})'?")
# Lines of the signer's name that may stand above its first telling line.
_NAME_LINES = 3

Part = list[Token]


def take_signatures(rows: Sequence[Row]) -> tuple[list[Token], tuple[DigitalSignature, ...]]:
    """The words that are not part of a signature stamp, and the stamps.

    A stamp is a column of close short lines, some of which tell (`Ký bởi: …`, an e-mail address, a time of day); it
    may stand beside other text, so that only the parts of rows that belong to it are taken.
    """
    parts = [part for row in rows for part in parts_of(row)]
    groups: list[list[Part]] = []
    for number, part in enumerate(parts):
        if not _is_stamp(part):
            group = _group_above(part, groups)
            if group is not None and _continues(part, group):
                group.append(part)
            continue
        group = _group_above(part, groups)
        if group is None:
            groups.append([*_name_above(part, parts[:number]), part])
        else:
            group.append(part)
    signed = [group for group in groups if _is_signed(group)]
    taken = {id(token) for group in signed for part in group for token in part}
    rest = [t for row in rows for t in row.tokens if id(t) not in taken]
    return rest, tuple(make_signature(group) for group in signed)


def is_signature(lines: Iterable[Part]) -> bool:
    """Whether lines that stand together are the stamp of a signature."""
    group = list(lines)
    return any(_is_stamp(part) for part in group) and _is_signed(group)


def parts_of(row: Row) -> list[Part]:
    """The row cut at wide gaps."""
    parts: list[Part] = [[]]
    for token in row.tokens:
        if parts[-1] and token.box.x0 - parts[-1][-1].box.x1 > 1.5 * row.height:
            parts.append([])
        parts[-1].append(token)
    return parts


def _is_stamp(part: Part) -> bool:
    return LayoutRules.load().is_mark("signature_stamp", fold(text_of(part)))


def _height(part: Part) -> float:
    return max(token.height for token in part)


def _is_right_under(lower: Part, upper: Part) -> bool:
    below, above = box_of(lower), box_of(upper)
    height = _height(upper)
    aligned = abs(below.x0 - above.x0) < 2 * height or abs(below.x0 + below.x1 - above.x0 - above.x1) < 2 * height
    return aligned and -0.6 * height < below.y0 - above.y1 < 0.8 * height


def _group_above(part: Part, groups: Sequence[list[Part]]) -> list[Part] | None:
    return next((group for group in reversed(groups) if _is_right_under(part, group[-1])), None)


def _continues(part: Part, group: Sequence[Part]) -> bool:
    """A second printed line of the signer's name, as small as the first."""
    size = _height(group[0])
    return len(group) == 1 and _signer(text_of(group[0])) is not None and abs(_height(part) - size) < 0.15 * size


def _name_above(part: Part, earlier: Sequence[Part]) -> list[Part]:
    """The lines right above an e-mail address or a time: who signed, without any label."""
    if _signer(text_of(part)) is not None:
        return []
    lines: list[Part] = []
    lowest = part
    for candidate in reversed(earlier):
        if len(lines) == _NAME_LINES:
            break
        if _is_right_under(lowest, candidate) and _height(candidate) < 1.3 * _height(part):
            lines.insert(0, candidate)
            lowest = candidate
    return lines


def _is_signed(group: Sequence[Part]) -> bool:
    """Whether it says who signed, or the time of day: a lone address or date is no signature."""
    text = "\n".join(text_of(part) for part in group)
    moment = signing_time(text)
    return any(_signer(text_of(p)) for p in group) or (moment is not None and bool(_CLOCK.search(text)))


def _signer(text: str) -> str | None:
    folded = fold(text)
    for rule in LayoutRules.load().of_role("signature_stamp"):
        match = rule.match(folded)
        if match and "signer" in match.groupdict() and len(folded) == len(text):
            return text[match.start("signer") :].strip(" :") or None
    return None


def make_signature(group: Sequence[Part]) -> DigitalSignature:
    """What the lines of a stamp say."""
    lines = [text_of(part) for part in group]
    signer = None
    for index, line in enumerate(lines):
        if signer := _signer(line):
            if index + 1 < len(lines) and not _is_stamp(group[index + 1]):
                signer += " " + lines[index + 1]
            break
    if signer is None:
        names = [line for line, part in zip(lines, group, strict=True) if not _is_stamp(part)]
        signer = " ".join(names) or None
    text = "\n".join(lines)
    return DigitalSignature(signer=signer, signed_at=signing_time(text), text=text)


def signing_time(text: str) -> dt.datetime | None:
    """The time in a stamp (`15.01.2020 16:23:09 +07:00`, `2020/01/15`); None where there is none."""
    if match := _YEAR_FIRST.search(text):
        year, month, day = (int(g) for g in match.groups())
    elif match := _DAY_FIRST.search(text):
        day, month, year = (int(g) for g in match.groups())
    else:
        return None
    clock = _CLOCK.search(text, match.end())
    hour, minute, second = (int(g or 0) for g in clock.groups()) if clock else (0, 0, 0)
    zone = _ZONE.search(text, clock.end()) if clock else None
    try:
        offset = None
        if zone:
            delta = dt.timedelta(hours=int(zone[2]), minutes=int(zone[3]))
            offset = dt.timezone(delta if zone[1] == "+" else -delta)
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=offset)
    except ValueError:
        return None
