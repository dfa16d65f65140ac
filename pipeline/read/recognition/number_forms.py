"""The forms of printed numbers, and what the habit of a column says of a number whose form differs.

A column writes its numbers alike: the same decimals, points between thousands in all or in none, one sign. A cell that
differs was mostly read wrongly. Where another of its readings has the column's form, or its figures take that form with
a mark more, that is chosen; else the cell says its doubt. What was read stays among the alternatives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.read.recognition.twice import AGREED, DIFFERENT, DOUBTED
from pipeline.read.token import PlacedLine, Token

# A reading that is sure enough to show its column's habit.
SURE = 0.75
# What is chosen against a first reading, and what is doubted.
OUTVOTED = 0.8

NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,15}){0,6}(?:%|‰)?", re.ASCII)
VALID = re.compile(r"(?:\d{1,3}(?:\.\d{3}){1,5}|\d{1,15})(?:,\d{1,9})?(?:%|‰)?", re.ASCII)
# What stands over a column of numbers without being one of them.
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# Cells whose sign or marks make the habit of a column, and their share; the share from which it has no exceptions.
_HABIT, _HABIT_SHARE, _STEADY_SHARE = 3, 0.75, 0.9
# So many times the largest other number of a column is out of its range.
_FAR = 3

# A number of running text that has one mark, with the marks around it.
_PROSE = re.compile(r"\(?\d{1,12}[.,]\d{1,9}(?:%|‰)?[).,;:]{0,3}", re.ASCII)

Form = tuple[str, int]  # the last mark, figures after it


def figures_in(text: str) -> str:
    """The figures of a number without its marks."""
    return "".join(c for c in text if c.isdigit())


def sign_of(text: str) -> str:
    """The sign at the end of a number; "" without any."""
    return text[-1] if text[-1:] in ("%", "‰") else ""


def form_of(text: str) -> Form:
    """The last mark of a number, and how many figures stand after it; ("", 0) without any."""
    body = text.rstrip("%‰")
    mark = max(body.rfind("."), body.rfind(","))
    return ("", 0) if mark < 0 else (body[mark], len(body) - mark - 1)


def value_of(text: str) -> Decimal | None:
    """The value of a number as Vietnamese documents write it (`1.234,5%` is 1234.5); None for another form."""
    if not VALID.fullmatch(text):
        return None
    return Decimal(text.rstrip("%‰").replace(".", "").replace(",", "."))


def chosen(token: Token, text: str, confidence: float) -> Token:
    """The token with another reading, as sure as `confidence` at most; the one it had becomes an alternative."""
    if text == token.text:
        return token
    others = tuple(a for a in token.alternatives if a[0] != text)
    return replace(
        token, text=text, confidence=min(token.confidence, confidence), alternatives=((token.text, DIFFERENT), *others)
    )


def doubted(token: Token, *others: str) -> Token:
    """The token with a confidence below one half, and further readings as alternatives."""
    known = {token.text, *(text for text, _ in token.alternatives)}
    doubt = min(token.confidence, DOUBTED)
    new = tuple((text, doubt) for text in dict.fromkeys(others) if text not in known)
    return replace(token, confidence=doubt, alternatives=(*token.alternatives, *new))


def follow_habits(column: Sequence[Token], unsure_signs: Collection[int]) -> list[Token]:
    """The numbers of one column after its habits; `unsure_signs` are the places where `%` cannot be told from `‰`."""
    signs = Counter(sign_of(t.text) for n, t in enumerate(column) if n not in unsure_signs)
    signed = [_with_usual_sign(t, signs) if n in unsure_signs else t for n, t in enumerate(column)]
    marked = [_with_usual_marks(token, _sure_others(signed, n)) for n, token in enumerate(signed)]
    parted = [_with_parted_thousands(token, marked) for token in marked]
    return [_within_the_whole(token, parted) for token in parted]


def _with_usual_sign(token: Token, signs: Counter[str]) -> Token:
    """A sign that cannot be told for sure is that of the column."""
    usual, count = max(((s, n) for s, n in signs.items() if s), key=lambda item: item[1], default=("", 0))
    all_signed = sum(n for s, n in signs.items() if s)
    if count < _HABIT or count < _HABIT_SHARE * all_signed:
        return doubted(token)
    return chosen(token, token.text.rstrip("%‰") + usual, OUTVOTED)


def _sure_others(column: Sequence[Token], place: int) -> list[str]:
    return [t.text for n, t in enumerate(column) if n != place and t.confidence >= SURE]


def _with_usual_marks(token: Token, others: Sequence[str]) -> Token:
    """A point where the column has commas, or a mark that is missing where nearly all others have one."""
    forms = Counter(map(form_of, others))
    form = form_of(token.text)
    usual = _usual(form, forms)
    if usual is not None:
        return chosen(token, _written(token.text, usual), OUTVOTED)
    if form == (",", 3) and _is_whole(forms):
        return chosen(token, _written(token.text, (".", 3)), DOUBTED)
    (mark, after), share = _decimals(forms)
    figures = figures_in(token.text)
    if form[0] or not mark or len(figures) <= after or not figures.strip("0") or _YEAR.fullmatch(token.text):
        return token
    text = figures[:-after] + mark + figures[-after:] + sign_of(token.text)
    read_so = any(reading == text for reading, _ in token.alternatives)
    value, values = value_of(figures), [v for v in map(value_of, others) if v is not None]
    far = value is not None and bool(values) and value > _FAR * max(values)
    if read_so:
        return chosen(token, text, OUTVOTED if far or share >= _STEADY_SHARE else DOUBTED)
    return doubted(token, text) if far or share >= _STEADY_SHARE else token


def _decimals(forms: Counter[Form]) -> tuple[Form, float]:
    """The decimals that most numbers of a column have, and the share of these; no mark where they vary."""
    form, count = max(forms.items(), key=lambda item: item[1], default=(("", 0), 0))
    share = count / max(1, sum(forms.values()))
    return (form, share) if form[0] == "," and count >= 2 * _HABIT and share >= _HABIT_SHARE else (("", 0), 0.0)


def _is_whole(forms: Counter[Form]) -> bool:
    """Whether a column has whole numbers only."""
    return forms.total() >= _HABIT and all(form in (("", 0), (".", 3)) for form in forms)


def _usual(form: Form, forms: Counter[Form]) -> Form | None:
    """What a column writes where this cell has the other mark before as many figures."""
    mark, after = form
    if not mark:
        return None
    other = ("," if mark == "." else ".", after)
    both = forms[form] + forms[other]
    return other if forms[other] >= _HABIT and forms[other] >= _HABIT_SHARE * both else None


def _written(text: str, form: Form) -> str:
    """The number with the last mark of that form; all its marks, where they part thousands."""
    mark, after = form
    if mark == "." and after == 3:
        return text.replace(",", ".")
    body = text.rstrip("%‰")
    at = len(body) - after - 1
    return text[:at] + mark + text[at + 1 :]


def _with_parted_thousands(token: Token, column: Sequence[Token]) -> Token:
    """Points between thousands where the column's other large numbers have them."""
    whole = token.text.rstrip("%‰").split(",", maxsplit=1)[0]
    if len(whole) < 4 or not whole.isdigit() or _YEAR.fullmatch(token.text):
        return token
    large = [t.text.split(",", maxsplit=1)[0] for t in column if t.confidence >= SURE and t is not token]
    large = [text for text in large if len(figures_in(text)) >= 4]
    with_points = sum("." in text for text in large)
    if with_points < _HABIT or with_points < _HABIT_SHARE * len(large):
        return token
    text = f"{int(whole):,}".replace(",", ".") + token.text[len(whole) :]
    # Another number of the right form, that another reading gives, is as likely: then a figure was lost.
    rivals = [r for r in _numbers_in(token) if "." in r and VALID.fullmatch(r) and figures_in(r) != figures_in(text)]
    if rivals:
        return chosen(token, max(rivals, key=len), DOUBTED)
    return chosen(token, text, SURE) if not whole.startswith("0") else doubted(token)


