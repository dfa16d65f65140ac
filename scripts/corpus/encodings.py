"""The letters of old Vietnamese encodings and of broken PDF fonts, and text without its marks."""

from __future__ import annotations

import unicodedata

# TCVN 5712-3 (fonts .VnTime and the like): the letter and its byte. Source: TCVN 5712:1993, table VN3.
_TCVN3_BYTES = (
    "àµả¶ã·á¸ạ¹ă¨ằ»ẳ¼ẵ½ắ¾ặÆâ©ầÇẩÈẫÉấÊậËđ®èÌẻÎẽÏéÐẹÑêªềÒểÓễÔếÕệÖì×ỉØĩÜíÝịÞòßỏáõâóãọäô«ồåổæỗçốèộéơ¬ờêởëỡìớíợî"
    "ùïủñũòúóụôư\u00adừõửöữ÷ứøựùỳúỷûỹüýýỵþĂ¡Â¢Đ§Ê£Ô¤Ơ¥Ư¦"
)
TCVN3 = dict(zip(_TCVN3_BYTES[::2], _TCVN3_BYTES[1::2], strict=True))

_PLAIN_SIGNS = str.maketrans({"–": "-", "“": '"', "”": '"', "‰": "%o", "…": "..."})

# What PDF fonts made by old converters claim for these two letters.
BROKEN_TO_UNICODE = {"Ư": "Ƣ", "ư": "ƣ"}


def tcvn3(text: str) -> str:
    """The text in TCVN3 letters, each the cp1252 reading of its byte. Toned capitals become small letters, as the
    encoding has none: fonts whose name ends in H show them as capitals."""
    return "".join(TCVN3.get(letter) or TCVN3.get(letter.lower()) or letter for letter in _plain(text))


def tcvn3_bytes(text: str) -> bytes:
    """The same as the bytes of a text file. Raises UnicodeEncodeError for letters that no byte stands for."""
    return tcvn3(text).encode("latin-1")


def broken_to_unicode(text: str) -> str:
    """The text as a PDF with a wrong ToUnicode map gives it."""
    return text.translate({ord(letter): shown for letter, shown in BROKEN_TO_UNICODE.items()})


def without_marks(text: str) -> str:
    """The text as typed without tones and marks."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("Đ", "D")


def _plain(text: str) -> str:
    """Signs that an 8-bit font lacks, written as typists of the time wrote them."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN_SIGNS)
