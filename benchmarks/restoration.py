"""Restoration against its peers on text that the model has never seen: `python -m benchmarks.restoration [TEXT]`.

TEXT is the folder that the model was learnt from; only its held-out paragraphs are used (`CHITHI_TEXT` or
`../shared/text` when not given). Peers: the text as it came, and pyvi's `add_accents` where it is installed (a line
that it breaks on counts as unchanged). Writes a table and `outputs/benchmarks/restoration.json`.

(a) text without its marks; (b) pages printed and read by tesseract's English model; (c) pages damaged at three levels
and, where `--shared` names a folder with scans/ and gold/text/, real scans, read by chithi's own reader; (d) clean
text: every change counts as wrong, misprints that are truly there too; (e) legacy encodings, broken fonts, decomposed
and shuffled marks, measured against what chithi makes of the same text in clean Unicode. `--only` measures some.

Of (c) it says how many of the wrong words are gone, page by page and together, and beside it how many of them text
alone can mend at all. Its pages are of the first 300 held-out paragraphs of each kind: those after them are free for
tuning. Paragraphs in which chithi would change a word as typed text are not printed: nearly all of them hold misprints,
of which one cannot tell who made them (d). Which these are, one version has said once and for all (`--choose` says it
anew): `benchmarks/printed_paragraphs.txt` has a checksum of each paragraph that is printed, so that all versions read
the same pages.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.pages_read import ReadPages, damaged_pages, mendable_errors, scanned_pages
from pipeline.encodings import Encodings
from pipeline.models import Correction, Page
from pipeline.restore import restore_pages
from pipeline.restore.train import hash_of, is_held_out, paragraphs
from pipeline.settings import RestoreSettings
from pipeline.vietnamese import one_tone_style, strip_marks
from scripts import print_and_read as printing

ROOT = Path(__file__).resolve().parent.parent
FIRST_ATTEMPT = {"stripped, legal": 0.7, "stripped, administrative": 0.7}
KINDS = {
    "administrative": "admin_mined",
    "legal": "legal",
    "news and stories": "admin_vnlevels",
    "encyclopaedia": "wiki",
}
DAMAGES = ("fax", "noisy", "photograph")
DAMAGED_SEED, DAMAGED_PARAGRAPHS = 20261, 300  # for measuring only
PRINTED = ROOT / "benchmarks" / "printed_paragraphs.txt"


@dataclass(frozen=True)
class Case:
    """One text as it came and as it should be; `pages` are what the reader saw of it."""

    raw: str
    meant: str
    pages: tuple[Page, ...] = ()


@dataclass
class Outcome:
    """Errors in percent of the words, and words a second of processor time.

    `wrong`, `mendable` and `left` are words: those wrong at first, those of them that text can mend, those wrong then.
    """

    name: str
    words: int
    wrong: int
    mendable: int
    left: int
    as_it_came: float
    pyvi: float | None
    ours: float
    speed: float
    worse: int
    corrections: list[tuple[float, bool]]


def words(text: str) -> list[str]:
    """Words without the differences of the two tone styles, and of three points in one sign or three."""
    return one_tone_style(unicodedata.normalize("NFC", text)).replace("…", "...").split()


def held_out(folder: Path, prefix: str, most: int) -> list[str]:
    """Held-out paragraphs with at least five words, each once, in random but fixed order."""
    found = list(dict.fromkeys(t for _, t in paragraphs(folder, prefix) if is_held_out(t) and len(t.split()) > 4))
    random.Random(7).shuffle(found)
    return [unicodedata.normalize("NFC", text) for text in found[:most]]


def in_pages(lines: Sequence[str], size: int = 25) -> Iterator[str]:
    """Paragraphs joined to texts of a page's length."""
    for begin in range(0, len(lines), size):
        yield "\n".join(lines[begin : begin + size])


def ours(case: Case) -> tuple[str, tuple[Correction, ...]]:
    """What chithi makes of it; changes of several pages count in the joined text."""
    pages = case.pages or (Page(1, case.raw, "plain", ()),)
    done = restore_pages(pages, RestoreSettings())
    corrections: list[Correction] = []
    at = 0
    for page in done:
        corrections += [replace(c, start=c.start + at, end=c.end + at) for c in page.corrections]
        at += len(page.text) + 1
    return "\n".join(page.text for page in done), tuple(corrections)


