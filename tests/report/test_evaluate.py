"""The figures of an evaluation, on tables small enough to count by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.report.evaluate import Evaluation, Score, compare, evaluate
from pipeline.report.matching import folded, is_numbered_path, path_key

PLACE = {"document_id": "d1", "page": 1, "section_id": "s1"}
DOCUMENT = {
    "document_id": "d1",
    "source_path": "folder/01-ke-hoach.pdf",
    "document_type": "Kế hoạch",
    "reference_number": "27/KH-UBND",
    "issued_on": "2024-02-19",
    "issuer": "Uỷ ban nhân dân huyện Thượng Khê",
    "signer": "Hà Thị Ngân",
}
SECTIONS = [
    {"document_id": "d1", "section_id": "s1", "path": "I.2", "heading": "Chỉ tiêu cụ thể", "text": "", "page": 1},
    {"document_id": "d1", "section_id": "s2", "path": "II", "heading": "Kinh phí", "text": "", "page": 1},
    {"document_id": "d1", "section_id": "s3", "path": "I.2.bullet1", "heading": None, "text": "Gạch", "page": 1},
]
TARGETS = [
    PLACE
    | {"value": 4.6, "unit_text": "%", "indicator": "giảm tỷ lệ hộ nghèo", "comparator": "=", "baseline": 18.9}
    | {"value_upper": None, "total": None, "direction": "decrease", "quote": "giảm 4,6%", "span_start": 10},
    PLACE
    | {"value": 35.0, "unit_text": "học viên", "indicator": "mỗi lớp", "comparator": "<", "baseline": None}
    | {"value_upper": None, "total": None, "direction": None, "quote": "35 học viên", "span_start": 50},
    PLACE
    | {"value": 2024.0, "unit_text": None, "indicator": "năm", "comparator": "=", "baseline": None}
    | {"value_upper": None, "total": None, "direction": None, "quote": "2024", "span_start": 90},
]
DEADLINES = [
    PLACE | {"kind": "before", "due_start": None, "due_end": "2024-03-15", "quote": "trước ngày 15/3/2024"},
    PLACE | {"kind": "recurring", "due_start": None, "due_end": None, "quote": "vào ngày 20 hằng tháng"},
]
CITATIONS = [
    PLACE | {"document_type": "Chỉ thị", "reference_number": "05/CT-UBND", "issued_on": "2024-01-12", "issuer": "UBND"}
]
PAGES = [{"document_id": "d1", "page": 1, "text": "KẾ HOẠCH\nNăm 2024 giảm 418 hộ\nnghèo trên địa bàn"}]

GOLD = {
    "documents": """doc|type|number|date|place|issuer|signer|authority|signer_title
01-|Kế hoạch|27/KH-UBND|2024-02|Thượng Khê|Ủy ban nhân dân huyện Thượng Khê|Hà Thị Ngân||""",
    "sections": """doc|path|starts
01-|I.2|Chỉ tiêu cụ thể
01-|III|Tổ chức thực hiện""",
    "targets": """doc|section|indicator|comparator|value|value_upper|unit|direction|baseline|total
01-|I|Giảm tỷ lệ hộ nghèo|=|4.6||%|decrease|18.9|
01-|I.2|mỗi lớp học viên|<=|35||học viên|||
01-|I.2|Số nhà xóa|=|186||nhà|||""",
    "deadlines": """doc|section|kind|start|end|cue
01-|I.2|before||2024-03-15|trước ngày 15/3/2024
01-|I.2|recurring|||ngày 20 hằng tháng""",
    "citations": """doc|type|number|date|issuer
