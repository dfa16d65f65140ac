"""One frame of everything that names an instrument: citations, and the documents themselves by their own numbers.

Columns (strings, empty where nothing is known): `source` the document that says it; `citation` the citation's id, empty
for a document's `own` number; `named` true for what is cited by name alone; `symbol`, `number`, `year`, `style` the
parts of the reference; `date` as printed; `level`, `province`, `district`, `commune` of the office that issued the
instrument, `at_…` of the office that says it; `said_by` the date of the document that says it.
"""

from __future__ import annotations

import polars as pl

from pipeline.link.frames import by_distinct, joined, with_parts
from pipeline.link.named import name_keys
from pipeline.link.places import level_of_symbol, place_of_issuer
from pipeline.link.titles import title_key
from pipeline.link.twins import compare_within_documents
from pipeline.reference_numbers import parse_reference
from pipeline.vietnamese import fold

CENTRAL = "vn"
PLACE = ("level", "province", "district", "commune")
AT = tuple(f"at_{part}" for part in PLACE)
_EITHER = "t?"
_REFERENCE = (
    r"^(?P<number>\d{1,5}[a-zA-Zđ]?)?\s?(?P<lead>[-/]?)(?:(?P<year>(?:19[4-9]|20\d)\d)/)?(?P<symbol>[^\d\s].*)?$"
)
DOCUMENT_COLUMNS = (
    "document_id", "document_type", "reference_number", "issued_on", "issuer", "issuer_superior", "issuer_level",
    "issued_at", "province", "title",
)  # fmt: skip
CITATION_COLUMNS = (
    "citation_id", "document_id", "document_type", "reference_number", "issued_on", "issuer", "title", "relation",
    "term",
)  # fmt: skip
_WORDS = ("reference", "document_type", "issuer", "title", "relation", "term", "date")


def gather_mentions(papers: pl.DataFrame, cited: pl.DataFrame) -> pl.DataFrame:
    """The frame, of `papers` as `pipeline.link.papers.describe_papers` gives them and their citations.

    `cited` has CITATION_COLUMNS, `confidence` (number) and `named`.
    """
    offices = papers.select(
        pl.col("document_id").alias("source"),
        *(pl.col(part).alias(f"at_{part}") for part in PLACE),
        pl.col("issued_on").alias("said_by"),
    )
    names = {"document_id": "source", "citation_id": "citation", "reference_number": "reference", "issued_on": "date"}
    theirs = cited.rename(names).with_columns(own=pl.lit(False))
    theirs = with_parts(theirs, "issuer", place_of_issuer, PLACE)
    theirs = theirs.join(offices, on="source", how="left").with_columns(pl.col(*AT, "said_by").fill_null(""))
    theirs = _complete_places(_with_reference(theirs))
    own = papers.rename(names | {"citation_id": "unused"}, strict=False).with_columns(
        own=pl.lit(True),
        named=pl.lit(False),
        citation=pl.lit(""),
        relation=pl.lit(""),
        term=pl.lit(""),
        confidence=pl.lit(1.0),
    )
    own = own.join(offices, on="source", how="left")
    level = pl.when(pl.col("level") == "").then(pl.col("coded")).otherwise(pl.col("level"))
    own = _without_finer(_with_reference(own).with_columns(level=level))
    columns = ["source", "citation", "own", "named", *_WORDS, "confidence", "number", "year", "symbol", "style"]
    columns += [*PLACE, *AT, "said_by"]
    mentions = pl.concat([theirs.select(columns), own.select(columns)])
    mentions = mentions.with_columns(
        title_key=by_distinct(mentions["title"], title_key),
        name_key=name_keys(mentions),
        dated=pl.col("date").str.len_chars() == 10,
        numbered=(pl.col("number") != "") & (pl.col("symbol") != "") & ~pl.col("named"),
        complete=_is_complete(),
    )
    return compare_within_documents(_with_plain_symbols(mentions), PLACE).drop("at_province")


def _with_plain_symbols(mentions: pl.DataFrame) -> pl.DataFrame:
    """`TƯ` is short for `Trung ương`, or a misread `TU`: the level of the office tells."""
    stem = pl.col("symbol").str.strip_suffix(_EITHER)
    either = pl.col("symbol").str.ends_with(_EITHER)
    central = pl.when(pl.col("level") == "central").then(pl.lit("tw")).otherwise(pl.lit("tu"))
    return mentions.with_columns(symbol=pl.when(either).then(stem + central).otherwise(pl.col("symbol")))


