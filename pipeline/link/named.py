"""Documents that are cited by their names: laws by name and year, resolutions of plenums and congresses."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

from pipeline.link.mentions import by_distinct, text_column
from pipeline.vietnamese import fold

_LAWS = ("Luật", "Bộ luật", "Pháp lệnh")
_ORDINALS = {
    "nhat": "1", "hai": "2", "ba": "3", "tu": "4", "bon": "4", "nam": "5", "sau": "6", "bay": "7", "tam": "8",
    "chin": "9", "muoi": "10", "muoi mot": "11", "muoi hai": "12",
}  # fmt: skip
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_LEVELS = {
    "huyen": "district", "quan": "district", "thi xa": "district", "thanh pho": "district", "xa": "commune",
    "phuong": "commune", "thi tran": "commune", "tinh": "province",
}  # fmt: skip


def name_keys(named: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """A key per row; `places` holds level, province, district, commune of each row's citing document."""
    title = by_distinct(text_column(named, "title"), lambda t: fold(t).strip(" ,."))
    year = text_column(named, "issued_on").str.slice(0, 4)
    term = by_distinct(text_column(named, "term"), term_number)
    kind = text_column(named, "document_type")
    keys = [
        _key(k, t, y, n, p, d, c, source)
        for k, t, y, n, p, d, c, source in zip(
            kind,
            title,
            year,
            term,
            places["province"],
            places["district"],
            places["commune"],
            text_column(named, "document_id"),
            strict=True,
        )
    ]
    return pd.Series(keys, index=named.index, dtype=object)


def _key(kind: str, title: str, year: str, term: str, province: str, district: str, commune: str, source: str) -> str:
    if kind in (*_LAWS, "Hiến pháp"):
        return f"law|{title}|{year}"
    if "dai hoi" in title:
        return f"congress|{_congress_office(title, province, district, commune, source)}|{term}"
    ordinal = plenum_number(title)
    return f"plenum|{kind}|{ordinal}|{term}"


def _congress_office(title: str, province: str, district: str, commune: str, source: str) -> str:
    """Whose congress it is: the country's, or that of the committee at or above the citing office."""
    level = next((level for word, level in _LEVELS.items() if re.search(rf"dang bo {word}\b", title)), "")
    if not level:
        return ""
    parts = {"province": (province,), "district": (province, district), "commune": (province, district, commune)}[level]
    printed = re.split(r" lan thu| khoa", re.sub(r".*?dang bo (?:thi xa|thi tran|thanh pho|\w+)", "", title))[0].strip()
    if printed and printed != parts[-1]:
        return f"{level},{province if level != 'province' else ''},{printed}"
    return f"{level},{','.join(parts)}" if all(parts) else f"{level},of {source}"


@lru_cache(maxsize=4096)
def term_number(term: str) -> str:
    """`khóa XII`, `lần thứ 12` as `12`."""
    last = fold(term).split()[-1] if term.strip() else ""
    if last.isdigit():
        return str(int(last))
    if last and all(c in _ROMAN for c in last):
        values = [_ROMAN[c] for c in last]
        return str(sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True)))
    return last


def plenum_number(title: str) -> str:
    """The plenum's number in a title without marks: `nghi quyet trung uong 4`, `… hoi nghi lan thu tu …` are 4."""
    match = re.search(
        r"lan thu (muoi (?:mot|hai)|\w+)|(?:trung uong|tw)(?: dang)?(?: lan thu)? (\d{1,2}|[ivx]+)\b", title
    )
    if match is None:
        return title
    word = match[1] or match[2]
    return _ORDINALS.get(word) or term_number(word)


def law_numbers(mentions: pd.DataFrame) -> dict[str, str]:
    """From a law's name and year to the key of the one numbered law that carries them."""
    laws = mentions[mentions["document_type"].isin(_LAWS) & (mentions["title"] != "") & (mentions["number"] != "")]
    if laws.empty:
        return {}
    year = laws["year"].where(laws["year"] != "", laws["date"].str.slice(0, 4))
    names = "law|" + by_distinct(laws["title"], lambda t: fold(t).strip(" ,.")) + "|" + year
    keys = pd.DataFrame({"name": names, "key": laws["key"]}).drop_duplicates()
    single = keys[~keys.duplicated("name", keep=False)]
    return dict(zip(single["name"], single["key"], strict=True))
