"""Which citations mean the same document, which do not, and what is said of doubt."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.link import Linked, link
from pipeline.link.digits import confused, look_alike
from pipeline.link.named import plenum_number, term_number
from pipeline.link.places import level_of_symbol, place_of_issuer

TINH_UY = "Ban Thường vụ Tỉnh ủy"


def table(rows: list[dict[str, Any]], *columns: str) -> pa.Table:
    names = sorted({*columns, *(name for row in rows for name in row)})
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def paper(name: str, **values: Any) -> dict[str, Any]:
    return {"document_id": name, **values}


class Archive:
    """Documents and citations of a test, linked when asked."""

    def __init__(self, *documents: dict[str, Any]) -> None:
        self.documents = list(documents)
        self.citations: list[dict[str, Any]] = []
        self.named: list[dict[str, Any]] = []

    def cite(
        self, source: str, number: str | None, date: str | None = None, issuer: str | None = None, **more: Any
    ) -> str:
        named = more.pop("named", False)
        rows = self.named if named or number is None else self.citations
        name = f"{source}.{'c' if rows is self.citations else 'n'}{len(rows)}"
        rows.append(
            {
                "citation_id": name,
                "document_id": source,
                "reference_number": number,
                "issued_on": date,
                "issuer": issuer,
            }
            | {"relation": "mentions"}
            | more
        )
        return name

    def link(self) -> Linked:
        columns = ("citation_id", "document_id", "reference_number", "issued_on", "issuer", "relation")
        documents = table(self.documents, "document_id", "reference_number", "issued_on")
        return link(documents, table(self.citations, *columns), table(self.named, *columns))

    def groups(self) -> dict[str, str]:
        linked = self.link()
        return dict(
            zip(*(linked.instrument_of_citation[c].to_pylist() for c in ("citation_id", "instrument_id")), strict=True)
        )


def instrument(linked: Linked, number: str) -> dict[str, Any]:
    row: dict[str, Any]
    (row,) = [r for r in linked.instruments.to_pylist() if r["reference_number"] == number]
    return row


def test_one_row_for_one_document_cited_from_several() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issuer="Tỉnh ủy", issuer_level="province", issued_on="2020-12-15"),
        paper("b", issuer="Ban Thường vụ Huyện ủy", issuer_level="district", issued_on="2020"),
    )
    same = [
        archive.cite("a", "31-CT/TU", "2017-04-21", TINH_UY),
        archive.cite("a", "31-CT/TU"),
        archive.cite("b", "31-CT/TU", "2017-04-21", TINH_UY),
        archive.cite("b", "31-CT/TU", "2017-04-21"),
    ]
    groups = archive.groups()
    assert len({groups[c] for c in same}) == 1
    row = instrument(archive.link(), "31-CT/TU")
    assert (row["issued_on"], row["issuer"], row["citation_count"], row["province"]) == (
        "2017-04-21",
        TINH_UY,
        4,
        "Đồng Mây",
    )
    assert row["document_id"] is None


def test_provinces_years_terms_and_offices_stay_apart() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issuer="UBND tỉnh Đồng Mây", issuer_level="province", issued_on="2021-05-01"),
        paper("b", province="Sông Lúa", issuer="UBND tỉnh Sông Lúa", issuer_level="province", issued_on="2021-05-01"),
    )
    apart = [
        archive.cite("a", "05-NQ/TU", "2016-03-01"),
        archive.cite("a", "05-NQ/TU", "2021-03-01"),
        archive.cite("b", "05-NQ/TU", "2016-03-02"),
        archive.cite("a", "12/QĐ-UBND", "2019-01-05", "UBND tỉnh"),
        archive.cite("a", "12/QĐ-UBND", "2020-01-06", "UBND tỉnh"),
        archive.cite("b", "12/QĐ-UBND", "2020-01-06", "UBND tỉnh"),
        archive.cite("a", "12/QĐ-UBND", "2020-01-06", "UBND huyện Thanh Sơn Hạ"),
        archive.cite("a", "12/QĐ-SNV", "2020-01-06"),
        archive.cite("b", "12/QĐ-SNV", "2020-01-06"),
    ]
    groups = archive.groups()
    assert len({groups[c] for c in apart}) == len(apart)


def test_central_documents_are_one_for_all_provinces() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issued_on="2021-05-01"), paper("b", province="Sông Lúa", issued_on="2021-06-01")
    )
    same = [
        archive.cite("a", "1750/QĐ-TTg", "2016-10-17", "Thủ tướng Chính phủ"),
        archive.cite("b", "1750/QD-TTg", "2016-10-17"),
        archive.cite("b", "1750/QĐ-TTG", "2016-10-17", "TTg Chính phủ"),
    ]
    laws = [
        archive.cite("a", "58/2014/QH13"),
        archive.cite("b", "58/2014/QH13", "2014-11-20"),
        archive.cite("b", "58/2014/QH13"),
    ]
    groups = archive.groups()
    assert len({groups[c] for c in same}) == 1
    assert len({groups[c] for c in laws}) == 1


def test_an_undated_citation_joins_the_only_document_it_can_mean() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issuer="UBND tỉnh", issuer_level="province", issued_on="2020-05-01"),
        paper("b", province="Đồng Mây", issuer="UBND tỉnh", issuer_level="province", issued_on="2020-02-01"),
        paper("c", province="Sông Lúa", issuer="UBND tỉnh", issuer_level="province", issued_on="2020-05-01"),
    )
    dated = archive.cite("a", "42-CT/TU", "2020-02-28", TINH_UY)
    short = archive.cite("a", "42-CT/TU", None, "Tỉnh ủy")
    before_it_was_issued = archive.cite("b", "42-CT/TU")
    elsewhere = archive.cite("c", "42-CT/TU")
    groups = archive.groups()
    assert groups[short] == groups[dated]
    assert len({groups[c] for c in (dated, before_it_was_issued, elsewhere)}) == 3


def test_two_candidates_are_ambiguous() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issuer="UBND tỉnh", issuer_level="province", issued_on="2021-05-01")
    )
    first = archive.cite("a", "12/QĐ-UBND", "2020-01-06", "UBND tỉnh")
    second = archive.cite("a", "12/QĐ-UBND", "2021-01-07", "UBND tỉnh")
    unclear = archive.cite("a", "12/QĐ-UBND", None, "UBND tỉnh", relation="implements")
    groups = archive.groups()
    assert len({groups[c] for c in (first, second, unclear)}) == 3
    (edge,) = [e for e in archive.link().links.to_pylist() if e["relation"] == "implements"]
    assert set(edge["ambiguous_with"]) == {groups[first], groups[second]}
    assert edge["score"] <= 0.5


def test_an_unknown_province_joins_only_where_one_candidate_is_left() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issued_on="2021-05-01"),
        paper("b", province="Sông Lúa", issued_on="2021-05-01"),
        paper("c"),
    )
    one, two = (archive.cite(s, "31-CT/TU", "2017-04-21") for s in "ab")
    unknown = archive.cite("c", "31-CT/TU", "2017-04-21")
    groups = archive.groups()
    assert len({groups[c] for c in (one, two, unknown)}) == 3
    row = next(r for r in archive.link().instruments.to_pylist() if r["instrument_id"] == groups[unknown])
    assert set(row["ambiguous_with"]) == {groups[one], groups[two]}


def test_an_ingested_document_meets_its_citations_and_never_itself() -> None:
    archive = Archive(
        paper("province", province="Đồng Mây", issuer=TINH_UY, issuer_level="province",
              reference_number="31-CT/TU", issued_on="2017-04-21"),
        paper("district", province="Đồng Mây", issuer="UBND huyện Thanh Sơn Hạ", issuer_level="district",
              issued_on="2018-01-02", reference_number="05/KH-UBND"),
        paper("commune", province="Đồng Mây", issuer="UBND xã Đồng Mây", issuer_level="commune",
              issuer_superior="UBND huyện Thanh Sơn Hạ", issued_on="2018-02-02"),
    )  # fmt: skip
    archive.cite("district", "31-CT/TU", "2017-04-21", TINH_UY, relation="implements")
    archive.cite("province", "31-CT/TU", "2017-04-21")
    archive.cite("commune", "05/KH-UBND", "2018-01-02", "UBND huyện", relation="implements")
    edges = {
        (e["source_document_id"], e["target_document_id"], e["relation"]) for e in archive.link().links.to_pylist()
    }
    assert edges == {("district", "province", "implements"), ("commune", "district", "implements")}


def test_a_document_without_its_number_meets_its_citations_by_date_office_and_title() -> None:
    title = "về việc phát động phong trào thi đua làm đường giao thông nông thôn năm 2020"
    blank = {
        "province": "Đồng Mây",
        "issuer": "UBND huyện Thanh Sơn Hạ",
        "issuer_level": "district",
        "document_type": "Chỉ thị",
    }
    archive = Archive(
        paper("blank", **blank, reference_number="/CT-UBND", issued_on="2020-01", title=title),
        paper("commune", province="Đồng Mây", issuer="UBND xã Đồng Mây", issuer_level="commune",
              issuer_superior="UBND huyện Thanh Sơn Hạ", issued_on="2020-03-02"),
    )  # fmt: skip
    issuer = "Ủy ban nhân dân huyện Thanh Sơn Hạ"
    archive.cite("commune", "03/CT-UBND", "2020-01-14", issuer, title=title, document_type="Chỉ thị")
    archive.cite(
        "commune",
        "04/CT-UBND",
        "2020-01-20",
        issuer,
        title="về phòng, chống dịch bệnh cho vật nuôi",
        document_type="Chỉ thị",
    )
    linked = archive.link()
    assert instrument(linked, "03/CT-UBND")["document_id"] == "blank"
    assert instrument(linked, "04/CT-UBND")["document_id"] is None


def test_damaged_symbols_and_days_join_the_common_document() -> None:
    archive = Archive(*(paper(f"d{n}", province="Đồng Mây", issued_on="2021-05-01") for n in range(12)))
    right = [archive.cite(f"d{n}", "1750/QĐ-TTg", "2016-10-17") for n in range(11)]
    symbol = archive.cite("d11", "1750/QĐ-TTp", "2016-10-17")
    day = archive.cite("d11", "1750/QĐ-TTg", "2016-10-11", relation="implements")
    linked = archive.link()
    groups = archive.groups()
    assert {groups[c] for c in (symbol, day)} == {groups[right[0]]}
    (edge,) = [e for e in linked.links.to_pylist() if e["relation"] == "implements"]
    assert edge["method"] == "fuzzy"
    assert edge["score"] < 0.98


def test_one_number_with_two_days_is_a_conflict_that_both_name() -> None:
    archive = Archive(paper("a", issued_on="2021-05-01"), paper("b", issued_on="2021-05-01"))
    one = archive.cite("a", "20/2019/NĐ-CP", "2019-02-21")
    two = archive.cite("b", "20/2019/NĐ-CP", "2019-08-15")
    groups = archive.groups()
    rivals = {r["instrument_id"]: r["ambiguous_with"] for r in archive.link().instruments.to_pylist()}
    assert groups[one] != groups[two]
    assert rivals[groups[one]] == [groups[two]]
    assert rivals[groups[two]] == [groups[one]]


def test_named_documents() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issuer="UBND huyện Thanh Sơn Hạ", issuer_level="district"),
        paper(
            "b",
            province="Đồng Mây",
            issuer="UBND xã Đồng Mây",
            issuer_level="commune",
            issuer_superior="UBND huyện Thanh Sơn Hạ",
        ),
        paper("c", province="Sông Lúa", issuer="UBND huyện Bến Lau", issuer_level="district"),
    )
    law: dict[str, Any] = {"document_type": "Luật", "title": "Luật Đất đai", "named": True}
    numbered = archive.cite("a", "45/2013/QH13", None, None, document_type="Luật", title="Luật Đất đai")
    by_name = archive.cite("b", None, "2013", **law)
    other_law = archive.cite("b", None, "2003", **law)
    plenum: dict[str, Any] = {"document_type": "Nghị quyết", "term": "khóa XII", "named": True}
    first = archive.cite("a", None, title="Nghị quyết Trung ương 6", **plenum)
    second = archive.cite("c", None, title="Nghị quyết Hội nghị lần thứ sáu Ban Chấp hành Trung ương", **plenum)
    congress: dict[str, Any] = {
        "document_type": "Nghị quyết",
        "term": "lần thứ XXV",
        "named": True,
        "title": "Nghị quyết Đại hội Đảng bộ huyện lần thứ XXV",
    }
    here, below, elsewhere = (archive.cite(s, None, **congress) for s in "abc")
    groups = archive.groups()
    assert groups[by_name] == groups[numbered] != groups[other_law]
    assert groups[first] == groups[second]
    assert groups[here] == groups[below] != groups[elsewhere]


def test_words_that_point_back_count_for_the_instrument() -> None:
    archive = Archive(paper("a", province="Đồng Mây", issued_on="2018"))
    one = archive.cite("a", "31-CT/TU", "2017-04-21")
    back = archive.cite("a", "31-CT/TU", "2017-04-21", named=True)
    groups = archive.groups()
    assert groups[one] == groups[back]


def test_empty_tables() -> None:
    linked = Archive().link()
    assert (linked.instruments.num_rows, linked.links.num_rows, linked.instrument_of_citation.num_rows) == (0, 0, 0)
    lonely = Archive(paper("a")).link()
    assert (lonely.instruments.num_rows, lonely.links.num_rows) == (1, 0)


_NUMBERS = st.sampled_from(["1/QĐ-UBND", "01/QĐ-UBND", "1-CT/TU", "2/2019/NQ-HĐND", "54", "/CT-UBND", "x", "", None])
_DATES = st.sampled_from(["2019-02-01", "2019-01-02", "2019", "2019-02", None])
_ISSUERS = st.sampled_from(["UBND tỉnh", "UBND huyện A", "Tỉnh ủy Sông Lúa", None, "?"])


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(st.tuples(st.sampled_from("abc"), _NUMBERS, _DATES, _ISSUERS), max_size=12), st.randoms())
def test_every_citation_gets_one_instrument_whatever_the_order(rows: list[tuple[Any, ...]], random: Any) -> None:
    archive = Archive(
        paper("a", province="Sông Lúa", reference_number="1/QĐ-UBND", issued_on="2019-02-01", issuer="UBND tỉnh"),
        paper("b", issued_on="2020-01-01"),
        paper("c"),
    )
    for row in rows:
        archive.cite(*row)
    linked = archive.link()
    ids = set(linked.instruments["instrument_id"].to_pylist())
    groups = archive.groups()
    assert set(groups) == {c["citation_id"] for c in archive.citations + archive.named}
    assert set(groups.values()) <= ids
    assert sum(linked.instruments["citation_count"].to_pylist()) == len(rows)
    random.shuffle(archive.citations)
    assert archive.groups() == groups


@pytest.mark.parametrize(
    ("issuer", "place"),
    [
        ("Ủy ban nhân dân huyện Hạ Lang", ("district", "", "ha lang", "")),
        ("UBND xã Đồng Mây, huyện Thanh Sơn Hạ", ("commune", "", "thanh son ha", "dong may")),
        ("Tỉnh ủy Sông Lúa", ("province", "song lua", "", "")),
        ("Chủ tịch UBND thành phố Hà Nội", ("province", "ha noi", "", "")),
        ("Thủ tướng Chính phủ", ("central", "", "", "")),
        (None, ("", "", "", "")),
    ],
)
def test_places_of_issuers(issuer: str | None, place: tuple[str, ...]) -> None:
    assert tuple(place_of_issuer(issuer)) == place


@pytest.mark.parametrize(
    ("body", "type_code", "style", "level"),
    [("TTg", "QĐ", "state", "central"), ("TU", "CT", "party", "province"), ("HU", "CT", "party", "district"),
     ("UBND", "QĐ", "state", ""), ("BNV", "QĐ", "state", "central"), ("SNV", "QĐ", "state", "province"),
     ("TW", "NQ", "party", "central")],
)  # fmt: skip
def test_levels_of_symbols(body: str, type_code: str, style: str, level: str) -> None:
    assert level_of_symbol(body, type_code, style, False) == level


def test_small_readings() -> None:
    assert [term_number(t) for t in ("khóa XII", "lần thứ XXV", "khóa 9", "")] == ["12", "25", "9", ""]
    assert [plenum_number(t) for t in ("nghi quyet trung uong 4", "hoi nghi lan thu tu ban chap hanh")] == ["4", "4"]
    assert [confused(*p) for p in (("103", "108"), ("103", "104"), ("23", "123"), ("1", "12"))] == [
        True,
        False,
        True,
        False,
    ]


def test_numbers_that_look_alike() -> None:
    assert confused("1", "61")
    assert not confused("56", "65")
    assert look_alike("56", "65")
    assert not look_alike("12", "12")
    assert not look_alike("12", "92")


def test_a_citation_without_its_day_has_that_of_its_document() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issued_on="2016-11-01"), paper("b", province="Đồng Mây", issued_on="2016-11-01")
    )
    old = [archive.cite("a", "34-CT/TU", "2014-01-17", TINH_UY), archive.cite("a", "34-CT/TU", None, TINH_UY)]
    new = archive.cite("b", "34-CT/TU", "2016-09-10", TINH_UY)
    groups = archive.groups()
    assert groups[old[0]] == groups[old[1]] != groups[new]


def test_an_undated_number_beside_one_that_looks_like_it_joins_nothing() -> None:
    archive = Archive(
        paper("a", province="Đồng Mây", issued_on="2017-05-01"), paper("b", province="Đồng Mây", issued_on="2017-06-01")
    )
    known = archive.cite("a", "38-CT/TU", "2017-01-17", TINH_UY)
    archive.cite("b", "33-CT/TU", "2017-02-17", TINH_UY)
    doubted = archive.cite("b", "38-CT/TU", None, TINH_UY)
    assert archive.groups()[doubted] != archive.groups()[known]
    (edge,) = [e for e in archive.link().links.to_pylist() if e["instrument_id"] == archive.groups()[doubted]]
    assert edge["ambiguous_with"] == [archive.groups()[known]]


def test_a_title_tells_which_of_two_papers_of_a_day_is_meant() -> None:
    archive = Archive(*(paper(f"d{n}", province="Đồng Mây", issued_on="2021-05-01") for n in range(8)))
    fifteen = [
        archive.cite(f"d{n}", "15/QĐ-TTg", "2016-02-18", title="về phổ cập giáo dục mầm non năm 2016") for n in range(7)
    ]
    misread = archive.cite("d7", "16/QĐ-TTg", "2016-02-18", title="về phổ cập giáo dục mầm non năm 2016")
    bare = archive.cite("d0", "16/QĐ-TTg", "2016-02-18")
    groups = archive.groups()
    assert groups[misread] == groups[fifteen[0]]
    assert groups[bare] != groups[fifteen[0]]


def test_the_short_form_of_the_centre_is_told_by_its_issuer() -> None:
    archive = Archive(paper("a", province="Đồng Mây", issued_on="2019-05-01"))
    centre = [archive.cite("a", number, "2016-05-15", "Bộ Chính trị") for number in ("05-CT/TƯ", "05-CT/TW")]
    province = [archive.cite("a", number, "2017-05-15", TINH_UY) for number in ("07-CT/TƯ", "07-CT/TU")]
    groups = archive.groups()
    assert groups[centre[0]] == groups[centre[1]]
    assert groups[province[0]] == groups[province[1]]
