"""Strange text through restoration, segmentation and extraction: `strange [CASES] [SEED]`, or `strange growth [LONGEST]
[NAME…]`.

The first makes that many pages of sound sentences mixed with what no sentence has, and names the slowest and whatever
raised an error. The second makes pages of one strange thing up to 1 MB, as one line and as many short ones, and names
those whose time grows faster than their length.
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
SIZES = (16_000, 128_000, 1_024_000)
"""Characters of the pages whose cost `growth` measures."""
LINE = 25
"""Characters of a line, where a page is made of short ones."""
FASTER = 1.3
"""How many times the time may grow by, over what the length grows by."""
NOTICED = 1.0
"""Seconds below which growth is not looked at: they are noise."""
BUDGET = 300.0
"""Seconds that the longest page may be expected to take, or it is not tried."""
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
    "orders": "Giao Sở Tài chính thực hiện đạt 12,5% trước ngày 15/3/2034; ",
    "targets": "tỷ lệ hộ nghèo giảm còn 3%, ",
    "deadlines": "hoàn thành trước ngày 30/6/2035, ",
    "citations": "Kế hoạch số 12/KH-UBND ngày 15/3/2031, ",
    "provisions": "Điều 1, ",
    "bodies": "UBND xã A, ",
    "days": "ngày 30/6/2035 ",
    "rows between bars": "\n| Tỷ lệ hộ nghèo | % | 3 |",
    "rows of tabs": "\nTỷ lệ hộ nghèo\t%\t3",
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


def probes() -> dict[str, str]:
    """What `growth` looks at: each strange thing as one line, and as many short ones."""
    pieces = {**STRANGE, **LONGER}
    lines = {
        f"{name}, in lines": "\n" + piece * max(1, LINE // len(piece))
        for name, piece in pieces.items()
        if "\n" not in piece
    }
    return pieces | lines


def probe(piece: str, length: int) -> float:
    """Processor seconds of a page of that many characters that repeats a piece between two sentences."""
    return run(SENTENCES[0] + "\n" + piece * (length // len(piece)) + "\n" + SENTENCES[1])


def grown(piece: str, sizes: Sequence[int] = SIZES) -> list[float]:
    """The seconds of each size, until a page would take longer than BUDGET."""
    seconds: list[float] = []
    for before, length in zip((sizes[0], *sizes), sizes, strict=False):
        if seconds and seconds[-1] * FASTER * length / before > BUDGET:
            break
        seconds.append(probe(piece, length))
    return seconds


def excess(seconds: Sequence[float], sizes: Sequence[int] = SIZES) -> float:
    """How many times faster than the length the time grew over the last step: 1 is linear."""
    if len(seconds) < 2:
        return 1.0
    last = len(seconds) - 1
    return (seconds[-1] / sizes[last]) / (max(seconds[-2], 1e-3) / sizes[last - 1])


def growth(longest: int = SIZES[-1], names: Sequence[str] = ()) -> int:
    """A table of the seconds that pages of each strange thing (all, or those in `names`) take, and how much faster the
    time grew than the length over the last step. How many grow faster than FASTER, twice, or were not tried to the
    end."""
    run(" ".join(SENTENCES))  # loads what the stages need
    sizes = [size for size in SIZES if size <= longest]
    print(f"{'characters':<40}" + "".join(f"{size:>10}" for size in sizes) + f"{'growth':>8}", flush=True)
    bad = 0
    for name, piece in probes().items():
        if names and name not in names:
            continue
        try:
            seconds = grown(piece, sizes)
            if seconds[-1] > NOTICED and excess(seconds, sizes) > FASTER:  # other work on the machine, perhaps
                seconds = list(map(min, seconds, grown(piece, sizes)))
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}", flush=True)
            bad += 1
            continue
        faster = seconds[-1] > NOTICED and excess(seconds, sizes) > FASTER
        bad += faster or len(seconds) < len(sizes)
        cells = "".join(f"{cost:10.2f}" for cost in seconds) + f"{'':>10}" * (len(sizes) - len(seconds))
        print(f"{name:<40}{cells}{excess(seconds, sizes):8.2f}" + (" FASTER" if faster else ""), flush=True)
    return bad


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["growth"]:
        raise SystemExit(growth(int(words[1]) if len(words) > 1 else SIZES[-1], words[2:]) > 0)
    cases = int(words[0]) if words else 10_000
    raise SystemExit(many(cases, int(words[1]) if len(words) > 1 else random.SystemRandom().randrange(2**32)) > 0)
