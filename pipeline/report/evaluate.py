"""Scores a snapshot against hand-made gold: precision, recall and F1 a table, attributes, errors, text error rates.

A gold folder holds any of `documents.tsv sections.tsv targets.tsv deadlines.tsv citations.tsv named_citations.tsv
percentages.tsv directives.tsv table_cells.tsv` and `text/<doc>.txt`. `doc` is how the name of the source file begins.
Figures are micro-averages over the documents that the gold of a table names; a row with nothing but `doc` names a
document that holds no such row, a row whose `optional` is `y` counts neither found nor missed.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.report.matching import (
    DOCUMENT_FIELDS,
    RULES,
    GoldRow,
    Row,
    Rule,
    field_is_right,
    folded,
    is_numbered_path,
    path_key,
    text,
)
from pipeline.report.reliability import Bin, Judged, bins_of
from pipeline.vietnamese import one_tone_style

Outcome = Literal["right", "wrong", "missed", "extra"]
_SECTION_SIMILARITY = 75  # of the first words, 0 to 100


@dataclass(frozen=True)
class Score:
    """How many of the wanted rows were found, and how many rows were found in all."""

    hit: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """The share of the found rows that are right; 0 where nothing was found."""
        return self.hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the wanted rows that were found; 0 where nothing is wanted."""
        return self.hit / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 0 where both are 0."""
        return 2 * self.hit / (self.found + self.wanted) if self.hit else 0.0


@dataclass(frozen=True)
class Finding:
    """What became of one gold row, or one row that no gold asks for (`extra`). `detail` names what is wrong."""

    table: str
    doc: str
    row: str
    outcome: Outcome
    detail: str = ""

    def __str__(self) -> str:
        return " | ".join(part for part in (self.table, self.doc, self.outcome, self.detail, self.row) if part)


@dataclass(frozen=True)
class TableScore:
    """The figures of one table. `strict` counts only rows whose every attribute is right."""

    rows: Score
    strict: Score
    attributes: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # right, asked
    reliability: tuple[Bin, ...] = ()


@dataclass(frozen=True)
class TextScore:
    """Error rates of the restored text. Lines are compared each with its best line or pair of lines, so that reading
    order, seals and stamps do not count."""

    words: int
    word_error_rate: float
    character_error_rate: float
    line_error_rate: float


@dataclass(frozen=True)
class Evaluation:
    """All figures, and what became of every row."""

    tables: Mapping[str, TableScore]
    document_fields: tuple[int, int]  # right, asked
    text: TextScore | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """All findings that are not right."""
        return tuple(f for f in self.findings if f.outcome != "right")

    def as_dict(self) -> dict[str, Any]:
        """The figures as plain values, rounded to four digits, for JSON."""
        right, asked = self.document_fields
        figures: dict[str, Any] = {
            "documents": {"fields_right": right, "fields": asked, "accuracy": _rounded(right / asked if asked else 0.0)}
        }
        for name, score in self.tables.items():
            figures[name] = {
                "precision": _rounded(score.rows.precision),
                "recall": _rounded(score.rows.recall),
                "f1": _rounded(score.rows.f1),
                **asdict(score.rows),
                "strict_f1": _rounded(score.strict.f1),
                "attributes": {a: f"{ok}/{n}" for a, (ok, n) in score.attributes.items() if n},
                "reliability": [str(one) for one in score.reliability],
            }
        if self.text:
            figures["text"] = {name: _rounded(value) for name, value in asdict(self.text).items()}
        return figures

    def report(self, errors: int = 0) -> str:
        """The figures as lines for a terminal, and up to `errors` single errors."""
        lines = []
        for name, figures in self.as_dict().items():
            attributes = figures.pop("attributes", {})
            reliability = figures.pop("reliability", ())
            shown = [f"{key}={value}" for key, value in figures.items()]
            shown += [f"{key} {value}" for key, value in attributes.items()]
            lines.append(f"{name:12} " + "  ".join(shown))
            if reliability:
                lines.append(f"{'':12} by confidence  " + "  ".join(reliability))
        return "\n".join([*lines, *(str(error) for error in self.errors[:errors])])


@dataclass(frozen=True)
class Comparison:
    """What a change won and lost: rows that became right, rows that were right, extra rows gone and come."""

    won: tuple[Finding, ...]
    lost: tuple[Finding, ...]
    f1_change: Mapping[str, float]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        change = {name: _rounded(value) for name, value in self.f1_change.items()}
        return {"f1_change": change, "won": [str(f) for f in self.won], "lost": [str(f) for f in self.lost]}

    def report(self) -> str:
        """Lines for a code review: `+` for a row won, `-` for a row lost."""
        figures = [f"{name:12} F1 {change:+.4f}" for name, change in self.f1_change.items()]
        return "\n".join([*figures, *(f"+ {f}" for f in self.won), *(f"- {f}" for f in self.lost)])


def evaluate(snapshot: Path, gold: Path) -> Evaluation:
    """The figures of the snapshot in that folder (an output folder or one snapshot of it).

    Raises FileNotFoundError where there is no documents table or no gold.
    """
    if not any(gold.glob("*.tsv")):
        raise FileNotFoundError(f"no gold folder with .tsv files at {gold}")
    tables = _Snapshot(snapshot)
    findings: list[Finding] = []
    scores: dict[str, TableScore] = {}
    fields = _score_documents(tables, gold, findings)
    if (wanted := gold_rows(gold, "sections")) is not None:
        scores["sections"] = _score_sections(tables, wanted, findings)
    for name, rule in RULES.items():
        if (wanted := gold_rows(gold, name)) is not None:
            scores[name] = _score_rows(name, rule, tables, wanted, findings)
    return Evaluation(scores, fields, _score_text(tables, gold), tuple(findings))


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """The rows that `after` won over `before`, and those that it lost."""
    old, new = _by_key(before.findings), _by_key(after.findings)
    won = [finding for key, finding in new.items() if _is_good(finding) and not _is_good(old.get(key, finding))]
    lost = [finding for key, finding in new.items() if not _is_good(finding) and _is_good(old.get(key, finding))]
    lost += [f for key, f in new.items() if f.outcome == "extra" and key not in old]
    won += [f for key, f in old.items() if f.outcome == "extra" and key not in new]
    names = [name for name in after.tables if name in before.tables]
    change = {name: after.tables[name].rows.f1 - before.tables[name].rows.f1 for name in names}
    return Comparison(tuple(won), tuple(lost), change)


def _is_good(finding: Finding) -> bool:
    return finding.outcome == "right"


def _by_key(findings: Iterable[Finding]) -> dict[tuple[str, str, str, bool, int], Finding]:
    """Findings by what they speak of; the same row twice in a document counts up."""
    keyed: dict[tuple[str, str, str, bool, int], Finding] = {}
    seen: dict[tuple[str, str, str, bool], int] = {}
    for finding in findings:
        stem = (finding.table, finding.doc, finding.row, finding.outcome == "extra")
        seen[stem] = seen.get(stem, 0) + 1
        keyed[(*stem, seen[stem])] = finding
    return keyed


class _Snapshot:
    """The tables of a snapshot as rows, by the document that the gold names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "current" if (folder / "current").is_dir() else folder
        documents = self._read("documents")
        if documents is None:
            raise FileNotFoundError(f"no documents table in {self.folder}")
        self.documents = documents
        self.sections = self._read("sections")
        paths = {row["section_id"]: row["path"] for row in self.sections or ()}
        self._rows: dict[str, list[Row] | None] = {"documents": documents, "sections": self.sections}
        self._paths = paths

    def rows(self, table: str, doc: str) -> list[Row] | None:
        """The rows of the documents whose file name begins with `doc`, in reading order; None without such a table."""
        if table not in self._rows:
            read = self._read(table)
            self._rows[table] = read and [
                {**row, "section_path": self._paths.get(row.get("section_id"))} for row in read
            ]
        rows = self._rows[table]
        if rows is None:
            return None
        ids = {d["document_id"] for d in self.documents if Path(str(d["source_path"])).name.startswith(doc)}
        mine = [row for row in rows if row["document_id"] in ids]
        return sorted(mine, key=lambda row: (row.get("page") or 0, row.get("span_start") or 0))

    def _read(self, table: str) -> list[Row] | None:
        for path in (self.folder / table, self.folder / f"{table}.parquet"):
            if path.exists():
                return list(pq.read_table(path).to_pylist())
        return None


