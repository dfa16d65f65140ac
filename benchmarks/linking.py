"""How well and how fast citations are linked, on simulated archives whose truth is known.

    python -m benchmarks.linking --citations 10000 100000 1000000
    python -m benchmarks.linking --citations 1000000 --new 100

The archives are those of `benchmarks.simulated_citations`.

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
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.simulated_citations import make_archive
from pipeline.link import Linked, State, link
from pipeline.run.link_state import KeptState, read_frames, write_frames


def measure(citations: int, damaged: float, seed: int = 7) -> dict[str, Any]:
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
        **_quality(cited, truth, ids, linked),
        "right_by_score": _reliability(cited, truth, linked, ids),
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
        Path(folder, "before").mkdir()
        Path(folder, "after").mkdir()
        files = write_frames(Path(folder, "before"), KeptState(earlier.state, {}))
        pq.write_table(documents, f"{folder}/documents.parquet")
        pq.write_table(cited.filter(cites_late), f"{folder}/late.parquet")
        del earlier
        begin, wall = time.process_time(), time.perf_counter()
        marks = [("begin", begin)]
        state = State.from_frames(read_frames(Path(folder, "before"), files))
        marks.append(("read state", time.process_time()))
        papers, theirs = pq.read_table(f"{folder}/documents.parquet"), pq.read_table(f"{folder}/late.parquet")
        known = papers.filter(pc.invert(pc.is_in(papers["document_id"], value_set=late)))["document_id"]
        linked = link(papers, theirs, None, state, known.combine_chunks())
        marks.append(("link", time.process_time()))
        write_frames(Path(folder, "after"), KeptState(linked.state, {}, Path(folder, "before"), files))
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


def _quality(cited: pa.Table, truth: list[int], ids: dict[str, int], linked: Linked) -> dict[str, float]:
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


def _reliability(cited: pa.Table, truth: list[int], linked: Linked, ids: dict[str, int]) -> dict[str, list[float]]:
    """For each score of links its `[links, share that is right]`: of a document's mentions, the best that the link has.

    Right is a link whose instrument is mostly mentioned where that document is meant, or is that ingested document."""
    which = dict(_rows(linked.instrument_of_citation, "citation_id", "instrument_id"))
    votes: dict[str, Counter[int]] = {}
    meant: dict[tuple[str, str], set[int]] = {}
    rows = zip(cited["citation_id"].to_pylist(), cited["document_id"].to_pylist(), truth, strict=True)
    for citation, source, document in rows:
        votes.setdefault(which[citation], Counter())[document] += 1
        meant.setdefault((source, which[citation]), set()).add(document)
    main = {instrument: counter.most_common(1)[0][0] for instrument, counter in votes.items()}
    owned = _rows(linked.instruments, "instrument_id", "document_id")
    main |= {instrument: ids[document] for instrument, document in owned if document}
    found: dict[str, list[bool]] = {}
    for source, instrument, target, score in _rows(
        linked.links, "source_document_id", "instrument_id", "target_document_id", "score"
    ):
        if target:
            found.setdefault(f"{score:.2f}", []).append(meant[source, instrument] == {main[instrument]})
    return {score: [len(right), round(sum(right) / len(right), 4)] for score, right in sorted(found.items())}


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
