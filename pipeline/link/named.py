"""Documents that are cited by their names: laws by name and year, resolutions of plenums and congresses."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from pipeline.link.frames import by_distinct
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


def name_keys(mentions: pl.DataFrame) -> pl.Series:
    """A key for each mention that is `named`, empty for the others."""
    parts = ["document_type", "title", "date", "term", "at_province", "at_district", "at_commune", "source"]
    distinct = mentions.filter("named").select(parts).unique()
    keys = [_key_of(*row) for row in distinct.iter_rows()]
    made = distinct.with_columns(pl.Series("key", keys, dtype=pl.String), named=pl.lit(True))
    whole = mentions.select(*parts, "named").join(made, on=[*parts, "named"], how="left", maintain_order="left")
    return whole["key"].fill_null("")


def _key_of(
    kind: str, title: str, date: str, term: str, province: str, district: str, commune: str, source: str
) -> str:
    return _key(kind, _law_name(title), date[:4], term_number(term), province, district, commune, source)


@lru_cache(maxsize=65536)
def _law_name(title: str) -> str:
    return fold(title).strip(" ,.")


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


def is_law() -> pl.Expr:
    """Whether a mention is of a law that has its number and its name."""
    return pl.col("document_type").is_in(_LAWS) & (pl.col("title") != "") & pl.col("numbered")


def law_numbers(laws: pl.DataFrame) -> pl.DataFrame:
    """`key` of a law's name and year, and `number_key` of the one numbered law that carries them; of mentions that
    `is_law` chose."""
    year = pl.when(pl.col("year") != "").then(pl.col("year")).otherwise(pl.col("date").str.slice(0, 4))
    laws = laws.with_columns(name=by_distinct(laws["title"], _law_name), named_year=year)
    names = laws.select(
        pl.concat_str([pl.lit("law"), "name", "named_year"], separator="|").alias("name"), number_key="meant"
    ).unique()
    return names.filter(pl.len().over("name") == 1).rename({"name": "key"})
