"""Writes the gold of the corpus from its sources, and checks the hand-written rows against the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.corpus.layout import MOTTO, STATE, LaidPage
from scripts.corpus.source import Block, Paragraph, Source, Table

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "gold" / "corpus"

COLUMNS = {
    "documents": ("type", "number", "date", "place", "issuer", "signer", "authority", "signer_title"),
    "sections": ("path", "starts"),
    "targets": ("section", "indicator", "comparator", "value", "value_upper", "unit", "direction", "baseline", "total"),
    "deadlines": ("section", "kind", "start", "end", "cue"),
    "directives": ("section", "actor", "role", "modality", "co_actors", "action", "optional"),
    "citations": ("type", "number", "date", "issuer"),
    "named_citations": ("type", "title", "date", "issuer"),
    "percentages": ("value", "value_upper", "unit", "role"),
    "table_cells": ("table", "row", "column", "text", "header"),
}

# One percent or permille as printed: `4,5%`, `từ 11 đến 12%`, `11 - 12%`.
_PERCENT = re.compile(r"(?<![\d.,])(?:(\d+(?:[.,]\d+)?)%?\s*(?:-|đến)\s*)?(\d+(?:[.,]\d+)?)\s*(%|‰)")


def write(sources: Sequence[Source], laid: dict[str, list[LaidPage]], folder: Path = FOLDER) -> None:
    """Writes one file a table, and the printed text of each document under `text/`.

    Raises ValueError where a hand-written row does not fit the words of its document.
    """
    (folder / "text").mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        lines = ["\t".join(("doc", *columns))]
        for source in sources:
            for row in rows_of(source, table):
                lines.append("\t".join((source.name, *row)))
        (folder / f"{table}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for source in sources:
        check(source)
        text = "\n".join(lines_of(source, laid[source.name]))
        (folder / "text" / f"{source.name}.txt").write_text(text + "\n", encoding="utf-8")


def lines_of(source: Source, pages: Sequence[LaidPage]) -> list[str]:
    """The lines that the file of the document holds: printed ones, but whole paragraphs of a Word file, and without
    the capitals that the letters of TCVN3 lack."""
    if source.output["kind"] == "word":
        head = [
            *source.superior,
            *source.issuer,
            source.number,
            STATE,
            MOTTO,
            source.place_date,
            source.type,
            *source.title,
        ]
        body = [line for block in source.blocks for line in _flowing(block)]
        return [*head, *body, "Nơi nhận:", *source.recipients, *source.authority, source.signer]
    lines = [line for page in pages for line in [*page.lines, ""]]
    if source.output.get("encoding") == "tcvn3":
        return [line.lower() if line.isupper() else line for line in lines]
    return lines


def _flowing(block: Block) -> list[str]:
    if isinstance(block, Table):
        return ["\t".join(row) for row in block.rows]
    return [block.text] if isinstance(block, Paragraph) else []


def rows_of(source: Source, table: str) -> list[list[str]]:
    """The gold rows of one document without its name. Raises ValueError where a row has too many cells."""
    if table == "documents":
        rows = [[cell.strip() for cell in source.gold["document"].split("|")]]
    elif table == "sections":
        return [list(pair) for pair in source.sections()]
    elif table == "percentages":
        return list(_percentages(source))
    elif table == "citations":
        rows = [cells for cells in source.gold_rows(table) if cells[1]]
    elif table == "named_citations":
        rows = [[cells[0], cells[4], cells[2], cells[3]] for cells in source.gold_rows("citations") if not cells[1]]
    elif table == "table_cells":
        return list(_cells(source))
    else:
        rows = source.gold_rows(table)
    width = len(COLUMNS[table])
    for row in rows:
        row.extend([""] * (width - len(row)))
        if len(row) > width:
            raise ValueError(f"{source.name}: too many cells in {table}: {row}")
    return rows


def _percentages(source: Source) -> Iterator[list[str]]:
    """Every percent and permille; in running text its role where a hand-written target has the same value."""
    left = [(row[3], row[4]) for row in rows_of(source, "targets") if row[5] in ("%", "‰")]
    for block in source.paragraphs():
        for match in _PERCENT.finditer(block.text):
            lower, upper, sign = match.groups()
            value, value_upper = (_number(lower), _number(upper)) if lower else (_number(upper), "")
            role = ""
            if (value, value_upper) in left:
                left.remove((value, value_upper))
                role = "target"
            yield [value, value_upper, "percent" if sign == "%" else "permille", role]
    for table in (block for block in source.blocks if isinstance(block, Table)):
        yield from _percentages_of(table)


def _percentages_of(table: Table) -> Iterator[list[str]]:
    """The numbers of the rows whose unit is percent; planned ones are targets."""
    header = table.rows[0]
    for row in table.rows[table.header_rows :]:
        if "%" in row:
            for name, cell in list(zip(header, row, strict=True))[row.index("%") + 1 :]:
                if cell[:1].isdigit():
                    yield [_number(cell), "", "percent", "target" if name.startswith("Kế hoạch") else ""]


def _number(text: str) -> str:
    return f"{float(text.replace(',', '.')):g}"


def _cells(source: Source) -> Iterator[list[str]]:
    """Every cell of every table of a document that keeps its rules; rows and columns from 0."""
    if source.output["kind"] in {"text", "english_ocr_text"}:
        return
    tables = [block for block in source.blocks if isinstance(block, Table)]
    for number, table in enumerate(tables, 1):
        for row, cells in enumerate(table.rows):
            for column, text in enumerate(cells):
                yield [str(number), str(row), str(column), text, str(row < table.header_rows).lower()]


def check(source: Source) -> None:
    """Every section, cue, action, number and unit of the gold must stand in the document."""
    text = " ".join(_words(source))
    paths = {path for path, _ in source.sections()}
    for table in ("targets", "deadlines", "directives"):
        for row in rows_of(source, table):
            if row[0] and row[0] not in paths:
                raise ValueError(f"{source.name}: no section {row[0]} for {row}")
    for row in rows_of(source, "deadlines"):
        if row[4] not in text:
            raise ValueError(f"{source.name}: the cue is not in the text: {row}")
    for row in rows_of(source, "directives"):
        if row[5] not in text or row[6] not in ("", "y"):
            raise ValueError(f"{source.name}: the action is not in the text, or optional is not y: {row}")
    for row in rows_of(source, "citations"):
        if row[1] and re.sub(r"\s", "", row[1]) not in re.sub(r"\s", "", text):
            raise ValueError(f"{source.name}: the number is not in the text: {row}")
    for row in rows_of(source, "targets"):
        if row[5] and not all(word in text for word in re.split(r"[ ,/]+", row[5])):
            raise ValueError(f"{source.name}: the unit is not in the text: {row}")


def _words(source: Source) -> list[str]:
    words = [*source.title]
    for block in source.blocks:
        if isinstance(block, Table):
            words += [cell for row in block.rows for cell in row]
        elif hasattr(block, "text"):
            words.append(block.text)
    return words
