"""How well and how fast citations are linked, on simulated archives whose truth is known.

    python -m benchmarks.linking --citations 10000 100000 1000000
    python -m benchmarks.linking --citations 1000000 --new 100

An archive has offices of the central level, of 63 provinces, their districts and communes, of state and Party, that
number their documents as the rules say: again from 1 each January in each office and type, or each five years in each
Party committee; normative acts carry the year. So the same number recurs thousands of times. Documents cite those of
their superiors, of their own office and of the centre, in chains four levels deep; half of what is cited was never
ingested. Some citations lack the day or the issuer, some days are misprinted, and in a second run a tenth of all
citations is damaged as OCR damages them.

With `--new`, that many documents come into the archive after it was linked: the figures of `new_…` cover reading the
state and the documents, linking, and writing the state and both tables.

Figures: an edge leads from an ingested document to the ingested document that it cites; precision and recall count
edges. A wrong merge is an instrument that mentions of two different documents fell into.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.link import Linked, State, link
from pipeline.vietnamese import fold

FIRST_YEAR, YEARS = 2013, 10
# Party committees number anew after their congresses, which are held from below, each five years.
TERM_MONTHS, TERM_BEGINS = 60, {"commune": 4, "district": 6, "province": 9, "central": 12}
MENTIONS_PER_DOCUMENT = 10
INGESTED = 0.5
NO_DAY, NO_ISSUER, MISPRINTED_DAY, BLANK_NUMBER, MISFILED_PROVINCE = 0.04, 0.10, 0.003, 0.02, 0.03
_SYLLABLES = (
    "Sông", "Đồng", "Lam", "Thanh", "Bến", "Cồn", "Tân", "Phú", "An", "Hòa", "Mây", "Lúa", "Giang", "Sơn", "Lau",
    "Ngọc", "Hưng", "Khê", "Trà", "Bình", "Long", "Vĩnh", "Xuân", "Thạnh", "Kim",
)  # fmt: skip
_TOPICS = (
    "giảm nghèo bền vững", "chuyển đổi số", "phòng, chống thiên tai", "cải cách hành chính", "xây dựng nông thôn mới",
    "thi đua, khen thưởng", "công tác dân vận", "thu ngân sách nhà nước", "bảo vệ rừng", "an toàn giao thông",
    "bảo hiểm y tế", "phổ cập giáo dục", "tiếp công dân", "vệ sinh môi trường", "nuôi trồng thủy sản",
    "giải phóng mặt bằng",
)  # fmt: skip
_CONFUSED = {
    "1": "7I",
    "3": "8",
    "8": "3",
    "0": "6",
    "6": "0",
    "5": "6",
    "Đ": "D",
    "g": "p",
    "B": "8",
    "T": "I",
    "N": "H",
    "U": "Ư",
}


@dataclass(slots=True)
class Office:
    """Who issues: level and place, and the kinds of documents (type, code, body, style) it writes."""

    level: str
    issuer: str
    short: str
    superior: str | None
    province: str | None
    seat: str | None
    kinds: tuple[tuple[str, str, str, str], ...]
    above: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Paper:
    """One document of the world."""

    office: int
    kind: int
    day: str
    number: int
    reference: str
    title: str


_STATE = (
    ("Quyết định", "QĐ", "UBND", "state"),
    ("Kế hoạch", "KH", "UBND", "state"),
    ("Chỉ thị", "CT", "UBND", "state"),
)
_COMMUNE = (("Kế hoạch", "KH", "UBND", "state"), ("Báo cáo", "BC", "UBND", "state"))
_CENTRAL = (
    ("Chính phủ", (("Nghị định", "NĐ", "CP", "normative"), ("Nghị quyết", "NQ", "CP", "state"))),
    ("Thủ tướng Chính phủ", (("Quyết định", "QĐ", "TTg", "state"), ("Chỉ thị", "CT", "TTg", "state"))),
    ("Bộ Nội vụ", (("Thông tư", "TT", "BNV", "normative"), ("Quyết định", "QĐ", "BNV", "state"))),
    ("Bộ Tài chính", (("Thông tư", "TT", "BTC", "normative"), ("Quyết định", "QĐ", "BTC", "state"))),
    ("Bộ Chính trị", (("Nghị quyết", "NQ", "TW", "party"), ("Chỉ thị", "CT", "TW", "party"))),
)
_PROVINCE = (
    ("Ủy ban nhân dân tỉnh {}", "UBND tỉnh", _STATE),
    ("Hội đồng nhân dân tỉnh {}", "HĐND tỉnh", (("Nghị quyết", "NQ", "HĐND", "normative"),)),
    ("Ban Thường vụ Tỉnh ủy", "Tỉnh ủy", (("Chỉ thị", "CT", "TU", "party"), ("Nghị quyết", "NQ", "TU", "party"))),
    ("Sở Nội vụ tỉnh {}", "Sở Nội vụ", (("Hướng dẫn", "HD", "SNV", "state"), ("Công văn", "", "SNV-VP", "state"))),
)
_DISTRICT = (
    ("Ủy ban nhân dân huyện {}", "UBND huyện", _STATE),
    ("Ban Thường vụ Huyện ủy", "Huyện ủy", (("Chỉ thị", "CT", "HU", "party"), ("Kế hoạch", "KH", "HU", "party"))),
)


def make_offices(chance: random.Random, provinces: int, districts: int, communes: int) -> list[Office]:
    """Central offices first; `above` holds the offices whose documents an office cites."""
    # The names of the 63 provinces differ without their marks too; those of communes need not.
    names = [f"{a} {b}" for a in _SYLLABLES for b in _SYLLABLES if a != b]
    chance.shuffle(names)
    distinct = list({fold(name): name for name in names}.values())
    offices = [Office("central", name, name, None, None, None, kinds) for name, kinds in _CENTRAL]
    central = list(range(len(offices)))
    for p in range(provinces):
        province, head = distinct[p], len(offices)
        offices += [
            Office("province", name.format(province), short, None, province, None, kinds, central)
            for name, short, kinds in _PROVINCE
        ]
        above = [*central, *range(head, len(offices))]
        for d in range(districts):
            district, here = names[(p * 7 + d * 13 + 11) % len(names)], len(offices)
            offices += [
                Office(
                    "district", name.format(district), short, f"UBND tỉnh {province}", province, district, kinds, above
                )
                for name, short, kinds in _DISTRICT
            ]
            for c in range(communes):
                commune, superior = names[(p * 5 + d * 17 + c * 29 + 3) % len(names)], f"UBND huyện {district}"
                issuer, all_above = f"Ủy ban nhân dân xã {commune}", [*above, here, here + 1]
                offices.append(Office("commune", issuer, "UBND xã", superior, province, commune, _COMMUNE, all_above))
    return offices


_WEIGHTS = {"central": 30.0, "province": 8.0, "district": 2.0, "commune": 1.0}


def make_papers(chance: random.Random, offices: list[Office], count: int) -> list[Paper]:
    """Documents in order of their days, numbered as their offices number them."""
    weights = [_WEIGHTS[o.level] for o in offices]
    chosen = sorted((chance.random(), o) for o in chance.choices(range(len(offices)), weights, k=count))
    counters: Counter[tuple[int, int, int]] = Counter()
    papers = []
    for moment, office in chosen:
        days = int(moment * YEARS * 365)
        year, rest = FIRST_YEAR + days // 365, days % 365
        day = f"{year}-{rest // 31 + 1:02d}-{rest % 28 + 1:02d}"
        kind = chance.randrange(len(offices[office].kinds))
        _, code, body, style = offices[office].kinds[kind]
        months = year * 12 + rest // 31 - TERM_BEGINS[offices[office].level]
        span = months // TERM_MONTHS if style == "party" else year
        # Other documents of the office, which nobody cites, take numbers too.
        counters[office, kind, span] += chance.randint(1, 6)
        number = counters[office, kind, span]
        symbol = f"{code}-{body}" if code else body
        reference = {"party": f"{number:02d}-{code}/{body}", "normative": f"{number:02d}/{year}/{symbol}"}.get(
            style, f"{number:02d}/{symbol}"
        )
        title = f"về {chance.choice(_TOPICS)} năm {year} trên địa bàn số {chance.randint(1, 400)}"
        papers.append(Paper(office, kind, day, number, reference, title))
    return papers


def damage(chance: random.Random, text: str) -> str:
    """One or two characters as OCR confuses them."""
    letters = list(text)
    for _ in range(chance.choice((1, 1, 2))):
        places = [i for i, c in enumerate(letters) if c in _CONFUSED]
        if places:
            at = chance.choice(places)
            letters[at] = chance.choice(_CONFUSED[letters[at]])
    return "".join(letters)


def make_archive(citations: int, damaged: float, seed: int = 7) -> tuple[pa.Table, pa.Table, list[int], dict[str, int]]:
    """(documents, citations, the document that each citation means, the number of each ingested document)."""
    chance = random.Random(seed)
    ingested = max(20, citations // MENTIONS_PER_DOCUMENT)
    total = int(ingested / INGESTED)
    size = max(2, min(10, round((total / 6000) ** 0.5 * 3)))
    offices = make_offices(chance, 63, size, size)
    papers = make_papers(chance, offices, total)
    by_office: dict[int, list[int]] = {}
    is_in = [chance.random() < INGESTED for _ in papers]
    documents: list[dict[str, str | None]] = []
    rows: list[dict[str, str | None]] = []
    truth: list[int] = []
    ids: dict[str, int] = {}
    for index, paper in enumerate(papers):
        office = offices[paper.office]
        if is_in[index]:
            name = f"d{index:07d}"
            ids[name] = index
            documents.append(_document_row(chance, name, paper, office))
            chosen = _choose_cited(chance, paper, office, papers, by_office)
            numbers = Counter(papers[cited].reference for cited in chosen)
            for cited in chosen:
                # Who cites two documents of one number prints their days.
                undated = numbers[papers[cited].reference] == 1 and chance.random() < NO_DAY
                for row in _mentions(chance, name, papers[cited], offices, damaged, undated=undated):
                    row["citation_id"] = f"{name}.c{len(rows)}"
                    rows.append(row)
                    truth.append(cited)
        by_office.setdefault(paper.office, []).append(index)
    columns = (
        "citation_id",
        "document_id",
        "document_type",
        "reference_number",
        "issued_on",
        "issuer",
        "title",
        "relation",
    )
    cited_table = pa.table({c: pa.array([r[c] for r in rows], pa.string()) for c in columns})
    names = list(documents[0])
    document_table = pa.table({c: pa.array([d[c] for d in documents], pa.string()) for c in names})
    return document_table, cited_table, truth, ids


def _document_row(chance: random.Random, name: str, paper: Paper, office: Office) -> dict[str, str | None]:
    kind, code, body, _ = office.kinds[paper.kind]
    blank = chance.random() < BLANK_NUMBER
    return {
        "document_id": name,
        "document_type": kind,
        "reference_number": (f"/{code}-{body}" if code else None) if blank else paper.reference,
        "issued_on": paper.day,
        "issuer": office.issuer,
        "issuer_superior": office.superior,
        "issuer_level": office.level,
        "issued_at": office.seat or office.province or "Hà Nội",
        "province": None if chance.random() < MISFILED_PROVINCE else office.province,
        "title": paper.title,
    }


def _choose_cited(
    chance: random.Random, paper: Paper, office: Office, papers: list[Paper], by_office: dict[int, list[int]]
) -> list[int]:
    """Recent documents of superiors and of the own office, and sometimes an old one."""
    found: set[int] = set()
    for _ in range(chance.choice((2, 3, 4, 5, 6))):
        source = paper.office if not office.above or chance.random() < 0.2 else chance.choice(office.above)
        earlier = by_office.get(source)
        if not earlier:
            continue
        back = int(chance.expovariate(1 / (len(earlier) / YEARS + 1)))
        cited = earlier[max(0, len(earlier) - 1 - back)]
        if papers[cited].day < paper.day:
            found.add(cited)
    return sorted(found)


def _mentions(
    chance: random.Random, name: str, cited: Paper, offices: list[Office], damaged: float, *, undated: bool
) -> list[dict[str, str | None]]:
    """The mentions of one document in another, as extraction hands them on: short ones completed where it can."""
    office = offices[cited.office]
    day: str | None = None if undated else cited.day
    if day and chance.random() < MISPRINTED_DAY:
        day = f"{day[:8]}{chance.randint(1, 28):02d}"
    issuer: str | None = (
        None if chance.random() < NO_ISSUER else chance.choice((office.issuer, office.issuer, office.short))
    )
    relation = chance.choice(("implements", "legal_basis", "mentions"))
    rows = []
    for _ in range(chance.choice((1, 2, 2, 3, 4))):
        reference, printed = cited.reference, day
        if chance.random() < damaged:
            if chance.random() < 0.6:
                reference = damage(chance, reference)
            elif printed:
                printed = damage(chance, printed) if chance.random() < 0.5 else None
                if printed and not (
                    printed[5:7] <= "12" and printed[8:] <= "31" and printed.replace("-", "").isdigit()
                ):
                    printed = None  # no calendar has the day: extraction does not hand it on
        rows.append(
            {
                "document_id": name,
                "document_type": office.kinds[cited.kind][0],
                "reference_number": reference,
                "issued_on": printed,
                "issuer": issuer,
                "title": cited.title if chance.random() < 0.5 else None,
                "relation": relation,
            }
        )
    return rows


def measure(citations: int, damaged: float, seed: int = 7) -> dict[str, float]:
    """Link one simulated archive and compare with the truth."""
    documents, cited, truth, ids = make_archive(citations, damaged, seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin, wall = time.process_time(), time.perf_counter()
    linked = link(documents, cited)
    seconds, passed = time.process_time() - begin, time.perf_counter() - wall
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "documents": documents.num_rows,
        "citations": cited.num_rows,
        "damaged": damaged,
        "instruments": linked.instruments.num_rows,
        **_quality(documents, cited, truth, ids, linked),
        "cpu_seconds": round(seconds, 2),
        "wall_seconds": round(passed, 2),
        "peak_megabytes": round(after / 1024),
        "archive_megabytes": round(before / 1024),
    }


def measure_new(citations: int, damaged: float, seed: int, new: int) -> dict[str, float]:
    """Link an archive without some of its documents, then with them, and compare with linking all from nothing."""
    documents, cited, _, _ = make_archive(citations, damaged, seed)
    names = sorted(documents["document_id"].to_pylist())
    late = pa.array(random.Random(seed).sample(names, new), pa.string())
    is_late, cites_late = (pc.is_in(t["document_id"], value_set=late) for t in (documents, cited))
    earlier = link(documents.filter(pc.invert(is_late)), cited.filter(pc.invert(cites_late)))
    with tempfile.TemporaryDirectory() as folder:
        _write_all(Path(folder), earlier.state)
        pq.write_table(documents, f"{folder}/documents.parquet")
        pq.write_table(cited.filter(cites_late), f"{folder}/late.parquet")
        del earlier
        begin, wall = time.process_time(), time.perf_counter()
        marks = [("begin", begin)]
        state = State.from_frames({p.stem: pl.read_parquet(p) for p in Path(folder, "state").iterdir()})
        marks.append(("read state", time.process_time()))
        papers, theirs = pq.read_table(f"{folder}/documents.parquet"), pq.read_table(f"{folder}/late.parquet")
        known = papers.filter(pc.invert(pc.is_in(papers["document_id"], value_set=late)))["document_id"]
        linked = link(papers, theirs, None, state, known.combine_chunks())
        marks.append(("link", time.process_time()))
        _write_all(Path(folder), linked.state)
        marks.append(("write state", time.process_time()))
        for name, table in (("instruments", linked.instruments), ("links", linked.links)):
            pq.write_table(table, f"{folder}/{name}.parquet", compression="zstd")
        seconds, passed = time.process_time() - begin, time.perf_counter() - wall
    anew = link(documents, cited)
    same = linked.instruments.equals(anew.instruments) and linked.links.equals(anew.links)
    return {
        "documents": documents.num_rows,
        "citations": cited.num_rows,
        "new_documents": new,
        "new_citations": theirs.num_rows,
        "new_cpu_seconds": round(seconds, 2),
        "new_wall_seconds": round(passed, 2),
        **{f"new_cpu_{b[0].replace(' ', '_')}": round(b[1] - a[1], 2) for a, b in pairwise(marks)},
        "documents_whose_links_moved": len(linked.moved),
        "same_as_from_nothing": same,
    }


def _write_all(folder: Path, state: State) -> None:
    (folder / "state").mkdir(exist_ok=True)
    for name, frame in state.frames().items():
        frame.write_parquet(folder / "state" / f"{name}.parquet", compression="lz4", statistics=False)


def _quality(
    documents: pa.Table, cited: pa.Table, truth: list[int], ids: dict[str, int], linked: Linked
) -> dict[str, float]:
    which = dict(_rows(linked.instrument_of_citation, "citation_id", "instrument_id"))
    source = cited["document_id"].to_pylist()
    owner = {v: k for k, v in ids.items()}
    wanted = {(s, owner[t]) for s, t in zip(source, truth, strict=True) if t in owner and owner[t] != s}
    found = {(s, t) for s, t in _rows(linked.links, "source_document_id", "target_document_id") if t}
    members: dict[str, Counter[int]] = {}
    for citation, meant in zip(cited["citation_id"].to_pylist(), truth, strict=True):
        members.setdefault(which[citation], Counter())[meant] += 1
    for instrument, document in _rows(linked.instruments, "instrument_id", "document_id"):
        if document:
            members.setdefault(instrument, Counter())[ids[document]] += 1
    merged = sum(len(m) > 1 for m in members.values())
    clean = sum(max(m.values()) for m in members.values())
    return {
        "edge_precision": round(len(found & wanted) / max(1, len(found)), 5),
        "edge_recall": round(len(found & wanted) / max(1, len(wanted)), 5),
        "wrong_merges": merged,
        "wrong_merges_per_10000": round(10_000 * merged / max(1, len(members)), 2),
        "mentions_in_right_instrument": round(clean / sum(sum(m.values()) for m in members.values()), 5),
        "instruments_per_document": round(len(members) / max(1, len({*truth, *ids.values()})), 4),
    }


def _rows(table: pa.Table, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].to_pylist() for column in columns), strict=True)


def main() -> None:
    """Each archive in a process of its own, so that memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citations", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--damaged", type=float, nargs="+", default=[0.0, 0.1])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--new", type=int, default=0, help="documents that come in afterwards")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        about = (args.citations[0], args.damaged[0], args.seed)
        print(json.dumps(measure_new(*about, args.new) if args.new else measure(*about)))
        return
    for citations in args.citations:
        for damaged in args.damaged:
            options = {"--citations": citations, "--damaged": damaged, "--seed": args.seed, "--new": args.new}
            command = [sys.executable, "-m", "benchmarks.linking", "--here"]
            command += [str(word) for option in options.items() for word in option]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


if __name__ == "__main__":
    main()
