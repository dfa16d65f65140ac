"""Who is meant by the parts of a document that name nobody.

`Giao Sở Tài chính:`, the heading `2. Sở Tài chính` and `yêu cầu các xã thực hiện các nhiệm vụ sau:` rule what stands
below them: the bullets of their section, and the sections inside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from pipeline.extract.directives.actors import MAX_ACTOR, begins_actor, is_person_in_charge, tidy
from pipeline.extract.directives.instructions import DATED_LINE, Governor, Instruction, begin_of, read_text
from pipeline.extract.directives.rules import DirectiveRules, Modality
from pipeline.extract.tables.tasks import TaskRow, rows_by_paragraph
from pipeline.extract.targets.facts import parents_of
from pipeline.models import Document, ParagraphRole

TOLD_ROLES = frozenset({ParagraphRole.HEADING, ParagraphRole.BODY, ParagraphRole.PREAMBLE, ParagraphRole.CLOSING})
"""Where instructions stand: not in the header, the legal basis, the recipients and the signature."""

_AHEAD = DirectiveRules.load().regex_of("ahead_heading")
_RESULTS = DirectiveRules.load().regex_of("results_heading")
_OPENS_ORDERS = DirectiveRules.load().regex_of("opens_orders")
_LEADS_IN = DirectiveRules.load().regex_of("lead_in")
_CLOSES = DirectiveRules.load().regex_of("closes")
_DOES_MORE = DirectiveRules.load().regex_of("does_more")
_ASKS = DirectiveRules.load().regex_of("asks")
_FOR = DirectiveRules.load().regex_of("for_somebody")
_DISTANT = 0.62
_FIRST_WORDS = 300


@dataclass(frozen=True, slots=True)
class DocumentTasks:
    """What is worked out once for a document, by paragraph number.

    `instructions[n]` are those of paragraph n, `results[n]` is true where it tells what has been, `columns` are those
    of the tables of tasks.
    """

    instructions: tuple[tuple[Instruction, ...], ...]
    results: tuple[bool, ...]
    rows: dict[int, TaskRow]


def document_tasks(document: Document) -> DocumentTasks:
    """Reads every paragraph with the one who rules it, in time linear in the document's length."""
    results = _results(document)
    governors: dict[int | None, Governor | None] = {None: None}
    parents = parents_of(document.sections)
    read: list[tuple[Instruction, ...]] = []
    modality: Modality = "assign"
    for paragraph, is_result in zip(document.paragraphs, results, strict=True):
        section = paragraph.section
        if section is not None and section not in governors:
            governors[section] = _inherited(document, section, parents, governors)
        governor = governors[section]
        if is_result or paragraph.role not in TOLD_ROLES:
            read.append(())
            continue
        alone = _alone(paragraph.text, governor) if section is not None else None
        if alone is not None:
            governors[section] = alone
            read.append(())
            continue
        whole = governors[None]
        opened = _OPENS_ORDERS.search(paragraph.text) if section is None else None
        if opened:
            modality = cast(Modality, opened.lastgroup)
        default: Modality = whole.modality if whole else modality
        found = read_text(paragraph.text, governor, default)
        if paragraph.role is ParagraphRole.PREAMBLE and not DATED_LINE.match(paragraph.text):
            found = [i for i in found if i.rule in {m.id for m in DirectiveRules.load().modality}]
        governors[section] = _ruling(paragraph.text, found, governor)
        if section is None and opened and governors[None] is None:
            governors[None] = _addressed(document.header.addressees, modality)
        read.append(tuple(i for i in found if not i.leads_in or _says_something(paragraph.text, i)))
    return DocumentTasks(tuple(read), results, rows_by_paragraph(document))


def _alone(text: str, governor: Governor | None) -> Governor | None:
    """A heading that is nothing but the name of one who is told: `2. Sở Tài chính`, `b) Các sở, ban, ngành:`."""
    if len(text) > 400:
        return None
    begin = begin_of(text, 0, len(text))
    concerning = _FOR.match(text, begin)
    words = text[concerning.end() if concerning else begin :]
    as_written = words.lower() if words.isupper() else words
    if not is_person_in_charge(words) or DirectiveRules.load().verb.search(as_written, 1):
        return None
    modality: Modality = governor.modality if governor else "assign"
    return Governor(tidy(words), modality, "requested" if modality in {"request", "propose"} else "lead")


def _addressed(addressees: Sequence[str], modality: Modality) -> Governor | None:
    """Those to whom a letter is written, where its opening orders and names nobody: `Ủy ban nhân dân xã yêu cầu:`."""
    names = "; ".join(addressees)
    if not addressees or len(names) > MAX_ACTOR or not all(map(begins_actor, addressees)):
        return None
    return Governor(names, modality, "requested" if modality in {"request", "propose"} else "lead", confidence=0.7)


def _ruling(text: str, found: list[Instruction], governor: Governor | None) -> Governor | None:
    """Who rules what comes after a paragraph in its section."""
    if not found:
        return governor
    last = found[-1]
    opens_list = text.rstrip().endswith(":")
    if opens_list or last.leads_in:
        return last.governor if last.actor else governor
    first = found[0]
    if first.rule == "named_before_colon" or (
        first.rule in {"assign", "request"} and len(found) == 1 and first.start < 12
    ):
        return replace(first.governor, confidence=0.7)
    return governor


def _says_something(text: str, instruction: Instruction) -> bool:
    """A sentence that leads in a list is an instruction of its own unless it only announces the list."""
    words = text[instruction.action_start : instruction.end]
    if len(words) > 160 or (len(words) > 30 and _LEADS_IN.search(words) is None):
        return True
    return len(words) > 30 and instruction.rule == "named" and _DOES_MORE.match(words) is not None


def _inherited(
    document: Document, section: int, parents: list[int | None], governors: dict[int | None, Governor | None]
) -> Governor | None:
    """What the parts around a section say; the farther away, the less sure."""
    parent = parents[section]
    seen = 0
    while parent is not None and parent not in governors and seen < 64:
        parent = parents[parent]
        seen += 1
    above = governors.get(parent)
    if above is None:
        return None
    if document.sections[section].kind == "bullet" and parent is not None:
        return above
    return replace(above, confidence=max(_DISTANT, above.confidence - 0.13))


def _is_order(heading: str) -> bool:
    """Whether a numbered part that begins like a heading is a sentence that asks for something: `2. Kết quả rà soát
    đề nghị gửi …`."""
    if not heading.rstrip().endswith((".", ";")):
        return False
    told = any(rule.first_told(heading, 0, len(heading)) is not None for rule in DirectiveRules.load().modality)
    return told or _ASKS.search(heading) is not None


def _results(document: Document) -> tuple[bool, ...]:
    """For each paragraph whether its section tells what has been: `I. ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN`."""
    parents = parents_of(document.sections)
    of_section: list[bool] = []
    for number, section in enumerate(document.sections):
        parent = parents[number]
        inherited = parent is not None and of_section[parent]
        short = section.text[:120] if section.level <= 2 and section.kind != "bullet" else ""
        heading = (section.heading or short)[:200]
        begin = re.match(r"[\W\d]{0,6}", heading)
        told = _AHEAD.search(heading) is not None or _is_order(section.heading or section.text[:_FIRST_WORDS])
        tells = not told and _RESULTS.match(heading, begin.end() if begin else 0) is not None
        of_section.append(tells or (inherited and not told))
    return tuple(
        p.section is not None and of_section[p.section] and _CLOSES.match(p.text) is None for p in document.paragraphs
    )
