"""An archive of documents that cite one another, made by chance, in which it is known what each citation means.

Offices of the central level, of 63 provinces, their districts and communes, of state and Party, number their documents
as the rules say: again from 1 each January in each office and type, or each five years in each Party committee;
normative acts carry the year. So the same number recurs thousands of times, in neighbouring districts on neighbouring
days, and half of the titles are those that many offices give to their papers of a year. Documents cite those of their
superiors, of their own office and its Party committee, of the centre, and reports and proposals from below, in chains
four levels deep; half of what is cited was never ingested. Committees at home are named without their place (`Ban
Thường vụ Huyện ủy`), those elsewhere with it. Some citations lack the day or the issuer, some days are misprinted. A
share of citations is damaged as OCR damages them: in number and symbol, day, issuer or title; a tenth of that share of
the documents has a misread number of its own.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.vietnamese import fold

FIRST_YEAR, YEARS = 2013, 10
# Party committees number anew after their congresses, which are held from below, each five years.
TERM_MONTHS, TERM_BEGINS = 60, {"commune": 4, "district": 6, "province": 9, "central": 12}
MENTIONS_PER_DOCUMENT = 10
INGESTED = 0.5
# Party documents of the present term are cited without their day more often than others. A quarter print the year then.
NO_DAY, NO_DAY_PARTY, ONLY_YEAR = 0.04, 0.08, 0.25
NO_ISSUER, MISPRINTED_DAY, BLANK_NUMBER, MISFILED_PROVINCE = 0.10, 0.003, 0.02, 0.03
OWN_DAMAGE = 0.1  # of the share of damaged citations
FROM_BELOW = 0.08
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
    "1": "7I", "3": "8", "8": "3", "0": "6", "6": "0", "5": "6", "Đ": "D", "g": "p", "B": "8", "T": "I", "N": "H",
    "U": "Ư",
}  # fmt: skip
_CONFUSED_WORDS = {
    "ủ": "ú", "ỉ": "i", "ệ": "ê", "n": "u", "ư": "u", "y": "v", "h": "b", "ă": "á", "ộ": "ô", "â": "ả", "i": "l",
    "ấ": "ẩ", "0": "6", "1": "l", "a": "o", "c": "e",
}  # fmt: skip


@dataclass(slots=True)
class Office:
    """Who issues: level and place, and the kinds of documents (type, code, body, style) it writes.

    `home` is how its own people name it, `abroad` how others do."""

    level: str
    issuer: str
    home: str
    abroad: str
    superior: str | None
    province: str | None
    seat: str | None
    kinds: tuple[tuple[str, str, str, str], ...]
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)


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
    ("Tờ trình", "TTr", "UBND", "state"),
)
_CENTRAL = (
    ("Chính phủ", (("Nghị định", "NĐ", "CP", "normative"), ("Nghị quyết", "NQ", "CP", "state"))),
    ("Thủ tướng Chính phủ", (("Quyết định", "QĐ", "TTg", "state"), ("Chỉ thị", "CT", "TTg", "state"))),
    ("Bộ Nội vụ", (("Thông tư", "TT", "BNV", "normative"), ("Quyết định", "QĐ", "BNV", "state"))),
    ("Bộ Tài chính", (("Thông tư", "TT", "BTC", "normative"), ("Quyết định", "QĐ", "BTC", "state"))),
    ("Bộ Chính trị", (("Nghị quyết", "NQ", "TW", "party"), ("Chỉ thị", "CT", "TW", "party"))),
)
# Of each level: the issuer, how it is named at home and abroad, its kinds.
_Bodies = tuple[tuple[str, str, str, tuple[tuple[str, str, str, str], ...]], ...]
_PROVINCE: _Bodies = (
    ("Ủy ban nhân dân tỉnh {}", "UBND tỉnh", "UBND tỉnh {}", _STATE[:3]),
    ("Hội đồng nhân dân tỉnh {}", "HĐND tỉnh", "HĐND tỉnh {}", (("Nghị quyết", "NQ", "HĐND", "normative"),)),
    ("Ban Thường vụ Tỉnh ủy", "Tỉnh ủy", "Tỉnh ủy {}",
     (("Chỉ thị", "CT", "TU", "party"), ("Nghị quyết", "NQ", "TU", "party"))),
    ("Sở Nội vụ tỉnh {}", "Sở Nội vụ", "Sở Nội vụ tỉnh {}",
     (("Hướng dẫn", "HD", "SNV", "state"), ("Công văn", "", "SNV-VP", "state"))),
)  # fmt: skip
_DISTRICT: _Bodies = (
    ("Ủy ban nhân dân huyện {}", "UBND huyện", "UBND huyện {}", _STATE),
    ("Ban Thường vụ Huyện ủy", "Huyện ủy", "Huyện ủy {}",
     (("Chỉ thị", "CT", "HU", "party"), ("Kế hoạch", "KH", "HU", "party"), ("Báo cáo", "BC", "HU", "party"))),
)  # fmt: skip
_COMMUNE: _Bodies = (
    ("Ủy ban nhân dân xã {}", "UBND xã", "UBND xã {}",
     (("Kế hoạch", "KH", "UBND", "state"), ("Báo cáo", "BC", "UBND", "state"))),
    ("Ban Chấp hành Đảng bộ xã {}", "Đảng ủy xã", "Đảng ủy xã {}", (("Nghị quyết", "NQ", "ĐU", "party"),)),
)  # fmt: skip
_FROM_BELOW = {"Tờ trình", "Báo cáo"}


def make_offices(chance: random.Random, provinces: int, districts: int, communes: int) -> list[Office]:
    """Central offices first; `above` holds the offices whose documents an office cites, `below` those that report."""
    # The names of the 63 provinces differ without their marks too; those of communes need not.
    names = [f"{a} {b}" for a in _SYLLABLES for b in _SYLLABLES if a != b]
    chance.shuffle(names)
    distinct = list({fold(name): name for name in names}.values())
    offices = [Office("central", name, name, name, None, None, None, kinds) for name, kinds in _CENTRAL]
    central = list(range(len(offices)))
    for p in range(provinces):
        province = distinct[p]
        here = _add(offices, _PROVINCE, "province", province, (None, None), province)
        for office in here:
            offices[office].above = [*central, *(o for o in here if o != office)]
        above = [*central, *here]
        for d in range(districts):
            district = names[(p * 7 + d * 13 + 11) % len(names)]
            superiors = (f"UBND tỉnh {province}", f"Tỉnh ủy {province}")
            there = _add(offices, _DISTRICT, "district", district, superiors, province)
            for office in there:
                offices[office].above = [*above, *(o for o in there if o != office)]
            _report(offices, there, here)
            for c in range(communes):
                commune = names[(p * 5 + d * 17 + c * 29 + 3) % len(names)]
                superiors = (f"UBND huyện {district}", f"Huyện ủy {district}")
                lowest = _add(offices, _COMMUNE, "commune", commune, superiors, province)
                for office in lowest:
                    offices[office].above = [*above, *there, *there, *(o for o in lowest if o != office)]
                _report(offices, lowest, there)
    return offices


def _add(
    offices: list[Office],
    bodies: _Bodies,
    level: str,
    place: str,
    superiors: tuple[str | None, str | None],
    province: str,
) -> list[int]:
    """The numbers of the new offices of one place."""
    first = len(offices)
    for issuer, home, abroad, kinds in bodies:
        superior = superiors[kinds[0][3] == "party"]
        seat = None if level == "province" else place
        made = Office(level, issuer.format(place), home, abroad.format(place), superior, province, seat, kinds)
        offices.append(made)
    return list(range(first, len(offices)))


def _report(offices: list[Office], below: list[int], above: list[int]) -> None:
    """State offices report to state offices, committees to committees."""
    for office in above:
        style = offices[office].kinds[0][3]
        offices[office].below += [o for o in below if (offices[o].kinds[0][3] == "party") == (style == "party")]


_WEIGHTS = {"central": 30.0, "province": 8.0, "district": 2.0, "commune": 0.6}


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
        span = term_of(day, offices[office].level) if style == "party" else year
        if style == "party" and (office, kind, span) not in counters:
            # The term of the first years began before them.
            counters[office, kind, span] = _written_before(span, offices[office].level)
        # Other documents of the office, which nobody cites, take numbers too.
        counters[office, kind, span] += chance.randint(1, 6)
        number = counters[office, kind, span]
        symbol = f"{code}-{body}" if code else body
        reference = {"party": f"{number:02d}-{code}/{body}", "normative": f"{number:02d}/{year}/{symbol}"}.get(
            style, f"{number:02d}/{symbol}"
        )
        title = f"về {chance.choice(_TOPICS)} năm {year}"
        if chance.random() < 0.5:
            title += f" trên địa bàn số {chance.randint(1, 400)}"
        papers.append(Paper(office, kind, day, number, reference, title))
    return papers


def term_of(day: str, level: str) -> int:
    """The number of a committee's term."""
    return (int(day[:4]) * 12 + int(day[5:7]) - 1 - TERM_BEGINS[level]) // TERM_MONTHS


