"""Names that a document prints in capitals, in the case of running text."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from pipeline.issuing_bodies import body_at_start, glued_body
from pipeline.segment.lines import capital_share
from pipeline.segment.provinces import province_named
from pipeline.segment.rules import FooterRules, HeaderRules
from pipeline.vietnamese import fold, fold_in_place, is_syllable, one_tone_style

_LEVELS = {"tinh": "tỉnh", "huyen": "huyện", "quan": "quận", "xa": "xã", "phuong": "phường"}
_LEVEL_WORDS = {
    "tỉnh", "huyện", "quận", "xã", "phường", "thị", "trấn", "thành", "phố", "và", "các", "của", "cấp", "khóa",
    "nhiệm", "kỳ", "về", "công", "tác", "nước",
}  # fmt: skip


_SECOND_WORDS = {"phố": "thanh", "trấn": "thi"}


CAPITALS = 0.8
"""The share of capitals from which on a text is printed in capitals: small letters from a scanner are forgiven."""


def is_capitals(text: str) -> bool:
    """Whether a text is printed in capitals."""
    return capital_share(text) >= CAPITALS


_HEADED = re.compile(r"[A-ZÀ-ỸĐ]{1,8}(?:[\s,-]{1,3}[A-ZÀ-ỸĐ]{2,8}){2,20}\s?:")


def begins_in_capitals(text: str) -> bool:
    """Whether a heading in capitals has its text behind it: `DANH MỤC SỬA ĐỔI: Sửa đổi 11 thủ tục`."""
    return _HEADED.match(text) is not None


def body_in_running_case(text: str) -> str:
    """`ỦY BAN NHÂN DÂN HUYỆN THANH SƠN HẠ` → `Ủy ban nhân dân huyện Thanh Sơn Hạ`; other text as it is."""
    text = one_tone_style(" ".join(text.split()))
    if not is_capitals(text):
        return text
    named = body_at_start(text)
    if named is None:
        glued = glued_body(text)
        return glued.body.name if glued else _office_case(text)
    names = {len(fold(name)): name for name in named.body.all_names if fold(text).startswith(fold(name))}
    name = one_tone_style(names[max(names)]) if names else named.body.name
    rest = text[named.end :].strip()
    if any(rule.matches(name) for rule in HeaderRules.load().unnumbered) and re.fullmatch(r"\W{0,2}\w\W{0,2}", rest):
        return name  # a speck of the scan
    if rest.startswith(("-", "–")):  # two bodies sign: `SỞ Y TẾ - CÔNG ĐOÀN NGÀNH`
        return f"{name} - {body_in_running_case(rest.lstrip(' -–'))}".strip(" -")
    return f"{name} {_place_case(rest)}".strip()


def _office_case(text: str) -> str:
    """`TRƯỜNG ĐẠI HỌC ĐỒNG MÂY` → `Trường Đại học Đồng Mây`: how offices are called, then a name."""
    folded = fold(text)
    for words in HeaderRules.load().offices:
        match = words.regex.match(folded)
        if match and len(folded) == len(text):
            known = next(w for w in words.words if fold(w) == match.group())
            return f"{known} {_place_case(text[match.end() :].strip(' -,'))}".strip()
    return _place_case(text, first=True)


def _place_case(text: str, first: bool = False) -> str:
    """Level words small, all others with a capital; a province that lost marks gets them back."""
    words = []
    level, _, rest = text.partition(" ")
    known = _LEVELS.get(fold(level))
    if known and not first:
        return f"{known} {province_named(rest) or _place_case(rest, first=True)}".strip()
    before = ""
    for position, word in enumerate(text.split()):
        small = word.lower()
        keep_small = small in _LEVEL_WORDS and not (first and position == 0)
        if small in _SECOND_WORDS and fold(before) != _SECOND_WORDS[small]:
            keep_small = False  # `Đông Phố` is a name, `thành phố` a level
        before = word
        if len(word) > 1 and not any(c in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for c in fold_in_place(word)) and word.isupper():
            words.append(word)  # an abbreviation: UBND, THPT
        else:
            words.append(small if keep_small else small[:1].upper() + small[1:])
    return " ".join(words)


def office_in_running_case(text: str) -> str:
    """`PHÓ CHỦ TỊCH` → `Phó Chủ tịch`."""
    text = one_tone_style(" ".join(text.split())).strip(" .,;:")
    folded = fold(text)
    known = [
        w for rule in FooterRules.load().titles for w in rule.words if re.match(re.escape(fold(w)) + r"(?!\w)", folded)
    ]
    if not known:
        offices = [w for rule in FooterRules.load().titles for w in rule.words]
        close = process.extractOne(folded, offices, processor=fold, scorer=fuzz.ratio, score_cutoff=86.0)
        return close[0] if close else text[:1].upper() + text[1:].lower()
    office = max(known, key=len)
    rest = text[len(office) :].strip()
    words = re.findall(r"\w+", rest)
    if not all(map(is_syllable, words)) or (text[: len(office)].isupper() and any(map(str.islower, words))):
        return office  # what follows is left of a seal or a pen
    if not rest:
        return office
    return f"{office} {body_in_running_case(rest) if body_at_start(rest) else rest.lower()}"


def person_in_running_case(text: str) -> str:
    """`NGUYỄN VĂN MẪU` → `Nguyễn Văn Mẫu`."""
    text = " ".join(text.split()).strip(" .,;:*")
    return " ".join(w[:1].upper() + w[1:].lower() for w in text.split()) if is_capitals(text) else text
