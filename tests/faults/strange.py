"""Strange text through restoration, segmentation and extraction: `strange [CASES] [SEED]`, or `strange growth`.

The first makes that many pages of sound sentences mixed with what no sentence has, and names the slowest and whatever
raised an error. The second makes pages of one strange thing, once and twice as long up to 1 MB, and names those whose
time grows faster than their length.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from pipeline.extract import extract
from pipeline.models import Line, MediaType, Page, Source
from pipeline.restore import restore_pages
from pipeline.segment import segment
from pipeline.settings import RestoreSettings

SENTENCES = (
    "Giảm tỷ lệ hộ nghèo xuống dưới 3% vào cuối năm 2031.",
    "Giao Ủy ban nhân dân xã Đồng Mây chủ trì, phối hợp với các đoàn thể tổ chức thực hiện trước ngày 30/11/2031.",
    "Căn cứ Kế hoạch số 12/KH-UBND ngày 15/3/2031 của Ủy ban nhân dân huyện Thanh Sơn Hạ;",
    "Phấn đấu đến năm 2035 trồng từ 1.250 đến 1.500 cây xanh, tăng 12,5% so với năm 2030.",
    "Định kỳ hằng quý báo cáo Thường trực Huyện ủy trước ngày 20 tháng cuối quý.",
    "2.1. Nhiệm vụ và giải pháp",
    "Nơi nhận:\n- Như trên;\n- Lưu: VT.",
)
STRANGE: dict[str, str] = {
    "digits": "7",
    "digits and points": "1.",
    "digits and commas": "1,",
    "digits and slashes": "1/",
    "percents": "3% ",
    "ranges": "1-",
    "numbers and units": "5 tỷ đồng ",
    "dates": "01/02/2031 ",
    "half dates": "ngày ",
    "months": "tháng 3 ",
    "reference numbers": "12/KH-UBND ",
    "halves of reference numbers": "số 1/",
    "number words": "Chỉ thị số ",
    "capitals": "Ủ",
    "letters": "a",
    "syllables": "xã ",
    "brackets": "(",
    "pairs of brackets": "()",
    "quotation marks": "“",
    "commas": ",",
    "semicolons": "; ",
    "full stops": ".",
    "ellipses": "… ",
    "blanks": " ",
    "tabs": "\t",
    "empty lines": "\n",
    "hyphens": "- ",
    "list letters": "a) ",
    "list numbers": "1. ",
    "Roman numbers": "IV. ",
    "list lines": "\n1. ",
    "bullet lines": "\n- giảm 3%",
    "articles": "\nĐiều 1. ",
    "annexes": "\nPHỤ LỤC\n",
    "signatures": "\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n",
    "recipients": "\nNơi nhận:\n- ",
    "issuers": "ỦY BAN NHÂN DÂN ",
    "mottos": "\nĐộc lập - Tự do - Hạnh phúc\n",
    "actors": "Ủy ban nhân dân xã, ",
    "verbs": "chủ trì, phối hợp ",
    "reduce": "giảm ",
    "from and to": "từ 1 đến ",
    "comparators": "trên dưới ",
    "marks": "a\u0301",
    "lonely marks": "\u0301",
    "emoji": "\U0001f600",
    "ideographs": "地",
    "right to left": "\u202e\u05d0",
    "invisible": "\u200b",
    "replacement characters": "\ufffd",
    "control characters": "\x01",
    "bytes of old encodings": "ñöôïc ",
    "bytes of TCVN3": "®­îc ",
}


def run(text: str) -> float:
    """Processor seconds that the page takes, whatever comes of it. Raises what a stage raises."""
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(Line(start, start + len(line), None, 1.0))
        start += len(line) + 1
    page = Page(number=1, text_raw=text, method="plain", lines=tuple(lines))
    source = Source(Path("a.txt"), "a.txt", "0" * 64, MediaType.TEXT, len(text))
    began = time.process_time()
    for document in segment(source, restore_pages((page,), RestoreSettings())):
        extract(document)
    return time.process_time() - began


def page_of(dice: random.Random) -> str:
    """Some sentences, between and within which strange things stand."""
    pieces = []
    for _ in range(dice.randrange(1, 12)):
        sentence = dice.choice(SENTENCES)
        if dice.random() < 0.6:
            at = dice.randrange(len(sentence) + 1)
            strange = dice.choice(list(STRANGE.values())) * dice.choice((1, 1, 2, 5, 40, 300))
            sentence = sentence[:at] + strange + sentence[at:]
        pieces.append(sentence)
    return dice.choice(("\n", " ", "\n\n")).join(pieces)


def many(cases: int, seed: int) -> int:
    """Runs so many pages; the number of errors."""
    slowest: list[tuple[float, int, int]] = []
    errors = 0
    for number in range(cases):
        text = page_of(random.Random(f"{seed}/{number}"))
        try:
            slowest.append((run(text), number, len(text)))
        except Exception as error:
            errors += 1
            print(f"page {number}: {type(error).__name__}: {error}", flush=True)
        slowest = sorted(slowest, reverse=True)[:5]
    for seconds, number, length in slowest:
        print(f"page {number} of {length} characters took {seconds:.2f} s")
    print(f"{cases} pages, {errors} errors, seed {seed}")
    return errors


def growth(longest: int = 1_000_000, budget: float = 20.0) -> int:
    """Doubles each strange thing until it is long enough or takes longer than `budget`; how many grow too fast."""
    bad = 0
    for name, piece in STRANGE.items():
        length, before, ratio, seconds = 8_000, 0.0, 0.0, 0.0
        while length <= longest and seconds < budget:
            text = SENTENCES[0] + "\n" + piece * (length // len(piece)) + "\n" + SENTENCES[1]
            try:
                before, seconds = seconds, run(text)
            except Exception as error:
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
                bad += 1
                break
            ratio = seconds / before if before > 0.05 else 0.0
            length *= 2
        mark = "TOO FAST" if ratio > 3 or seconds >= budget else ""
        bad += bool(mark)
        print(
            f"{name:<30} {length // 2:>8} characters {seconds:7.2f} s, {ratio:4.1f} times the half {mark}", flush=True
        )
    return bad


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["growth"]:
        raise SystemExit(growth(*map(int, words[1:])) > 0)
    cases = int(words[0]) if words else 10_000
    raise SystemExit(many(cases, int(words[1]) if len(words) > 1 else random.SystemRandom().randrange(2**32)) > 0)
