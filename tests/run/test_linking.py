"""A run links on from what the last one kept, and the tables are those of linking from nothing."""

from __future__ import annotations

import shutil

from pipeline.publish.layout import Layout
from pipeline.publish.snapshot import open_snapshot
from tests.run.conftest import Archive


def tables(archive: Archive) -> list[object]:
    return [archive.table(n).sort_by(k) for n, k in (("instruments", "instrument_id"), ("links", "source_document_id"))]


def test_runs_link_on_from_the_kept_state(archive: Archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    layout = Layout(archive.output)
    kept = layout.links_of(open_snapshot(archive.output).run_id)
    assert (kept / "about.json").is_file()
    archive.put("c.txt", "Kế hoạch ba")
    (archive.input / "a.txt").unlink()
    archive.run()
    after = tables(archive)
    assert open_snapshot(archive.output).problems() == []
    shutil.rmtree(layout.state / "links")
    archive.put("d.txt", "Kế hoạch bốn")
    archive.run()
    (archive.input / "d.txt").unlink()
    archive.run()
    assert tables(archive) == after


def test_a_damaged_state_costs_time_only(archive: Archive) -> None:
    archive.put("a.txt", "Kế hoạch một")
    archive.run()
    layout = Layout(archive.output)
    kept = layout.links_of(open_snapshot(archive.output).run_id)
    for file in kept.glob("mentions.*"):
        file.write_bytes(b"PAR1")
    archive.put("b.txt", "Kế hoạch hai")
    archive.run()
    counts = archive.table("instruments")["citation_count"].to_pylist()
    assert sorted(counts) == [0, 0, 2]


def test_states_of_old_runs_are_dropped(archive: Archive) -> None:
    for number in range(4):
        archive.put(f"{number}.txt", f"Kế hoạch {number}")
        archive.run()
    assert len(list((Layout(archive.output).state / "links").iterdir())) <= 2
