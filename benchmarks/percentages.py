"""Percentages against every `%` and `‰` printed: `python -m benchmarks.percentages OUTPUT [--show]`.

OUTPUT is a folder that `chithi ingest` published to. Each sign of the pages' text that stands behind a number must be
within a row of `percentages`, and each row with a sign must have the number before it as its value. Counted apart are
signs without a number (a column's unit) and rows without a sign (cells below such a heading, `phần trăm`). `--show`
prints what was missed, what is wrong, and the signs without a number, each with the words around it.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

_SIGN = re.compile(r"(?P<number>\d[\d.,]{0,15}(?<=\d))?\s{0,2}(?P<sign>[%‰])")
_AROUND = 40


@dataclass(slots=True)
class Count:
    """What became of the signs and rows of one document."""

    signs: int = 0
    missed: list[str] = field(default_factory=list)
    rows: int = 0
    wrong: list[str] = field(default_factory=list)
    unsigned: int = 0
    bare: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Takes in the count of another page or document."""
        self.signs += other.signs
        self.rows += other.rows
        self.unsigned += other.unsigned
        for mine, theirs in ((self.missed, other.missed), (self.wrong, other.wrong), (self.bare, other.bare)):
            mine.extend(theirs)


def values_of(number: str) -> set[float]:
    """What a printed number can mean: either mark may part its decimals, or its thousands."""
    found = set()
    for decimals, thousands in ((",", "."), (".", ",")):
        plain = number.replace(thousands, "").replace(decimals, ".")
        if plain.count(".") <= 1:
            found.add(float(plain))
    return found


def count_page(text: str, rows: Sequence[dict[str, Any]]) -> Count:
    """Compares the signs of a page's text with the rows whose span is on it."""
    count = Count()
    printed: dict[int, re.Match[str]] = {match.start("sign"): match for match in _SIGN.finditer(text)}
    for at, match in printed.items():
        if match["number"] is None:
            count.bare.append(_words(text, at, at + 1))
            continue
        count.signs += 1
        if not any(row["span_start"] <= at <= row["span_end"] for row in rows):
            count.missed.append(_words(text, match.start(), at + 1))
    for row in rows:
        start, end = row["span_start"], row["span_end"]
        own = [match["number"] for at, match in printed.items() if start <= at <= end and match["number"]]
        if not own:
            count.unsigned += 1
            continue
        count.rows += 1
        values = {value for number in own for value in values_of(number)}
        if not values & {row["value"], row["value_upper"]}:
            count.wrong.append(f"{row['value']}: {_words(text, start, end)}")
    return count


def _words(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(f"{before}[{text[start:end]}]{after}".split())


def counts(output: Path) -> Iterator[tuple[str, Count]]:
    """The path of each document that has signs or percentages, and what became of them."""
    tables = output / "current"
    columns = ["document_id", "page", "span_start", "span_end", "value", "value_upper"]
    rows = _read(tables / "percentages").select(columns)
    by_page = rows.partition_by("document_id", "page", as_dict=True)
    pages = _read(tables / "pages").select("document_id", "page", "text").sort("document_id", "page")
    names = dict(_read(tables / "documents").select("document_id", "source_path").iter_rows())
    for (document,), own in pages.partition_by("document_id", as_dict=True, maintain_order=True).items():
        total = Count()
        for _, page, text in own.iter_rows():
            found = by_page.get((document, page))
            total.add(count_page(text, found.to_dicts() if found is not None else []))
        if total.signs or total.rows or total.unsigned or total.bare:
            yield names[document], total


def _read(table: Path) -> pl.DataFrame:
    return pl.read_parquet(table / "**" / "*.parquet", hive_partitioning=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a row for each document, and recall and precision over all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--show", action="store_true", help="print what was missed and what is wrong")
    options = parser.parse_args(arguments)
    total = Count()
    print("| document | signs | missed | rows with a sign | wrong | rows without | signs without a number |")
    print("|---|---|---|---|---|---|---|")
    for name, count in counts(options.output):
        total.add(count)
        print(_row(name, count))
    print(_row("all", total))
    print(f"recall {1 - len(total.missed) / max(1, total.signs):.4f}")
    print(f"precision {1 - len(total.wrong) / max(1, total.rows):.4f}")
    for what, shown in (("missed", total.missed), ("wrong", total.wrong), ("without a number", total.bare)):
        for words in shown if options.show else ():
            print(f"{what}: {words}")


def _row(name: str, count: Count) -> str:
    cells = (name, count.signs, len(count.missed), count.rows, len(count.wrong), count.unsigned, len(count.bare))
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
