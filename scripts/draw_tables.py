"""Draws the picture of the tables that the README shows: `python -m scripts.draw_tables [OUTPUT]`."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "tables.png"
SHOWN = {
    "targets": ["indicator", "comparator", "value", "unit_text", "direction", "baseline", "page", "confidence"],
    "deadlines": ["kind", "due_end", "recurrence", "actor", "task", "confidence"],
    "citations": ["relation", "document_type", "reference_number", "issued_on", "issuer", "instrument_id"],
}
ROWS, WIDEST = 5, 42


def main() -> None:
    """Writes docs/images/tables.png from the snapshot under OUTPUT (default: outputs)."""
    snapshot = Path(sys.argv[1] if len(sys.argv) > 1 else "outputs") / "current"
    figure, axes = plt.subplots(len(SHOWN), figsize=(13, 6.4), layout="constrained")
    for axis, (name, columns) in zip(axes, SHOWN.items(), strict=True):
        frame = pd.read_parquet(snapshot / name)
        rows = _most_telling(frame, columns)
        axis.axis("off")
        axis.set_title(f"{name}  ({len(frame)} rows)", loc="left", fontsize=11, fontweight="bold")
        drawn = axis.table(
            [[_shown(value) for value in row] for row in rows.itertuples(index=False)], colLabels=columns, loc="center"
        )
        drawn.auto_set_font_size(False)
        drawn.set_fontsize(8)
        drawn.auto_set_column_width(range(len(columns)))
        drawn.scale(1, 1.25)
        for (row, _), cell in drawn.get_celld().items():
            cell.set_edgecolor("#cccccc")
            cell.set_facecolor("#eef3f8" if row == 0 else "white")
            cell.get_text().set_horizontalalignment("left")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=110, pil_kwargs={"optimize": True})


def _most_telling(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The rows with the most filled columns, one a document, so that the picture shows variety."""
    filled = frame.assign(_filled=frame[columns].notna().sum(axis=1))
    best = filled.sort_values(["_filled", "confidence"], ascending=False, kind="stable")
    return best.drop_duplicates("document_id").head(ROWS)[columns]


def _shown(value: object) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)) or value is pd.NaT:
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


if __name__ == "__main__":
    main()