01-|Chỉ thị|05/CT-UBND|2024-01-12|Ủy ban nhân dân""",
}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    (folder / "text").mkdir(parents=True)
    for table, rows in GOLD.items():
        (folder / f"{table}.tsv").write_text(rows.replace("|", "\t") + "\n", encoding="utf-8")
    (folder / "text" / "01-.txt").write_text("KẾ HOẠCH\n\nNăm 2024 giảm 418 hộ nghèo trên địa bàn\n", encoding="utf-8")
    return folder


def snapshot(folder: Path, **changed: list[dict[str, Any]]) -> Path:
    tables = {
        "documents": [DOCUMENT],
        "sections": SECTIONS,
        "targets": TARGETS,
        "deadlines": DEADLINES,
        "citations": CITATIONS,
        "pages": PAGES,
    } | changed
    for name, rows in tables.items():
        (folder / "current" / name).mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows), folder / "current" / name / "part.parquet")
    return folder


@pytest.fixture
def scored(tmp_path: Path, gold: Path) -> Evaluation:
    return evaluate(snapshot(tmp_path / "out"), gold)


def test_targets_are_counted_with_their_attributes(scored: Evaluation) -> None:
    score = scored.tables["targets"]
    assert score.rows == Score(hit=2, found=3, wanted=3)
    assert score.rows.f1 == pytest.approx(2 / 3)
    assert score.strict == Score(hit=1, found=3, wanted=3)
    assert score.attributes["comparator"] == (1, 2)
    assert score.attributes["section"] == (2, 2)  # a row in I.2 is inside I
    assert score.attributes["baseline"] == (1, 1)


def test_bullets_are_no_extra_sections_but_numbered_ones_are(scored: Evaluation) -> None:
    assert scored.tables["sections"].rows == Score(hit=1, found=2, wanted=2)


def test_deadlines_and_citations(scored: Evaluation) -> None:
    assert scored.tables["deadlines"].rows.f1 == 1.0
    citations = scored.tables["citations"]
    assert citations.rows.f1 == 1.0
    assert citations.attributes["issuer"] == (0, 1)
    assert citations.strict.hit == 0


def test_document_fields_ignore_the_tone_style_and_empty_gold(scored: Evaluation) -> None:
    right, asked = scored.document_fields
    assert (right, asked) == (
        5,
        6,
    )  # the place is not in the snapshot
    assert [f.row for f in scored.errors if f.table == "documents"] == ["issued_at: Thượng Khê"]


def test_a_line_that_was_broken_costs_words_and_lines_nothing(scored: Evaluation) -> None:
    assert scored.text is not None
    assert scored.text.word_error_rate == 0.0
    assert scored.text.line_error_rate == 0.0


def test_every_error_is_listed(scored: Evaluation) -> None:
    targets = [(f.outcome, f.detail) for f in scored.errors if f.table == "targets"]
    assert targets == [("wrong", "comparator"), ("missed", ""), ("extra", "")]
    assert "186" in scored.report(errors=50)


def test_comparison_names_the_rows_won_and_lost(tmp_path: Path, gold: Path, scored: Evaluation) -> None:
    better = [TARGETS[0] | {"baseline": None}, TARGETS[1] | {"comparator": "<="}]
    after = evaluate(snapshot(tmp_path / "after", targets=better), gold)
    comparison = compare(scored, after)
    assert [f.row.split(" | ")[1] for f in comparison.won if f.outcome == "right"] == ["mỗi lớp học viên"]
    assert [f.row for f in comparison.won if f.outcome == "extra"] == ["2024"]
    assert [f.detail for f in comparison.lost] == ["baseline"]
    assert comparison.f1_change["targets"] > 0
    assert "+ targets" in comparison.report()
    assert comparison.as_dict()["won"] == [str(finding) for finding in comparison.won]


def test_nothing_changes_between_the_same_snapshots(scored: Evaluation) -> None:
    comparison = compare(scored, scored)
    assert not comparison.won
    assert not comparison.lost


def test_a_table_that_is_missing_scores_nothing(tmp_path: Path, gold: Path) -> None:
    folder = snapshot(tmp_path / "out")
    (folder / "current" / "citations" / "part.parquet").unlink()
    (folder / "current" / "citations").rmdir()
    assert evaluate(folder, gold).tables["citations"].rows == Score(hit=0, found=0, wanted=1)


def test_gold_or_snapshot_that_is_not_there_is_said(tmp_path: Path, gold: Path) -> None:
    with pytest.raises(FileNotFoundError, match="documents"):
        evaluate(tmp_path, gold)
    with pytest.raises(FileNotFoundError, match="gold"):
        evaluate(tmp_path, tmp_path / "none")


@pytest.mark.parametrize(
    ("path", "key", "numbered"),
    [("II.2.b)", "ii.2.b", True), ("1.đ", "1.đ", True), ("III.1.bullet2", "iii.1.bullet2", False), ("", "", False)],
)
def test_paths_are_compared_by_their_markers(path: str, key: str, numbered: bool) -> None:
    assert path_key(path) == key
    assert is_numbered_path(key) is numbered


def test_folding_keeps_signs_that_carry_meaning() -> None:
    assert folded("Tỷ suất: 0,1‰ – Số 27/KH-UBND") == "ty suat 0 1‰ so 27/kh ubnd"


def test_optional_rows_and_empty_documents_count_as_the_gold_says(tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    gold.mkdir()
    head = "doc\tsection\tactor\trole\taction\toptional\n"
    (gold / "directives.tsv").write_text(
        head + "01-\t\tSở Tài chính\tlead\trà soát dự toán\t\n01-\t\tSở Nội vụ\tlead\ttheo dõi\ty\n", encoding="utf-8"
    )
    (gold / "deadlines.tsv").write_text("doc\tsection\tkind\tstart\tend\tcue\n01-\t\t\t\t\t\n", encoding="utf-8")
    told = [
        PLACE | {"action": "rà soát dự toán năm 2024", "actor": "Sở Tài chính", "role": "lead", "confidence": 0.93},
        PLACE | {"action": "theo dõi, đôn đốc", "actor": "Sở Nội vụ", "role": "lead", "confidence": 0.6},
    ]
    found = evaluate(snapshot(tmp_path / "out", directives=told), gold)
    assert found.tables["directives"].rows == Score(hit=1, found=1, wanted=1)
    assert found.tables["deadlines"].rows == Score(hit=0, found=2, wanted=0)
    assert [(one.low, one.right, one.rows) for one in found.tables["directives"].reliability] == [(0.9, 1, 1)]
    assert "by confidence" in found.report()
