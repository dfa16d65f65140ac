"""The documents of the archive as linking sees them: what each says of itself, and where its office is."""

from __future__ import annotations

import polars as pl

from pipeline.link.frames import by_distinct, with_parts
from pipeline.link.mentions import DOCUMENT_COLUMNS, PLACE
from pipeline.link.places import bare_place, place_of_issuer

_PARTS = PLACE[1:]


def describe_papers(documents: pl.DataFrame) -> pl.DataFrame:
    """One row per document: DOCUMENT_COLUMNS with `level`, `province`, `district`, `commune` of the office.

    `printed_province` is the province as it stands in the table. The province of an office that does not print it is
    that of its district, where all documents of the archive put a district of that name in one province.
    """
    papers = documents.unique("document_id", keep="first", maintain_order=True)
    papers = papers.rename({"province": "printed_province"})
    papers = with_parts(papers, "issuer", place_of_issuer, ("said_level", *_PARTS))
    papers = with_parts(papers, "issuer_superior", place_of_issuer, ("above_level", *(f"above_{p}" for p in _PARTS)))
    papers = papers.with_columns(
        level=_first("issuer_level", "said_level"),
        stated=by_distinct(papers["printed_province"], bare_place),
        seat=by_distinct(papers["issued_at"], bare_place),
        **{part: _first(part, f"above_{part}") for part in _PARTS},
    )
    papers = papers.with_columns(province=_first("stated", "province"))
    # `Hạ Lang, ngày …` names the district or commune where the header does not.
    papers = papers.with_columns(
        **{
            part: pl.when((pl.col("level") == part) & (pl.col(part) == "")).then(pl.col("seat")).otherwise(pl.col(part))
            for part in _PARTS
        }
    )
    papers = _with_province_of_district(papers)
    return papers.select(*(c for c in DOCUMENT_COLUMNS if c != "province"), "printed_province", *PLACE)


def _first(*columns: str) -> pl.Expr:
    """The first of some columns that says something."""
    return pl.coalesce(pl.when(pl.col(c) != "").then(pl.col(c)) for c in columns).fill_null("")


def _with_province_of_district(papers: pl.DataFrame) -> pl.DataFrame:
    known = papers.filter((pl.col("province") != "") & (pl.col("district") != "")).select("district", "province")
    single = known.unique().filter(pl.len().over("district") == 1).rename({"province": "only"})
    papers = papers.join(single, on="district", how="left", maintain_order="left")
    below = pl.col("level").is_in(["district", "commune"]) & (pl.col("province") == "")
    return papers.with_columns(
        province=pl.when(below).then(pl.col("only").fill_null("")).otherwise(pl.col("province"))
    ).drop("only")