def peer() -> Callable[[str], str] | None:
    """pyvi line by line, or None where it is not installed."""
    try:
        from pyvi import ViUtils
    except ImportError:
        return None

    def accents(text: str) -> str:
        lines = []
        for line in text.split("\n"):
            try:
                lines.append(ViUtils.add_accents(line) if line.strip() else line)
            except Exception:  # the peer raises KeyError and others on some lines
                lines.append(line)
        return "\n".join(lines)

    return accents


def run(name: str, cases: Sequence[Case], accents: Callable[[str], str] | None) -> Outcome:
    """All cases through chithi and the peers."""
    total = came = peers = left = worse = mendable = 0
    spent = 0.0
    judged: list[tuple[float, bool]] = []
    for case in cases:
        meant, raw = words(case.meant), words(case.raw)
        start = time.process_time()
        text, corrections = ours(case)
        spent += time.process_time() - start
        result = words(text)
        before, after = Levenshtein.distance(raw, meant), Levenshtein.distance(result, meant)
        worse += after > before + 0.001 * len(meant)
        total, came, left = total + len(meant), came + before, left + after
        mendable += mendable_errors(raw, meant)
        if accents is not None:
            peers += Levenshtein.distance(words(accents(case.raw)), meant)
        judged += judge(text, corrections, meant)
    return Outcome(
        name, total, came, mendable, left, 100 * came / total, 100 * peers / total if accents else None,
        100 * left / total, total / max(spent, 1e-9), worse, judged,
    )  # fmt: skip


def judge(text: str, corrections: Sequence[Correction], meant: Sequence[str]) -> list[tuple[float, bool]]:
    """Confidence of each changed word, and whether it is right."""
    result = text.split()
    right = [False] * len(result)
    for block in Levenshtein.opcodes([one_tone_style(w) for w in result], list(meant)):
        if block.tag == "equal":
            right[block.src_start : block.src_end] = [True] * (block.src_end - block.src_start)
    found, index, at = [], -1, 0
    ends: list[int] = []
    for word in result:
        at = text.index(word, at) + len(word)
        ends.append(at)
    for correction in corrections:
        if correction.kind in {"tone", "letter"}:
            while index + 1 < len(ends) and (index < 0 or ends[index] <= correction.start):
                index += 1
            found.append((correction.confidence, right[index]))
    return found


