"""A mention of a document while it is being read."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.models import Relation
from pipeline.reference_numbers import ReferenceNumber


@dataclass(slots=True, eq=False)
class Mention:
    """`text[start:end]` of paragraph `paragraph`. `type_start` is where a printed type begins, None without one."""

    paragraph: int
    start: int
    end: int
    reference: ReferenceNumber | None
    confidence: float
    rule: str
    type: str | None = None
    type_start: int | None = None
    issued_on: str | None = None
    same_day: bool = False  # the date is that of the mention before too: `cùng ngày`
    issuer: str | None = None
    title: str | None = None
    title_span: tuple[int, int] | None = None  # of a title without quotation marks, which may run too far
    term: str | None = None
    provision: str | None = None
    relation: Relation = "mentions"
    change: Relation | None = None
    changed_by: str | None = None
    short_form: bool = False
    named: bool = False
    points_back: bool = False
    certain: bool = True  # `số` or a type's name stands before the number
    weak: bool = False  # the words say that this is no more than a mention
    number: tuple[int, int] | None = None  # where the running number stands, as far as a digit of it was read
    spaced: bool = False  # digits stand before the number, as in a number that a pen wrote: `số 3 5 9 /QĐ-UBND`
    follows: Mention | None = None  # the mention before it in a list: `số 12-CT/TU và 15-CT/TU`

    @property
    def label(self) -> str | None:
        """The number, else the name."""
        return self.reference.text if self.reference else self.title

    @property
    def key(self) -> str | None:
        """What mentions of one document share: the number, whatever its leading zeros."""
        if self.reference is None or not (self.reference.body or self.reference.type_code):
            return None
        r = self.reference
        return "/".join(p for p in (r.plain_number, r.year or "", r.type_code or "", r.body, r.style) if p).casefold()