def gold_rows(gold: Path, table: str) -> list[GoldRow] | None:
    """The rows of one table of a gold folder; None where it has no such table."""
    path = gold / f"{table}.tsv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{key: value or "" for key, value in row.items()} for row in reader]


def _by_doc(rows: Iterable[GoldRow]) -> Iterator[tuple[str, list[GoldRow]]]:
    grouped: dict[str, list[GoldRow]] = {}
    for row in rows:
        grouped.setdefault(row["doc"], []).append(row)
    yield from grouped.items()


def is_optional(row: GoldRow) -> bool:
    """Whether opinions differ on the row: it may be found, and need not be."""
    return row.get("optional", "") == "y"


def _shown(row: GoldRow) -> str:
    return " | ".join(value for key, value in row.items() if value and key != "doc")


def _score_rows(
    name: str, rule: Rule, snapshot: _Snapshot, wanted: Sequence[GoldRow], findings: list[Finding]
) -> TableScore:
    """Greedy one-to-one matching in the order of the document; of several that fit, the one most alike."""
    hit = whole = found = asked_for = 0
    judged: list[Judged] = []
    attributes = dict.fromkeys(rule.attributes, (0, 0))
    for doc, every in _by_doc(wanted):
        rows = sorted((row for row in every if _shown(row)), key=is_optional)
        left = snapshot.rows(name, doc) or []
        found += len(left)
        asked_for += sum(not is_optional(row) for row in rows)
        for row in rows:
            best = best_of(rule, row, left)
            if is_optional(row):
                if best is not None:
                    left.remove(best)
                    found -= 1
                continue
            if best is None:
                findings.append(Finding(name, doc, _shown(row), "missed"))
                continue
            left.remove(best)
            hit += 1
            wrong = []
            for attribute, test in rule.attributes.items():
                verdict = test(row, best)
                if verdict is None:
                    continue
                right, asked = attributes[attribute]
                attributes[attribute] = (right + verdict, asked + 1)
                if not verdict:
                    wrong.append(attribute)
            whole += not wrong
            judged.append((best.get("confidence") or 0.0, not wrong))
            findings.append(Finding(name, doc, _shown(row), "wrong" if wrong else "right", ", ".join(wrong)))
        findings += [Finding(name, doc, text(row.get(rule.shown))[:160], "extra") for row in left]
        judged += [(row.get("confidence") or 0.0, False) for row in left]
    rated = any(confidence for confidence, _ in judged)
    return TableScore(
        Score(hit, found, asked_for), Score(whole, found, asked_for), attributes, bins_of(judged) if rated else ()
    )