def _within_the_whole(token: Token, column: Sequence[Token]) -> Token:
    """A share of more than a hundred percent, where the column has none, has lost its comma."""
    value = value_of(token.text)
    if value is None or sign_of(token.text) != "%" or value <= 100:
        return token
    others = [value_of(t.text) for t in column if t is not token and t.confidence >= SURE and sign_of(t.text) == "%"]
    if len(others) < _HABIT or any(v is None or v > 100 for v in others):
        return token
    fitting = [r for r in _numbers_in(token) if (v := value_of(r)) is not None and v <= 100]
    same = [r for r in fitting if figures_in(r) == figures_in(token.text)]
    return chosen(token, same[0] + sign_of(token.text) * (not sign_of(same[0])), SURE) if same else doubted(token)


def follow_page(lines: Sequence[PlacedLine]) -> list[PlacedLine]:
    """The lines with numbers of running text doubted whose marks no sure number of the page has: `13.0%` among
    `12,5%`, `91,863` among `4.120`."""
    texts = [[t for t in line.tokens if _PROSE.fullmatch(t.text)] for line in lines if line.table is None]
    forms = Counter(form_of(_bare(t.text)) for line in texts for t in line if t.confidence >= AGREED)
    if not any(_is_unusual(token, forms) for line in texts for token in line):
        return list(lines)
    return [
        line
        if line.table is not None
        else replace(line, cells=(tuple(_unusual(t) if _is_unusual(t, forms) else t for t in line.tokens),))
        for line in lines
    ]


def _bare(text: str) -> str:
    return text.strip("().,;:")


def _is_unusual(token: Token, forms: Counter[Form]) -> bool:
    """Whether a number that is not sure has the one mark where its page has the other, and nowhere the same."""
    if token.confidence >= AGREED or not _PROSE.fullmatch(token.text):
        return False
    mark, after = form = form_of(_bare(token.text))
    if not mark or forms[form] or (mark == ".") == (after == 3):
        return False
    return forms[".", 3] >= _HABIT if mark == "," else after < 3 and forms[",", after] >= _HABIT


def _unusual(token: Token) -> Token:
    """In doubt, beside the number with the usual mark; that one is chosen where another reading has it."""
    mark, _ = form_of(_bare(token.text))
    other = token.text.replace(mark, "." if mark == "," else ",", 1)
    read = {_bare(text) for text, _ in token.alternatives}
    return chosen(token, other, DOUBTED) if _bare(other) in read else doubted(token, other)


def _numbers_in(token: Token) -> Iterator[str]:
    """The other readings of a token that are numbers, with a decimal point as a comma."""
    for text, _ in token.alternatives:
        if NUMBER.fullmatch(text):
            mark, after = form_of(text)
            yield _written(text, (",", after)) if mark == "." and after != 3 else text
