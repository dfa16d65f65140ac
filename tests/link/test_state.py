"""Linking on from a state gives what linking from nothing gives, whatever was added, changed and removed."""

from __future__ import annotations

import random
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.simulated_citations import make_archive
from pipeline.link import Linked, State, link
from pipeline.run.link_state import KeptState, read_frames, write_frames


@cache
def archive(seed: int) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Documents, numbered and named citations of a simulated archive with much damage."""
    documents, cited, _, _ = make_archive(600, 0.4, seed)
    chance = random.Random(seed)
    rows = []
    for name in documents["document_id"].to_pylist():
        number = chance.choice([None, None, "45/2013/QH13"])
        rows.append({
            "citation_id": f"{name}.n", "document_id": name, "reference_number": number, "document_type": "Luật",
            "issued_on": chance.choice(["2013", "2003"]), "title": "Luật Đất đai", "issuer": None,
            "relation": "legal_basis", "term": None, "confidence": 0.85,
        })  # fmt: skip
    return documents, cited, pa.Table.from_pylist(rows)


def some(table: pa.Table, names: set[str]) -> pa.Table:
    return table.filter(pc.is_in(table["document_id"], value_set=pa.array(sorted(names), pa.string())))


def changed(table: pa.Table, names: set[str], column: str) -> pa.Table:
    """The table with a column emptied in the rows of some documents."""
    hit = pc.is_in(table["document_id"], value_set=pa.array(sorted(names), pa.string()))
    values = pc.if_else(hit, pa.scalar(None, pa.string()), table[column])
    return table.set_column(table.column_names.index(column), column, values)


def assert_same(one: Linked, two: Linked) -> None:
    assert one.instruments.equals(two.instruments)
    assert one.links.equals(two.links)
    order = "citation_id"
    assert one.instrument_of_citation.sort_by(order).equals(two.instrument_of_citation.sort_by(order))


steps = st.lists(
    st.tuples(st.integers(0, 2**32), st.sampled_from(["add", "remove", "issued_on", "province", "title", "cited"])),
    min_size=1,
    max_size=5,
)


def on_disk(folder: Path, state: State, before: KeptState | None) -> KeptState:
    """The state as it is read again, and where it lies."""
    folder.mkdir()
    kept = KeptState(state, {}, before.folder if before else None, before.files if before else {})
    files = write_frames(folder, kept)
    return KeptState(State.from_frames(read_frames(folder, files)), {}, folder, files)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 3), steps)
def test_linking_on_is_linking_anew(seed: int, todo: list[tuple[int, str]]) -> None:
    documents, cited, named = archive(seed)
    everything = documents["document_id"].to_pylist()
    here = set(random.Random(seed).sample(everything, len(everything) // 2))
    state: State | None = None
    kept: KeptState | None = None
    folder = Path(tempfile.mkdtemp())
    for step, (number, what) in enumerate([(0, "begin"), *todo]):
        chance = random.Random(number)
        touched = set(chance.sample(everything, chance.choice([1, 3, 15])))
        if what == "add":
            here |= touched
        elif what == "remove":
            here -= touched
        elif what == "cited":
            cited = changed(cited, touched, chance.choice(["issued_on", "issuer", "title"]))
        elif what != "begin":
            documents = changed(documents, touched, what)
        papers, numbered, by_name = (some(t, here) for t in (documents, cited, named))
        anew = link(papers, numbered, by_name)
        if state is not None:
            assert_same(link(papers, numbered, by_name, state), anew)
            unread = (here - touched) & set(state.papers["source"].to_list())
            left = here - unread
            on = link(papers, some(numbered, left), some(by_name, left), state, pa.array(sorted(unread), pa.string()))
            assert_same(on, anew)
            kept = on_disk(folder / str(step), on.state, kept)
        else:
            kept = on_disk(folder / str(step), anew.state, kept)
        state = kept.state
    shutil.rmtree(folder)


def test_moved_names_the_documents_whose_citations_mean_something_else() -> None:
    documents, cited, named = archive(1)
    first = link(documents, cited, named)
    assert len(link(documents, cited, named, first.state).moved) == 0
    gone = documents["document_id"].to_pylist()[0]
    rest = set(documents["document_id"].to_pylist()[1:])
    then = link(some(documents, rest), some(cited, rest), some(named, rest), first.state)
    assert gone not in then.moved.to_pylist()
