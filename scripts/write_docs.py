"""`make docs`: writes the generated pages of docs/ anew."""

from pathlib import Path

from pipeline.report.dictionary import write_pages

if __name__ == "__main__":
    write_pages(Path(__file__).resolve().parent.parent / "docs")
