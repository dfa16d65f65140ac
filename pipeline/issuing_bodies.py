"""Who issues documents (`rules/issuing_bodies.toml`): codes to bodies, names to bodies, and a body's level.

Sources: Decree 30/2020/NĐ-CP, Guidance 36-HD/VPTW of 2018, and the codes that published documents carry.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from pipeline.models import IssuerLevel
from pipeline.rulebook import Rule, RuleFile, problems_with
from pipeline.vietnamese import fold, fold_in_place, one_tone_style, strip_marks

System = Literal["state", "party", "union"]


class LevelRule(Rule):
    """Place words that tell a body's level: `huyện` is the district."""

    level: IssuerLevel
    words: tuple[str, ...]


class Cities(BaseModel):
    """Cities under the central government, which are units of the province level."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]


class CodeSuffix(Rule):
    """The end of a Party code that says whose organ it is: `TU` in `VPTU`."""

    code: str
    name: str
    level: IssuerLevel | None = None


class Body(Rule):
    """One issuing body, or a kind of body that exists in many places."""

    name: str
    code: str
    system: System
    level: IssuerLevel | None = None
    stem: bool = False
    place: bool = False
    old_codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        """The name and every other way of writing it."""
        return (self.name, *self.names)


class IssuingBodies(RuleFile):
    """All bodies, and what tells their level."""

    file_name: ClassVar[str] = "issuing_bodies.toml"

    levels: tuple[LevelRule, ...]
    cities: Cities
    suffixes: tuple[CodeSuffix, ...]
    bodies: tuple[Body, ...]

    def check_examples(self) -> list[str]:
        """Examples of a body are codes or names that lead to it, of a suffix codes that end in it, of a level bodies at
        that level."""
        problems = problems_with(self.levels, lambda rule, text: level_of_body(text) == rule.level)
        problems += problems_with(self.suffixes, lambda suffix, text: _ends_in(suffix, text))
        return problems + problems_with(self.bodies, lambda body, text: body in _leads_to(text))


class CodedBody(NamedTuple):
    """What the code at the end of a reference number says about the issuer."""

    body: Body
    name: str  # `Văn phòng Tỉnh ủy` for VPTU
    level: IssuerLevel | None
    system: System


class NamedBody(NamedTuple):
    """A body found by its name: `text[start:end]`."""

    body: Body
    start: int
    end: int


def _leads_to(text: str) -> set[Body]:
    coded = {c.body for c in bodies_of_code(text)}
    named = body_at_start(text)
    return coded | ({named.body} if named else set())


def _ends_in(suffix: CodeSuffix, code: str) -> bool:
    return code.endswith(suffix.code) and any(coded.name.endswith(suffix.name) for coded in bodies_of_code(code))


def all_bodies() -> tuple[Body, ...]:
    """Every body, in the order of the file."""
    return IssuingBodies.load().bodies


@cache
def _by_code(system: System) -> tuple[dict[str, list[CodedBody]], ...]:
    """Three indexes, the strictest first: the code as written, in capitals, and without marks."""
    exact: dict[str, list[CodedBody]] = {}
    upper: dict[str, list[CodedBody]] = {}
    folded: dict[str, list[CodedBody]] = {}
    for code, coded in _codes(system):
        for index, key in ((exact, code), (upper, code.upper()), (folded, fold(code))):
            known = index.setdefault(key, [])
            if coded not in known:
                known.append(coded)
    return exact, upper, folded


def _codes(system: System) -> list[tuple[str, CodedBody]]:
    current, older = [], []
    for body in all_bodies():
        if body.system != system or not body.code:
            continue
        if body.stem:
            current += [
                (body.code + s.code, CodedBody(body, f"{body.name} {s.name}", s.level, body.system))
                for s in IssuingBodies.load().suffixes
            ]
            continue
        coded = CodedBody(body, body.name, body.level, body.system)
        current.append((body.code, coded))
        older += [(code, coded) for code in body.old_codes]
    return current + older


def bodies_of_code(code: str, system: System | None = None) -> tuple[CodedBody, ...]:
    """The bodies that the end of a reference number may stand for, likeliest first.

    `code` is what follows the type (`UBND`, `TU`, `QH14`, `UBND-VX`): a term number and a unit after a hyphen are
    passed over where the whole is unknown. Without a system, all three are tried: state, Party, unions.
    """
    code = code.strip(" .,").replace("Ð", "Đ")
    systems: tuple[System, ...] = ("state", "party", "union") if system is None else (system,)
    for candidate in dict.fromkeys((code, re.split(r"[-–.]", code)[0], re.sub(r"\d{1,3}$", "", code))):
        if not candidate:
            continue
        for strictness in range(3):
            key = (candidate, candidate.upper(), fold(candidate))[strictness]
            found = [c for s in systems for c in _by_code(s)[strictness].get(key, ())]
            if found:
                return tuple(found)
    return ()


def body_of_code(code: str, system: System | None = None) -> CodedBody | None:
    """The likeliest body that the end of a reference number stands for (`TTg`, `VPTU`, `UBND-VX`)."""
    found = bodies_of_code(code, system)
    return found[0] if found else None


@cache
def _by_name() -> dict[str, Body]:
    return {_folded_name(name): body for body in reversed(all_bodies()) for name in body.all_names}


@cache
def _name_pattern() -> re.Pattern[str]:
    longest_first = sorted(_by_name(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_loose, longest_first)) + r")(?!\w)")


def _loose(name: str) -> str:
    """Blanks, commas, dashes and `và`/`&` between words are written in many ways."""
    return r"[ ,&–-]{1,3}".join(re.escape(word) for word in re.split(r"[ ,&-]+", name) if word)


def _folded_name(name: str) -> str:
    return " ".join(re.split(r"[ ,&–-]+", fold(name)))


def body_at_start(text: str) -> NamedBody | None:
    """The body that a text begins with; the longest name wins. Offsets count in `text`."""
    indent = len(text) - len(text.lstrip())
    match = _name_pattern().match(fold_in_place(text[: indent + 120]), indent)
    return _named(match) if match else None


GLUED_LENGTH = 5
"""Letters that a glued name has at least: shorter ones are abbreviations."""


@cache
def _by_glued_name() -> dict[str, Body]:
    return {
        glued: body
        for body in reversed(all_bodies())
        for name in body.all_names
        if len(glued := re.sub(r"\W", "", fold(name))) >= GLUED_LENGTH
    }


def glued_body(text: str) -> NamedBody | None:
    """The body that a line names whose blanks and marks a scanner lost: `SỞYTÉ`. Nothing may follow the name."""
    body = _by_glued_name().get(re.sub(r"\W", "", fold(text[:120]))) if " " not in text.strip() else None
    return NamedBody(body, 0, len(text)) if body else None


def find_bodies(text: str) -> list[NamedBody]:
    """Every body named in a text, in order, without overlaps."""
    return [_named(match) for match in _name_pattern().finditer(fold_in_place(text))]


def _named(match: re.Match[str]) -> NamedBody:
    return NamedBody(_by_name()[_folded_name(match.group())], match.start(), match.end())


@cache
def _level_words(marks: bool) -> tuple[re.Pattern[str], dict[str, IssuerLevel]]:
    key = _with_marks if marks else fold
    levels = {key(word): rule.level for rule in IssuingBodies.load().levels for word in rule.words}
    longest_first = sorted(levels, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)(?! (?:hội|hoi)(?!\w))"), levels


def _with_marks(text: str) -> str:
    return " ".join(one_tone_style(text.lower()).split())


@cache
def _city_pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(fold(name)) for name in IssuingBodies.load().cities.names)
    return re.compile(rf"(?:thanh pho|tp\.?|thanh uy|thanh doan) *(?:{names})(?!\w)")


_COUNTRY = ("viet nam", "nha nuoc")


@lru_cache(maxsize=4096)
def level_of_body(text: str) -> IssuerLevel | None:
    """The level of a body as a document prints it: `UBND huyện …` is the district; None where the words do not say.

    The first place word decides (`UBND xã Đồng Mây, huyện …` is the commune); a body with a level of its own needs
    none. Marks count where the text has any: `Cục Quản lý` is no `quận`.
    """
    named = body_at_start(text)
    branch = named is not None and re.match(r"\W{0,3}chi nhanh(?!\w)", fold(text[named.end :])) is not None
    if named and named.body.level and not (named.body.level == "province" and named.body.place) and not branch:
        return named.body.level
    marks = strip_marks(text) != text
    pattern, levels = _level_words(marks)
    found = [m.group() for m in pattern.finditer(_with_marks(text) if marks else fold(text))]
    # `Hội Nông dân Việt Nam huyện Sơn Hạ`: a body of the whole country, there
    word = next((w for w in found if fold(w) not in _COUNTRY), found[0] if found else None)
    level = levels[word] if word else None
    if (
        level != "commune"
        and _city_pattern().search(fold(text))
        and not re.search(r"(?<!\w)(?:quận|huyện)", text.lower())
    ):
        return "province"
    return level or (named.body.level if named else None)