def _written_before(span: int, level: str) -> int:
    """What a committee has written in the first term before the archive begins."""
    begins = FIRST_YEAR * 12 - TERM_BEGINS[level]
    if span != begins // TERM_MONTHS:
        return 0
    return round((begins - span * TERM_MONTHS) * _WEIGHTS[level] / 30)


def damage(chance: random.Random, text: str, confused: dict[str, str] = _CONFUSED) -> str:
    """One or two characters as OCR confuses them."""
    letters = list(text)
    for _ in range(chance.choice((1, 1, 2))):
        places = [i for i, c in enumerate(letters) if c in confused]
        if places:
            at = chance.choice(places)
            letters[at] = chance.choice(confused[letters[at]])
    return "".join(letters)


_COLUMNS = (
    "citation_id", "document_id", "document_type", "reference_number", "issued_on", "issuer", "title", "relation",
)  # fmt: skip


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
            documents.append(_document_row(chance, name, paper, office, damaged * OWN_DAMAGE))
            chosen = _choose_cited(chance, paper, office, papers, by_office)
            chosen += _from_below(chance, paper, office, offices, papers, by_office)
            numbers = Counter(papers[cited].reference for cited in chosen)
            for cited in chosen:
                # Who cites two documents of one number prints their days.
                alone = numbers[papers[cited].reference] == 1
                for row in _mentions(chance, paper, papers[cited], offices, damaged, alone=alone):
                    row |= {"citation_id": f"{name}.c{len(rows)}", "document_id": name}
                    rows.append(row)
                    truth.append(cited)
        by_office.setdefault(paper.office, []).append(index)
    cited_table = pa.table({c: pa.array([r[c] for r in rows], pa.string()) for c in _COLUMNS})
    names = list(documents[0])
    document_table = pa.table({c: pa.array([d[c] for d in documents], pa.string()) for c in names})
    return document_table, cited_table, truth, ids


