"""What the rest of a document says of one of its citations."""

from __future__ import annotations

import pytest

from pipeline.link.places import bare_place, place_of_issuer
from pipeline.link.twins import near_days, near_symbols
from tests.link.test_link import Archive, paper

DOCUMENTS = tuple(
    paper(name, province="Đồng Mây", issuer="UBND tỉnh Đồng Mây", issuer_level="province", issued_on="2021-05-01")
    for name in ("a", "b", "c")
)
PRIME_MINISTER = "Thủ tướng Chính phủ"


def test_a_number_misread_into_another_real_one_of_the_day_is_of_neither() -> None:
    archive = Archive(*DOCUMENTS)
    right = [archive.cite("a", "1980/QĐ-TTg", "2016-10-17", PRIME_MINISTER) for _ in range(2)]
    misread = archive.cite("a", "1930/QĐ-TTg", "2016-10-17", PRIME_MINISTER)
    real = [archive.cite("b", "1930/QĐ-TTg", "2016-10-17", PRIME_MINISTER) for _ in range(2)]
    groups = archive.groups()
    assert groups[misread] not in {groups[right[0]], groups[real[0]]}
    rows = {r["instrument_id"]: r for r in archive.link().instruments.to_pylist()}
    assert set(rows[groups[misread]]["ambiguous_with"]) == {groups[right[0]], groups[real[0]]}


def test_two_real_numbers_of_a_day_are_told_by_their_titles() -> None:
    archive = Archive(*DOCUMENTS)
    titles = {"66/2014/QH13": "về kinh doanh bất động sản vùng cao", "68/2014/QH13": "về doanh nghiệp và hợp tác xã"}
    cited = {
        source: [archive.cite(source, n, "2014-11-26", "Quốc hội", title=t) for n, t in titles.items()]
        for source in ("a", "b")
    }
    groups = archive.groups()
    assert [groups[c] for c in cited["a"]] == [groups[c] for c in cited["b"]]
    assert len({groups[c] for c in cited["a"]}) == 2


def test_a_day_that_had_not_come_was_misread() -> None:
    archive = Archive(*DOCUMENTS)
    first, *_ = [archive.cite("a", "06/QĐ-BNV", "2013-01-13", "Bộ Nội vụ") for _ in range(2)]
    later = archive.cite("a", "06/QĐ-BNV", "2073-01-13", "Bộ Nội vụ")
    groups = archive.groups()
    assert groups[later] == groups[first]


def test_where_most_days_are_later_the_document_has_its_own_day_wrong() -> None:
    early = paper("e", province="Đồng Mây", issuer="UBND tỉnh", issuer_level="province", issued_on="2011-05-01")
    archive = Archive(early, *DOCUMENTS)
    one = archive.cite("e", "06/QĐ-BNV", "2018-01-13", "Bộ Nội vụ")
    archive.cite("e", "08/QĐ-BNV", "2019-01-13", "Bộ Nội vụ")
    other = archive.cite("a", "06/QĐ-BNV", "2018-01-13", "Bộ Nội vụ")
    groups = archive.groups()
    assert groups[one] == groups[other]


def test_a_day_is_not_lent_to_another_title() -> None:
    archive = Archive(*DOCUMENTS)
    dated = archive.cite("a", "05/TTr-UBND", "2020-01-25", title="về an toàn giao thông đường thủy nội địa")
    undated = archive.cite("a", "05/TTr-UBND", None, title="về thu gom rác ở các chợ đầu mối")
    assert len({archive.groups()[c] for c in (dated, undated)}) == 2


def test_a_title_is_lent_to_a_mention_without_day_and_title() -> None:
    archive = Archive(*DOCUMENTS)
    title = "về thu gom rác ở các chợ đầu mối"
    known = archive.cite("b", "05/QĐ-UBND", "2019-10-27", "UBND tỉnh", title=title)
    archive.cite("b", "05/QĐ-UBND", "2020-11-27", "UBND tỉnh", title="về nuôi cá lồng trên hồ chứa nước")
    titled = archive.cite("a", "05/QĐ-UBND", None, "UBND tỉnh", title=title)
    bare = archive.cite("a", "05/QĐ-UBND", None, "UBND tỉnh")
    groups = archive.groups()
    assert groups[titled] == groups[bare] == groups[known]


def test_of_two_days_in_one_document_none_is_lent() -> None:
    archive = Archive(*DOCUMENTS)
    days = [archive.cite("a", "05-NQ/TU", day, "Tỉnh ủy") for day in ("2016-03-01", "2021-03-01")]
    bare = archive.cite("a", "05-NQ/TU", None, "Tỉnh ủy")
    groups = archive.groups()
    assert groups[bare] not in {groups[d] for d in days}


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("party:nq-tw", "party:-hq-tw", True),
        ("state:qd-ttg", "state:qd-tlg", True),
        ("state:qd-ubnd", "state:kh-ubnd", False),
        ("state:nq-hdnd", "state:-nq-u8nd", False),
    ],
)
def test_near_symbols(a: str, b: str, near: bool) -> None:
    assert near_symbols(a, b) is near


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("2020-03-05", "2020-05-03", True),
        ("2020-03-05", "2020-03-06", True),
        ("2020-03-05", "2021-03-06", False),
        ("2013", "2073", True),
        ("2020-03-05", "2020-03-05", False),
    ],
)
def test_near_days(a: str, b: str, near: bool) -> None:
    assert near_days(a, b) is near


@pytest.mark.parametrize(
    ("issuer", "province", "district"),
    [
        ("Tỉnh ủy Đồng Mây 7” Văn Phòng", "dong may", ""),
        ("Ban Thường vụ Tỉnh ủv", "", ""),
        ("UBND quận 1", "", "1"),
        ("UBND tỉnh Sông Lam - Đồng Mây", "song lam dong may", ""),
    ],
)
def test_names_of_places_end_at_specks(issuer: str, province: str, district: str) -> None:
    place = place_of_issuer(issuer)
    assert (place.province, place.district) == (province, district)


def test_a_dash_in_a_name_is_a_blank() -> None:
    assert bare_place("tỉnh Sông Lam - Đồng Mây") == bare_place("Sông Lam-Đồng Mây") == "song lam dong may"
