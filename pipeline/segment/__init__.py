"""Pages → documents: header block, section tree, footer block, paragraphs over lines and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.models import (
    Document,
    Footer,
    ParagraphRole,
    RestoredPage,
    Section,
    Source,
)
from pipeline.segment.annexes import branches_of
from pipeline.segment.body import read_branch
from pipeline.segment.drafts import Branch, ParagraphDraft, SectionDraft
from pipeline.segment.footer import FooterBlock, read_footer
from pipeline.segment.header import read_header
from pipeline.segment.header_block import HeaderBlock
from pipeline.segment.identity import header_of
from pipeline.segment.lines import Layout, TextLine, lines_of
from pipeline.segment.parts import parts_of
from pipeline.segment.rules import FooterRules, SectionRules
from pipeline.segment.split import document_starts
from pipeline.segment.written_tables import with_table_rows
from pipeline.times.periods import period_of_title

__all__ = ["segment"]

LEAD_PARAGRAPHS = 6
CLOSING_PARAGRAPHS = 3
ID_LENGTH = 16

ANNEX = "phuluc"
ATTACHED = "kemtheo"
"""What the paths of annexes are called, and of a document that follows the signature without being called an annex.
Their sections have paths of their own: no marker stands above them."""


def segment(source: Source, pages: Sequence[RestoredPage]) -> tuple[Document, ...]:
    """The documents of a file, in order; a file without any text is one document without paragraphs.

    Ids: the first 16 hexadecimal digits of the file's SHA-256; `-2`, `-3`, … for further documents in it.
    """
    by_number = {page.number: page for page in pages}
    lines = with_table_rows(lines_of(pages))
    starts = document_starts(lines, by_number)[1:]
    if not starts:
        return (_document(source.sha256[:ID_LENGTH], source, tuple(pages), lines),)
    name = source.sha256[:ID_LENGTH]
    return tuple(
        _document(name + (f"-{number}" if number > 1 else ""), source, own, with_table_rows(lines_of(own)))
        for number, own in enumerate(parts_of(pages, [lines[start] for start in starts]), 1)
    )


def _document(document_id: str, source: Source, pages: tuple[RestoredPage, ...], lines: Sequence[TextLine]) -> Document:
    file_name = source.relative_path if document_id == source.sha256[:ID_LENGTH] else None
    layout = Layout.of(lines)
    block = read_header(lines, {page.number: page for page in pages}, layout)
    footer = read_footer(lines, block.end)
    branch = _main_branch(lines, layout, block, footer)
    lead = [p.text for p in branch.paragraphs[:LEAD_PARAGRAPHS] if p.role is not ParagraphRole.NOISE]
    _mark_outside_sections(branch)
    paragraphs = _edge(lines[: block.end], block.noise, ParagraphRole.HEADER)
    paragraphs += branch.paragraphs
    sections = branch.sections
    if footer is not None:
        paragraphs += _footer_paragraphs(lines, footer)
        for extra in _attached(lines, footer.end, layout, sum(s.kind == "annex" for s in sections)):
            _append(paragraphs, sections, extra)
    folded = [line.folded for line in lines]
    header = header_of(block, _collective(lines, footer), lead, folded, file_name)
    period = period_of_title(header.title) if header.title else None
    return Document(
        document_id=document_id,
        source=source,
        pages=pages,
        header=header,
        footer=footer.footer if footer else Footer(),
        paragraphs=tuple(part for p in paragraphs if p.text for part in p.finished()),
        sections=_sections(document_id, sections),
        period_start=period[0] if period else None,
        period_end=period[1] if period else None,
    )


# ------------------------------------------------------------------------------------ branches


def _main_branch(lines: Sequence[TextLine], layout: Layout, block: HeaderBlock, footer: FooterBlock | None) -> Branch:
    end = footer.start if footer else len(lines)
    joined = Branch([], [])
    annexes = 0
    for span in branches_of(lines, block.end, end, layout):
        if span.annex:
            annexes += 1
            root = _annex(lines[span.start], f"{ANNEX}{annexes}", span.marker_end)
            extra = read_branch(lines[span.start : span.end], layout, root)
        else:
            extra = read_branch(lines[span.start : span.end], layout)
            _mark_closing(extra)
        _append(joined.paragraphs, joined.sections, extra)
    return joined


def _attached(lines: Sequence[TextLine], start: int, layout: Layout, annexes: int) -> Iterator[Branch]:
    """The branches that follow a signature: annexes, and documents that may be signed themselves."""
    attached = 0
    for span in branches_of(lines, start, len(lines), layout, attached=True):
        own = lines[span.start : span.end]
        if span.marker_end:
            annexes += 1
            yield read_branch(own, layout, _annex(own[0], f"{ANNEX}{annexes}", span.marker_end))
            continue
        at = 0
        while at < len(own):
            attached += 1
            footer = read_footer(own, at + 1)
            end = footer.start if footer else len(own)
            branch = read_branch(own[at:end], layout, _annex(own[at], f"{ATTACHED}{attached}", 0))
            if footer:
                branch.paragraphs.extend(_footer_paragraphs(own, footer))
            yield branch
            at = footer.end if footer else len(own)


def _annex(line: TextLine, label: str, marker_end: int) -> SectionDraft:
    rule = f"{SectionRules.file_name}:annex"
    marker = line.text[:marker_end].strip(" .:–-")
    end = line.start + max(marker_end, 1)
    return SectionDraft(None, label, marker, "annex", 1, line.page, line.start, end, 0.9, rule)


def _append(paragraphs: list[ParagraphDraft], sections: list[SectionDraft], branch: Branch) -> None:
    """Adds a branch to what is there; indices of its sections move up."""
    offset = len(sections)
    for section in branch.sections:
        if section.parent is not None:
            section.parent += offset
        sections.append(section)
    for paragraph in branch.paragraphs:
        if paragraph.section is not None:
            paragraph.section += offset
        paragraphs.append(paragraph)


def _mark_outside_sections(branch: Branch) -> None:
    """Roles of the text before the first section, or of all text where there is none."""
    bases = SectionRules.load().legal_bases
    first = next((n for n, p in enumerate(branch.paragraphs) if p.section is not None), None)
    for paragraph in branch.paragraphs[:first]:
        if paragraph.role is ParagraphRole.BODY:
            if any(rule.matches(paragraph.text[:60]) for rule in bases):
                paragraph.role = ParagraphRole.LEGAL_BASIS
            elif first is not None:
                paragraph.role = ParagraphRole.PREAMBLE


def _mark_closing(branch: Branch) -> None:
    """Takes the text after the last section out of it: `Yêu cầu các cơ quan …./.`"""
    found: list[ParagraphDraft] = []
    texts = [p for p in branch.paragraphs if p.role is not ParagraphRole.NOISE]
    for paragraph in reversed(texts[-CLOSING_PARAGRAPHS:]):
        section = branch.sections[paragraph.section] if paragraph.section is not None else None
        if section is None or paragraph.role is not ParagraphRole.BODY:
            break
        if section.paragraphs[:1] == [paragraph] and section.heading is None:
            break  # the section's own first words
        strong, weak = SectionRules.load().closings
        running = section.heading is not None and section.children == 0 and section.kind != "bullet"
        if not (strong.matches(paragraph.text[:60]) or (not running and weak.matches(paragraph.text[:60]))):
            break
        found.append(paragraph)
        section.paragraphs.remove(paragraph)
    for paragraph in found:
        paragraph.role, paragraph.section = ParagraphRole.CLOSING, None


# --------------------------------------------------------------------------------------- edges


def _edge(lines: Sequence[TextLine], noise: set[int], role: ParagraphRole) -> list[ParagraphDraft]:
    """One paragraph a line, for header and footer."""
    drafts = []
    for at, line in enumerate(lines):
        draft = ParagraphDraft(role=ParagraphRole.NOISE if at in noise else role)
        draft.add(line)
        drafts.append(draft)
    return drafts


def _footer_paragraphs(lines: Sequence[TextLine], footer: FooterBlock) -> list[ParagraphDraft]:
    drafts = _edge(lines[footer.start : footer.end], set(), ParagraphRole.RECIPIENTS)
    for at, draft in enumerate(drafts, footer.start):
        if at in footer.signature_lines:
            draft.role = ParagraphRole.SIGNATURE
    return drafts


def _collective(lines: Sequence[TextLine], footer: FooterBlock | None) -> str | None:
    """The body after `TM.` in the signature."""
    if footer is None:
        return None
    rule = next(r for r in FooterRules.load().authorities if r.code == "TM")
    for line in lines[footer.start : footer.end]:
        for cell in re.split(r"\t|\s{3,}", line.text):
            match = rule.regex.match(cell)
            if match:
                return cell[match.end() :].strip()
    return None


# -------------------------------------------------------------------------------------- models


def _sections(document_id: str, drafts: Sequence[SectionDraft]) -> tuple[Section, ...]:
    ids: list[str] = []
    paths: list[str] = []
    used: dict[str, int] = {}
    sections = []
    for draft in drafts:
        above = paths[draft.parent] if draft.parent is not None else ""
        path = f"{above}.{draft.label}" if above and not above.startswith((ANNEX, ATTACHED)) else draft.label
        paths.append(path)
        used[path] = used.get(path, 0) + 1
        ids.append(f"{document_id}:{path}" + (f"~{used[path]}" if used[path] > 1 else ""))
        own = [p for p in draft.paragraphs if p.text]
        ends = [
            piece.offset + piece.length
            for p in ([draft.heading] if draft.heading else []) + own
            for piece in p.pieces
            if piece.page == draft.page
        ]
        sections.append(
            Section(
                section_id=ids[-1],
                parent_id=ids[draft.parent] if draft.parent is not None else None,
                path=path,
                marker=draft.marker,
                kind=draft.kind,
                level=draft.level,
                heading=draft.heading.text if draft.heading and draft.heading.text else None,
                text="\n".join(p.text for p in own),
                page=draft.page,
                span_start=draft.start,
                span_end=max([draft.end, *ends]),
                confidence=round(draft.confidence, 3),
                rule=draft.rule,
            )
        )
    return tuple(sections)