def _document_row(
    chance: random.Random, name: str, paper: Paper, office: Office, damaged: float
) -> dict[str, str | None]:
    kind, code, body, _ = office.kinds[paper.kind]
    blank = chance.random() < BLANK_NUMBER
    printed = damage(chance, paper.reference) if chance.random() < damaged else paper.reference
    return {
        "document_id": name,
        "document_type": kind,
        "reference_number": (f"/{code}-{body}" if code else None) if blank else printed,
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


def _from_below(
    chance: random.Random,
    paper: Paper,
    office: Office,
    offices: list[Office],
    papers: list[Paper],
    by_office: dict[int, list[int]],
) -> list[int]:
    """`theo đề nghị của … tại Tờ trình số …`: a recent report or proposal of an office below."""
    if not office.below or chance.random() >= FROM_BELOW * 4:
        return []
    below = chance.choice(office.below)
    recent = [
        index
        for index in by_office.get(below, [])[-4:]
        if offices[below].kinds[papers[index].kind][0] in _FROM_BELOW and papers[index].day < paper.day
    ]
    return recent[-1:]


def _mentions(
    chance: random.Random, citing: Paper, cited: Paper, offices: list[Office], damaged: float, *, alone: bool
) -> list[dict[str, str | None]]:
    """The mentions of one document in another, as extraction hands them on: short ones completed where it can."""
    office = offices[cited.office]
    party = office.kinds[cited.kind][3] == "party" and term_of(citing.day, office.level) == term_of(
        cited.day, office.level
    )
    day: str | None = cited.day
    if alone and chance.random() < (NO_DAY_PARTY if party else NO_DAY):
        day = cited.day[:4] if chance.random() < ONLY_YEAR else None
    elif chance.random() < MISPRINTED_DAY:
        day = f"{cited.day[:8]}{chance.randint(1, 28):02d}"
    issuer = _named(chance, offices, citing.office, cited.office)
    relation = chance.choice(("implements", "legal_basis", "mentions"))
    rows = []
    for _ in range(chance.choice((1, 2, 2, 3, 4))):
        row = {
            "document_type": office.kinds[cited.kind][0],
            "reference_number": cited.reference,
            "issued_on": day,
            "issuer": issuer,
            "title": cited.title if chance.random() < 0.5 else None,
            "relation": relation,
        }
        if chance.random() < damaged:
            _damage_row(chance, row)
        rows.append(row)
    return rows


def _named(chance: random.Random, offices: list[Office], citing: int, cited: int) -> str | None:
    """How an office is named in a document of another: below and abroad always with its place."""
    office = offices[cited]
    at_home = cited == citing or cited in offices[citing].above
    if not at_home:
        return chance.choice((office.abroad, office.issuer if (office.seat or "") in office.issuer else office.abroad))
    if chance.random() < NO_ISSUER:
        return None
    return chance.choice((office.issuer, office.issuer, office.home, office.abroad))


def _damage_row(chance: random.Random, row: dict[str, str | None]) -> None:
    """One value as OCR damages it: mostly the number with its symbol, sometimes the day, the issuer or the title."""
    what = chance.random()
    day = row["issued_on"]
    if what < 0.55:
        row["reference_number"] = damage(chance, row["reference_number"] or "")
    elif what < 0.85:
        row["issued_on"] = damage(chance, day) if day and chance.random() < 0.5 else None
        if not _in_calendar(row["issued_on"]):
            row["issued_on"] = None  # no calendar has the day: extraction does not hand it on
    else:
        field = "issuer" if what < 0.95 else "title"
        row[field] = damage(chance, row[field] or "", _CONFUSED_WORDS) or None


def _in_calendar(day: str | None) -> bool:
    return day is not None and day.replace("-", "").isdigit() and day[5:7] <= "12" and day[8:] <= "31"
