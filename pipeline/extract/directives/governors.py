"""Who is meant by the parts of a document that name nobody.

`Giao Sở Tài chính:`, the heading `2. Sở Tài chính` and `yêu cầu các xã thực hiện các nhiệm vụ sau:` rule what stands
below them: the bullets of their section, and the sections inside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from pipeline.extract.directives.actors import MAX_ACTOR, begins_actor, is_person_in_charge, tidy
from pipeline.extract.directives.doing_words import first_doing_word
from pipeline.extract.directives.instructions import Governor, Instruction, begin_of, ordered_to, read_text, role_of
from pipeline.extract.directives.phrases import (
    DATED_LINE,
    DESCRIBED,
    FOR_SOMEBODY,
    LEADS_IN,
    LISTS_NAMES,
    MUST,
    RULES,
)
from pipeline.extract.directives.rules import Modality
from pipeline.extract.directives.subjects import holds_more_than_names
from pipeline.extract.tables.tasks import TaskRow, rows_by_paragraph
from pipeline.extract.targets.facts import parents_of
from pipeline.models import Document, ParagraphRole

TOLD_ROLES = frozenset({ParagraphRole.HEADING, ParagraphRole.BODY, ParagraphRole.PREAMBLE, ParagraphRole.CLOSING})
"""Where instructions stand: not in the header, the legal basis, the recipients and the signature."""

_AHEAD = RULES.regex_of("ahead_heading")
_RESULTS = RULES.regex_of("results_heading")
_OPENS_ORDERS = RULES.regex_of("opens_orders")
_CLOSES = RULES.regex_of("closes")
_DOES_MORE = RULES.regex_of("does_more")
_ASKS = RULES.regex_of("asks")
_GOALS = RULES.regex_of("goals_heading")
_RIGHTS = RULES.regex_of("rights_follow")
_DECIDED = RULES.regex_of("decided_in_minutes")
_DUTIES_OF = RULES.regex_of("duties_of")
_FIELD_OF_DUTY = RULES.regex_of("field_of_duty")
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
    holding = _holding(document, parents)
    goals = _goals(document, parents)
    for number, (paragraph, is_result) in enumerate(zip(document.paragraphs, results, strict=True)):
        section = paragraph.section
        if section is not None and section not in governors:
            governors[section] = _inherited(document, section, parents, governors)
        governor = governors[section]
        if is_result or paragraph.role not in TOLD_ROLES:
            read.append(())
            continue
        whole = governors[None]
        told: Modality = governor.modality if governor else whole.modality if whole else modality
        alone = _alone(paragraph.text, told) if section is not None else None
        if alone is not None or _is_title(document, number, holding):
            governors[section] = alone or governor
            read.append(())
            continue
        opened = _OPENS_ORDERS.search(paragraph.text) if section is None else None
        if opened:
            modality = cast(Modality, opened.lastgroup)
        default: Modality = whole.modality if whole else modality
        found = read_text(paragraph.text, governor, default)
        if paragraph.role is ParagraphRole.PREAMBLE and not DATED_LINE.match(paragraph.text):
            found = [i for i in found if i.rule in {m.id for m in RULES.modality}]
        governors[section] = _ruling(paragraph.text, found, governor)
        if section is None and opened and governors[None] is None:
            governors[None] = _addressed(document.header.addressees, modality)
        if _RIGHTS.search(paragraph.text):
            found = [i for i in found if not i.leads_in]
        if section is not None and goals[section]:
            found = [i for i in found if i.rule != "governed"]
        read.append(tuple(i for i in found if not i.leads_in or _says_something(paragraph.text, i)))
    return DocumentTasks(tuple(read), results, rows_by_paragraph(document))


def _alone(text: str, modality: Modality) -> Governor | None:
    """A heading that is nothing but the name of one who is told: `2. Sở Tài chính`, `b) Các sở, ban, ngành:`, `Đề nghị
    các chủ đầu tư`, `Điều 9. Trách nhiệm của Sở Y tế trong việc …`."""
    if len(text) > 400 or _RIGHTS.search(text) or _NUMBER_INSIDE.search(text):
        return None
    begin = begin_of(text, 0, len(text))
    ordered = ordered_to(text)
    before = FOR_SOMEBODY.match(text, begin) or _DUTIES_OF.match(text, begin)
    words = text[ordered[1] if ordered else before.end() if before else begin :]
    if before and not ordered and before.re is _DUTIES_OF:
        words = _FIELD_OF_DUTY.split(words)[0]
    as_written = words.lower() if words.isupper() else words
    names = is_person_in_charge(words) or is_person_in_charge(_as_a_name(words))
    if not names or _does_something(as_written) or (_MORE_BEHIND_COLON.search(words) and not LISTS_NAMES.search(words)):
        return None
    if ordered:
        modality = ordered[0].modality
    return Governor(tidy(words), modality, role_of(modality))


def _as_a_name(words: str) -> str:
    """Headings in capitals as names are written: `SỞ TÀI CHÍNH` → `Sở Tài chính`."""
    return words[:1] + words[1:].lower() if words.isupper() and " " in words else words


def _does_something(words: str) -> bool:
    if DESCRIBED.match(words):
        return MUST.search(words) is not None or re.search(r", [A-ZĐ]", words) is not None
    if RULES.verb.search(words, 1) is not None:
        return True
    is_sentence = words.rstrip().endswith((".", ";")) and holds_more_than_names(words)
    return is_sentence and first_doing_word(words) is not None


_NUMBER_INSIDE = re.compile(r"\w\)?\s{1,3}\d{1,2}\.\s{1,3}[A-ZĐÀ-Ỹ]")
"""The marker of the next part inside a line: two lines that the reader joined."""
_MORE_BEHIND_COLON = re.compile(r":\s{1,3}(?=\S)")


def _holding(document: Document, parents: Sequence[int | None]) -> frozenset[int]:
    """The sections under whose heading more stands: paragraphs of their own, or other sections."""
    counts = Counter(p.section for p in document.paragraphs if p.role in TOLD_ROLES)
    filled = {number for number, count in counts.items() if number is not None and count > 1}
    return frozenset(filled | {parent for parent in parents if parent is not None})


def _is_title(document: Document, number: int, holding: frozenset[int]) -> bool:
    """Whether a paragraph only says what the part below it is about: `1. Kiểm tra chuyên đề`."""
    paragraph = document.paragraphs[number]
    words = paragraph.text.rstrip()
    if paragraph.role is not ParagraphRole.HEADING or paragraph.section not in holding:
        return False
    return not words.endswith((".", ";", ":")) and ordered_to(words) is None and not begins_actor(words)


def _addressed(addressees: Sequence[str], modality: Modality) -> Governor | None:
    """Those to whom a letter is written, where its opening orders and names nobody: `Ủy ban nhân dân xã yêu cầu:`."""
    names = "; ".join(addressees)
    if not addressees or len(names) > MAX_ACTOR or not all(map(begins_actor, addressees)):
        return None
    return Governor(names, modality, role_of(modality), confidence=0.7)


def _ruling(text: str, found: list[Instruction], governor: Governor | None) -> Governor | None:
    """Who rules what comes after a paragraph in its section."""
    if _RIGHTS.search(text):
        return None
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
    if len(words) > 160 or (len(words) > 30 and LEADS_IN.search(words) is None):
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


def _goals(document: Document, parents: Sequence[int | None]) -> list[bool]:
    """For each section whether it holds figures that are to be reached: what stands there are targets, not tasks."""
    of_section: list[bool] = []
    for number, section in enumerate(document.sections):
        parent = parents[number]
        heading = section.heading or ""
        own = _GOALS.search(heading) is not None and _TASKS.search(heading) is None
        inherited = parent is not None and of_section[parent] and _TASKS.search(heading) is None
        of_section.append(own or inherited)
    return of_section


_TASKS = re.compile(r"nhiệm vụ|giải pháp|biện pháp|thực hiện|yêu cầu|công tác", re.IGNORECASE)


def _is_order(heading: str) -> bool:
    """Whether a numbered part that begins like a heading is a sentence that asks for something: `2. Kết quả rà soát
    đề nghị gửi …`."""
    if not heading.rstrip().endswith((".", ";")):
        return False
    told = any(rule.first_told(heading, 0, len(heading)) is not None for rule in RULES.modality)
    return told or _ASKS.search(heading) is not None


def _results(document: Document) -> tuple[bool, ...]:
    """For each paragraph whether its section tells what has been: `I. ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN`."""
    parents = parents_of(document.sections)
    minutes = document.header.document_type == "Biên bản"
    of_section: list[bool] = []
    for number, section in enumerate(document.sections):
        parent = parents[number]
        inherited = parent is not None and of_section[parent]
        short = section.text[:120] if section.level <= 2 and section.kind != "bullet" else ""
        heading = (section.heading or short)[:200]
        begin = re.match(r"[\W\d]{0,6}", heading)
        told = _AHEAD.search(heading) is not None or _is_order(section.heading or section.text[:_FIRST_WORDS])
        tells = not told and _RESULTS.match(heading, begin.end() if begin else 0) is not None
        if minutes:
            decided = _DECIDED.match(heading, begin.end() if begin else 0) is not None
            told, tells = parent is None and (told or decided), parent is None and not (told or decided)
        of_section.append(tells or (inherited and not told))
    return tuple(
        p.section is not None and of_section[p.section] and _CLOSES.match(p.text) is None for p in document.paragraphs
    )
