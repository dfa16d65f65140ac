"""Strange text through restoration, segmentation and extraction: `strange [CASES] [SEED]`, or `strange growth [LONGEST]
[NAME…]`.

The first makes that many pages of sound sentences mixed with what no sentence has, and names the slowest and whatever
raised an error. The second makes pages of one strange thing up to 1 MB, and names those whose time grows faster than
their length.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
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
SHORTEST = 16_000
"""Characters of the shortest page of which `growth` measures the cost."""
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
LONGER: dict[str, str] = {
    "bars": "| ",
    "pairs of quotation marks": "“a” ",
    "quoted articles": "\n“Điều 1. Giao các thôn.",
    "mottos in capitals": "\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "whole documents": "\nỦY BAN NHÂN DÂN XÃ ĐỒNG MÂY\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    "Độc lập - Tự do - Hạnh phúc\nSố: 12/KH-UBND\nĐồng Mây, ngày 12 tháng 3 năm 2031\nKẾ HOẠCH\nLàm đường\n"
    "1. Giảm 3% hộ nghèo.\nNơi nhận:\n- Như trên;\nCHỦ TỊCH\n\nNguyễn Văn Mẫu\n",
}
"""What `growth` looks at beside STRANGE."""


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


def growth(longest: int = 1_024_000, budget: float = 60.0, names: Sequence[str] = ()) -> int:
    """A table of what a million characters of each strange thing (all, or those in `names`) cost: on a page of 16 000,
    and on pages each four times as long, up to `longest` or until one took a quarter of `budget`. How many grow faster
    than their length."""
    run(" ".join(SENTENCES))  # loads what the stages need
    bad = 0
    for name, piece in {**STRANGE, **LONGER}.items():
        if names and name not in names:
            continue
        length, costs, seconds = SHORTEST, list[float](), 0.0
        while length <= longest and 4 * seconds < budget:
            text = SENTENCES[0] + "\n" + piece * (length // len(piece)) + "\n" + SENTENCES[1]
            try:
                seconds = run(text)
            except Exception as error:
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
                bad += 1
                break
            costs.append(seconds * 1e6 / length)
            length *= 4
        faster = len(costs) > 1 and costs[-1] > 2 * costs[0] + 1
        bad += faster
        print(f"{name:<30}" + "".join(f"{cost:8.1f}" for cost in costs) + (" TOO FAST" if faster else ""), flush=True)
    print(f"seconds of one core a million characters, on pages of {SHORTEST}, {4 * SHORTEST}, … characters")
    return bad


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["growth"]:
        raise SystemExit(growth(int(words[1]) if len(words) > 1 else 1_024_000, names=words[2:]) > 0)
    cases = int(words[0]) if words else 10_000
    raise SystemExit(many(cases, int(words[1]) if len(words) > 1 else random.SystemRandom().randrange(2**32)) > 0)
