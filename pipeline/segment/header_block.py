"""What a header block holds while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.document_types import DocumentType
from pipeline.segment.fields import PlaceAndDate, Reference


@dataclass(slots=True)
class HeaderBlock:
    """What was found above the body; `end` is the first line of the body."""

    end: int
    issuers: list[str] = field(default_factory=list)
    issuers_raw: list[str] = field(default_factory=list)  # as the page read before restoration
    doubt: float = 0.0  # 1 - the reader's confidence in the worst line of issuer, kind and title
    reference: Reference | None = None
    dated: PlaceAndDate | None = None
    kind: DocumentType | None = None
    title: list[str] = field(default_factory=list)
    subject: bool = False
    addressees: list[str] = field(default_factory=list)
    addressed: bool = False
    decides: str | None = None  # `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …` above the legal bases
    party: bool = False
    motto: bool = False
    number_printed: bool = False
    noise: set[int] = field(default_factory=set)