def calibration_error(judged: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: mean distance of confidence and share right, over bins of equal width."""
    if not judged:
        return 0.0
    confidence, right = (np.array(column, dtype=float) for column in zip(*judged, strict=True))
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[place == b].mean() - right[place == b].mean()) * np.mean(place == b)
        for b in range(bins)
        if (place == b).any()
    ]
    return float(sum(gaps))


def reliability(judged: Sequence[tuple[float, bool]]) -> str:
    """The reliability plot as text: a row for each bin of confidence, a bar as long as the share that is right."""
    edges = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)
    rows = ["confidence    changes  mean   right"]
    for low, high in pairwise(edges):
        inside = [(c, right) for c, right in judged if low <= c < high]
        if inside:
            mean, share = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            bar = "#" * round(40 * share)
            rows.append(f"{low:.2f} to {min(high, 1):.2f} {len(inside):7,}  {mean:.3f}  {share:.3f} {bar}")
    return "\n".join(rows)


def printed(folder: Path, pages: int, language: str, levels: Sequence[int], seed: int) -> list[Case]:
    """Held-out administrative paragraphs printed and read."""
    rng = random.Random(seed)
    source = printing.stream_of(folder, rng, True, "admin")
    cases = []
    for number in range(pages):
        image, lines = printing.page(source, rng, 300)
        read = printing.read(printing.damage(image, rng, levels[number % len(levels)]), language, 300)
        raw = "\n".join(read)
        cases.append(Case(raw, "\n".join(lines), (Page(1, raw, "ocr", ()),)))
    return cases


def as_case(read: ReadPages) -> Case:
    """Pages that chithi has read."""
    return Case("\n".join(page.text_raw for page in read.pages), read.meant, read.pages)


def to_print(texts: dict[str, list[str]]) -> list[str]:
    """The paragraphs that (c) may print."""
    return [line for kind in ("administrative", "legal") for line in texts[kind][:DAMAGED_PARAGRAPHS]]


def mark_of(line: str) -> str:
    """What stands for a paragraph in the list of those that are printed."""
    return f"{hash_of(line):016x}"


def choose(texts: dict[str, list[str]]) -> int:
    """Writes anew which paragraphs are printed: those in which this version changes nothing. How many they are."""
    marks = sorted({mark_of(line) for line in to_print(texts) if words(ours(Case(line, line))[0]) == words(line)})
    PRINTED.write_text("\n".join(marks) + "\n", encoding="ascii")
    return len(marks)


def chosen(texts: dict[str, list[str]]) -> list[str]:
    """The paragraphs that (c) prints."""
    marks = frozenset(PRINTED.read_text(encoding="ascii").split())
    return [line for line in to_print(texts) if mark_of(line) in marks]


def read_by_us(lines: Sequence[str], pages: int, shared: Path | None) -> Iterator[Outcome]:
    """(c): pages of each level, and the scans."""
    for level in DAMAGES:
        cases = [as_case(read) for read in damaged_pages(lines, level, 2 * pages, DAMAGED_SEED)]
        yield run(f"{level}, read by chithi", cases, None)
    for name, read in scanned_pages(shared) if shared else ():
        yield run(f"scan {name}, read by chithi", [as_case(read)], None)


def shuffled(text: str) -> str:
    """Tone marks behind the last letter of their word, as broken fonts give them."""
    pieces = []
    for word in text.split(" "):
        decomposed = unicodedata.normalize("NFD", word)
        tones = [c for c in decomposed if c in "\u0300\u0301\u0303\u0309\u0323"]
        rest = "".join(c for c in decomposed if c not in "\u0300\u0301\u0303\u0309\u0323")
        pieces.append(unicodedata.normalize("NFC", rest) + tones[0] if len(tones) == 1 and word.isalpha() else word)
    return " ".join(pieces)


def encoded(text: str, name: str) -> str:
    """Text as a legacy encoding shows it in Windows-1252."""
    table = Encodings.load().named(name).table
    back: dict[str, str] = {}
    for seen, letter in table.items():
        back.setdefault(letter, seen)
    return "".join(back.get(c, back.get(c.lower(), c)) for c in text)


def legacy(lines: Sequence[str]) -> dict[str, list[Case]]:
    """The cases of (e). Capitals with tones have no place in TCVN3: such lines are left out there."""

    def meant(text: str) -> str:
        return ours(Case(text, text))[0]

    texts = list(in_pages([one_tone_style(line) for line in lines]))
    small = [line for line in lines if not any(c.isupper() and not c.isascii() for c in line)]
    small_texts = list(in_pages([one_tone_style(line) for line in small]))
    right, small_right = [meant(t) for t in texts], [meant(t) for t in small_texts]
    return {
        "TCVN3": [Case(encoded(t, "tcvn3"), m) for t, m in zip(small_texts, small_right, strict=True)],
        "VNI": [Case(encoded(t, "vni"), m) for t, m in zip(small_texts, small_right, strict=True)],
        "broken ToUnicode": [
            Case(t.replace("Ư", "Ƣ").replace("ư", "ƣ").replace("Đ", "Ð"), m) for t, m in zip(texts, right, strict=True)
        ],
        "decomposed": [Case(unicodedata.normalize("NFD", t), m) for t, m in zip(texts, right, strict=True)],
        "shuffled marks": [Case(shuffled(t), m) for t, m in zip(texts, right, strict=True)],
    }


def table(outcomes: Sequence[Outcome]) -> str:
    """The results as Markdown."""
    lines = [
        "| text | words | as it came | pyvi | first attempt | chithi | words/s | pages worse | calibration error |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for o in outcomes:
        pyvi = "–" if o.pyvi is None else f"{o.pyvi:.2f} %"
        first = f"{FIRST_ATTEMPT[o.name]:.1f} %" if o.name in FIRST_ATTEMPT else "–"
        error = f"{calibration_error(o.corrections):.3f}" if len(o.corrections) >= 100 else "–"
        lines.append(
            f"| {o.name} | {o.words:,} | {o.as_it_came:.2f} % | {pyvi} | {first} | {o.ours:.3f} % | {o.speed:,.0f} "
            f"| {o.worse} | {error} |"
        )
    return "\n".join(lines)


def gone(outcomes: Sequence[Outcome]) -> str:
    """What becomes of the wrong words of pages that chithi has read, as Markdown."""
    rows = [(o.name, o.words, o.wrong, o.left, o.mendable, o.worse) for o in outcomes]
    _, *columns = zip(*rows, strict=True)
    every = [sum(column) for column in columns]
    lines = [
        "| pages | words | wrong as read | wrong in the end | gone | text can mend | gone of those | pages worse |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, total, wrong, left, mendable, worse in (*rows, ("together", *every)):
        share, of_those = (f"{(wrong - left) / max(1, part):.0%}" for part in (wrong, mendable))
        lines.append(f"| {name} | {total:,} | {wrong} | {left} | {share} | {mendable} | {of_those} | {worse} |")
    return "\n".join(lines)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "text", type=Path, nargs="?", default=Path(os.environ.get("CHITHI_TEXT", ROOT.parent / "shared/text"))
    )
    parser.add_argument("--paragraphs", type=int, default=300, help="held-out paragraphs of each kind")
    parser.add_argument(
        "--pages", type=int, default=8, help="pages to print and read in English, half of those of each damage"
    )
    parser.add_argument("--only", choices="abcde", nargs="*", default=list("abcde"), help="the parts to measure")
    parser.add_argument(
        "--shared", type=Path, help="folder with scans/ and gold/text/ to read as well; the one that TEXT lies in"
    )
    parser.add_argument("--choose", action="store_true", help="only say anew which paragraphs (c) prints")
    parser.add_argument("--out", type=Path, default=ROOT / "outputs/benchmarks/restoration.json")
    options = parser.parse_args()
    if not options.text.is_dir():
        print(f"{options.text}: no such folder of text; name one or set CHITHI_TEXT", file=sys.stderr)
        return 2
    accents = peer()
    texts = {kind: held_out(options.text, prefix, options.paragraphs) for kind, prefix in KINDS.items()}
    if options.choose:
        print(f"{PRINTED}: {choose(texts)} paragraphs")
        return 0
    lines_to_print = chosen(texts)
    if "c" in options.only and not lines_to_print:
        print(f"{PRINTED} knows no paragraph of {options.text}; `--choose` writes it anew", file=sys.stderr)
        return 2
    beside = options.text.resolve().parent
    shared = options.shared or (beside if (beside / "scans").is_dir() else None)
    outcomes: list[Outcome] = []
    if "a" in options.only:
        for kind, lines in texts.items():
            outcomes.append(run(f"stripped, {kind}", [Case(strip_marks(t), t) for t in in_pages(lines)], accents))
    if "b" in options.only and options.pages:
        english = printed(options.text, options.pages, "eng", (0, 1, 1, 2), 101)
        outcomes.append(run("printed, read in English", english, accents))
    ours_read = list(read_by_us(lines_to_print, options.pages, shared)) if "c" in options.only and options.pages else []
    outcomes += ours_read
    if "d" in options.only:
        for kind, lines in texts.items():
            clean = [one_tone_style(line) for line in lines]
            outcomes.append(run(f"clean, {kind}", [Case(t, t) for t in in_pages(clean)], None))
    if "e" in options.only:
        for name, cases in legacy(texts["administrative"]).items():
            outcomes.append(run(f"encoding, {name}", cases, None))
    print(table(outcomes))
    if ours_read:
        print("\n" + gone(ours_read))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print("\n" + reliability([judged for o in outcomes for judged in o.corrections]))
    print(f"\nErrors are words (syllables) that differ, in percent; speed is per core. Peak memory {memory} MB.")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    report = [
        {k: v for k, v in vars(o).items() if k != "corrections"}
        | {"calibration_error": calibration_error(o.corrections)}
        for o in outcomes
    ]
    options.out.write_text(json.dumps({"peak_memory_mb": memory, "results": report}, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