def best_of(rule: Rule, row: GoldRow, candidates: Sequence[Row]) -> Row | None:
    """Of several rows that fit the gold row the one most alike; None where none fits."""
    fitting = [candidate for candidate in candidates if rule.same(row, candidate)]
    return max(fitting, key=lambda c: sum(bool(t(row, c)) for t in rule.attributes.values()), default=None)


def _score_sections(snapshot: _Snapshot, wanted: Sequence[GoldRow], findings: list[Finding]) -> TableScore:
    """A section is right where its path is, and its first words are alike."""
    hit = found = 0
    for doc, rows in _by_doc(wanted):
        mine = snapshot.rows("sections", doc) or []
        named = [(path_key(s["path"]), folded(f"{text(s.get('heading'))} {text(s.get('text'))}")) for s in mine]
        left = [(path, words) for path, words in named if is_numbered_path(path)]
        found += len(left)
        for row in rows:
            start, path = folded(row["starts"]), path_key(row["path"])
            alike = (s for s in left if s[0] == path and fuzz.ratio(start, s[1][: len(start)]) >= _SECTION_SIMILARITY)
            best = next(alike, None)
            if best is not None:
                left.remove(best)
                hit += 1
            findings.append(Finding("sections", doc, _shown(row), "missed" if best is None else "right"))
        findings += [Finding("sections", doc, f"{path} {words[:60]}", "extra") for path, words in left]
    score = Score(hit, found, len(wanted))
    return TableScore(score, score)


def _score_documents(snapshot: _Snapshot, gold: Path, findings: list[Finding]) -> tuple[int, int]:
    right = asked = 0
    for row in gold_rows(gold, "documents") or ():
        mine = snapshot.rows("documents", row["doc"]) or [{}]
        for name, column in DOCUMENT_FIELDS.items():
            wanted = row.get(name, "")
            if not wanted:
                continue
            value = mine[0].get(column) if mine else None
            fits = field_is_right(name, wanted, value)
            asked += 1
            right += fits
            outcome: Outcome = "right" if fits else ("wrong" if value else "missed")
            findings.append(
                Finding("documents", row["doc"], f"{column}: {wanted}", outcome, "" if fits else repr(value))
            )
    return right, asked


def _score_text(snapshot: _Snapshot, gold: Path) -> TextScore | None:
    """Error rates over all texts of the gold; a file `doc@page.txt` is about one page."""
    words = word_errors = characters = character_errors = line_characters = line_errors = 0
    for path in sorted((gold / "text").glob("*.txt")):
        doc, _, page = path.stem.partition("@")
        pages = snapshot.rows("pages", doc)
        if pages is None:
            return None
        chosen = [p for p in pages if not page or p["page"] == int(page)]
        found = _one_style("\n".join(text(p["text"]) for p in chosen))
        wanted = _one_style(path.read_text(encoding="utf-8"))
        words += len(_words(wanted))
        word_errors += Levenshtein.distance(_words(wanted), _words(found))
        flat = " ".join(wanted.split())
        characters += len(flat)
        character_errors += Levenshtein.distance(flat, " ".join(found.split()))
        length, errors = _line_errors(_lines(wanted), _lines(found))
        line_characters += length
        line_errors += errors
    if not words:
        return None
    rates = (word_errors / words, character_errors / characters, line_errors / line_characters)
    return TextScore(words, *rates)


def _line_errors(wanted: Sequence[str], found: Sequence[str]) -> tuple[int, int]:
    candidates = [*found, *(f"{a} {b}" for a, b in pairwise(found))]
    errors = sum(min([Levenshtein.distance(line, c) for c in candidates] + [len(line)]) for line in wanted)
    return sum(map(len, wanted)), errors


def _lines(value: str) -> list[str]:
    return [" ".join(line.split()) for line in value.splitlines() if line.strip()]


def _words(value: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in value).split()


def _one_style(value: str) -> str:
    return one_tone_style(unicodedata.normalize("NFC", value))


def _rounded(value: float) -> float:
    return round(value, 4)