def _is_complete() -> pl.Expr:
    """Whether the office is named in full."""
    level, known = pl.col("level"), pl.col("province") != ""
    district = known & (pl.col("district") != "")
    return (
        (level == "central")
        | ((level == "province") & known)
        | ((level == "district") & district)
        | ((level == "commune") & district & (pl.col("commune") != ""))
    )


def _with_reference(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the parts of its references; `symbol` is in one spelling, `coded` the level it speaks of."""
    distinct = frame.select("reference").unique()
    parts = distinct.with_columns(pl.col("reference").str.extract_groups(_REFERENCE).struct.unnest())
    parts = parts.with_columns(pl.col("number", "lead", "year", "symbol").fill_null(""))
    party = (pl.col("lead") == "-") & pl.col("symbol").str.contains("/", literal=True)
    parts = parts.with_columns(
        style=pl.when(party).then(pl.lit("party")).otherwise(pl.lit("state")),
        number=pl.col("number").str.strip_chars_start("0").str.to_lowercase(),
    )
    parts = parts.with_columns(code=joined("style", "symbol")).drop("symbol")
    parts = with_parts(parts, "code", _split_code, ("type_code", "body", "symbol"))
    normative = pl.when(pl.col("year") != "").then(pl.lit("y")).otherwise(pl.lit(""))
    parts = parts.with_columns(normative=normative)
    parts = parts.with_columns(whole=joined("body", "type_code", "style", "normative"))
    parts = with_parts(parts, "whole", lambda whole: (_level_of(whole),), ("coded",))
    wanted = parts.select("reference", "number", "year", "symbol", "style", "coded")
    return frame.join(wanted, on="reference", how="left")


def _level_of(whole: str) -> str:
    body, type_code, style, normative = whole.rsplit("|", 3)
    if style == "party" and body.endswith("TƯ"):
        return ""
    return level_of_symbol(body, type_code, style, normative == "y")


def _split_code(code: str) -> tuple[str, str, str]:
    """`party|CT/TU` as the code of the type, the body, and both as a key without marks and capitals."""
    style, symbol = code.split("|", 1)
    if not symbol:
        return "", "", ""
    parsed = parse_reference(("1-" if style == "party" else "1/") + symbol)
    if parsed is None:
        return "", symbol, f"{style}:{fold(symbol).replace('/', '-').replace(' ', '')}"
    type_code, body = parsed.type_code or "", fold(parsed.body)
    if parsed.style == "party" and parsed.body.endswith("TƯ"):
        body = body.removesuffix("tu") + _EITHER
    return type_code, parsed.body, f"{parsed.style}:{fold(type_code)}-{body}"


def _complete_places(frame: pl.DataFrame) -> pl.DataFrame:
    """Level from the code where the words do not say it; missing names from the office that cites.

    An office cites its own and its superiors' documents: what is not named lies above or at the office that cites.
    """
    level, coded = pl.col("level"), pl.col("coded")
    frame = frame.with_columns(level=pl.when((level != "") & (coded != "central")).then(level).otherwise(coded))
    frame = frame.with_columns(province=_or_else("province", pl.lit(True)))
    same = pl.col("province") == pl.col("at_province")
    frame = frame.with_columns(district=_or_else("district", same & level.is_in(["district", "commune"])))
    same &= pl.col("district") == pl.col("at_district")
    return _without_finer(frame.with_columns(commune=_or_else("commune", same & (level == "commune"))))


def _or_else(part: str, where: pl.Expr) -> pl.Expr:
    return pl.when((pl.col(part) == "") & where).then(pl.col(f"at_{part}")).otherwise(pl.col(part))


def _without_finer(frame: pl.DataFrame) -> pl.DataFrame:
    """An office has no place finer than its level; central offices have none at all."""
    level = pl.col("level")
    nothing = pl.lit("")
    return frame.with_columns(
        province=pl.when(level == "central").then(pl.lit(CENTRAL)).otherwise(pl.col("province")),
        district=pl.when(level.is_in(["central", "province"])).then(nothing).otherwise(pl.col("district")),
        commune=pl.when(level.is_in(["central", "province", "district"])).then(nothing).otherwise(pl.col("commune")),
    )
