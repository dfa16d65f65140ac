"""Who acts: bodies, offices and groups as administrative documents name them, and their full wording."""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from typing import ClassVar

from pipeline.rulebook import PatternRule, Rule, RuleFile, problems_of, problems_with
from pipeline.vietnamese import one_tone_style

MAX_ACTOR = 320
"""Characters of the longest list of actors that is looked at."""


class Head(PatternRule):
    """How the name of an actor begins. `case` is true where letters must be as written."""

    case: bool = True

    @property
    def flags(self) -> re.RegexFlag:
        """As written, or in either case."""
        return re.NOFLAG if self.case else re.IGNORECASE


class Expansion(Rule):
    """A short form (several parted by `|`) and what it stands for."""

    short: str
    full: str


class ActorRules(RuleFile):
    """All of `actors.toml`."""

    file_name: ClassVar[str] = "actors.toml"

    head: tuple[Head, ...]
    not_head: tuple[Head, ...]
    expansion: tuple[Expansion, ...]

    @cached_property
    def short_forms(self) -> re.Pattern[str]:
        """Every short form as a whole word, the longest first."""
        forms = sorted(self.full_forms, key=len, reverse=True)
        return re.compile(r"(?<![\w&])(?:" + "|".join(re.escape(form) for form in forms) + r")(?![\w&])")

    @cached_property
    def full_forms(self) -> dict[str, str]:
        """Short form → full form."""
        return {short: rule.full for rule in self.expansion for short in rule.short.split("|")}

    def check_examples(self) -> list[str]:
        """Heads and short forms that are not found in their examples or found in their counter-examples."""
        return problems_of((*self.head, *self.not_head)) + problems_with(self.expansion, self._finds)

    def _finds(self, rule: Expansion, text: str) -> bool:
        return any(self.full_forms[match.group()] == rule.full for match in self.short_forms.finditer(text))


@cache
def _regexes() -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    rules = ActorRules.load()
    return tuple(rule.regex for rule in rules.head), tuple(rule.regex for rule in rules.not_head)


@lru_cache(maxsize=64)
def _one_style(text: str) -> str:
    return one_tone_style(text)


def begins_actor(text: str, position: int = 0) -> bool:
    """Whether the name of an actor begins at `text[position]`."""
    heads, others = _regexes()
    text = _one_style(text)
    if any(regex.match(text, position) for regex in others):
        return False
    return any(regex.match(text, position) for regex in heads)


def is_person_in_charge(text: str) -> bool:
    """Whether the words are nothing but the name of one or more actors, as a heading or a table's cell has them."""
    plain = text.strip(" \t.:;,-–+*•")
    return bool(plain) and len(plain) <= MAX_ACTOR and begins_actor(plain)


_SEPARATOR = re.compile(r"\s{0,3}[,;]\s{1,3}(?:và\s{1,3})?|\s{1,3}(?:và|cùng với|cùng)\s{1,3}|\s{0,3}[;\n]\s{0,3}")
_LATER_HEAD = re.compile(
    r"(?:[A-ZĐÀ-Ỹ]|(?:các|trưởng|tổ trưởng|thủ trưởng|phòng|trạm|công an)\s|cấp ủy|đảng ủy|chi bộ|chính quyền)"
)
_BRACKETS = re.compile(r"\s{0,3}\([^()]{0,200}\)")


def split_actors(phrase: str) -> tuple[str, ...]:
    """The single actors of a list: `Sở Kế hoạch và Đầu tư, UBND các xã` are two, `các sở, ban, ngành` is one."""
    phrase = phrase[: 4 * MAX_ACTOR]
    parts: list[str] = []
    start = 0
    for match in _SEPARATOR.finditer(masked(phrase)):
        if _LATER_HEAD.match(phrase, match.end()) and begins_actor(phrase, match.end()):
            parts.append(phrase[start : match.start()])
            start = match.end()
    parts.append(phrase[start:])
    return tuple(clean for part in parts if (clean := tidy(part)))


def masked(text: str) -> str:
    """The text with blanks for what stands in brackets or quotation marks; lengths stay."""
    return re.sub(r"\([^()]{0,300}\)|“[^“”]{0,200}”", lambda m: "\x00" * len(m.group()), text)


def tidy(phrase: str) -> str:
    """Without marks and white space at the ends, and without line feeds inside."""
    words = " ".join(phrase.split()).strip(' .,:;-–+*•“”"')
    return words.rstrip(")") if words.count(")") > words.count("(") else words


_LEADING = re.compile(r"(?:đồng chí|đ/c|cho|với|tất cả|toàn thể)\s{1,3}(?=\w)", re.IGNORECASE)
_TRAILING = re.compile(r"(?:\s{1,3}(?:có\s{1,3})?liên quan)?(?:\s{1,3}khác)?$")


@lru_cache(maxsize=4096)
def canonical(phrase: str) -> str | None:
    """An actor in its full wording, one spelling for one actor: `UBND các xã` → `Ủy ban nhân dân các xã`.

    Remarks in brackets and `liên quan` go. None where nothing is left.
    """
    rules = ActorRules.load()
    text = tidy(_BRACKETS.sub("", one_tone_style(phrase)))
    text = re.sub(r"\s{0,3}&\s{0,3}", "&", text)
    text = rules.short_forms.sub(lambda m: rules.full_forms[m.group()], text)
    text = text.replace("&", " và ")
    text = tidy(_LEADING.sub("", text, count=1))
    text = tidy(_TRAILING.sub("", text))
    text = re.sub(r"\s{0,3}-\s{0,3}", " - ", text)
    return text[0].upper() + text[1:] if text else None


def canonical_list(phrase: str) -> str | None:
    """The full wordings of a list of actors, parted by `; `."""
    names = [name for part in split_actors(phrase) if (name := canonical(part))]
    return "; ".join(dict.fromkeys(names)) or None
