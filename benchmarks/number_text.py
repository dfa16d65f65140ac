"""Text full of numbers, and how many of them were read wrongly and then doubted: for `benchmarks.reading --numbers`.

The sentences hold what plans and reports hold in running text: targets, growth, shares, money, areas, dates, limits and
reference numbers, all invented. A number is right where the word was read exactly as printed, but for the marks around
it; a wrong one is doubted where its word has a confidence below 0.5, or where nothing was read.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from pipeline.models import Page, Word
from pipeline.vietnamese import one_tone_style

DOUBT = 0.5
_AROUND = ".,;:()[]“”\"'…"

_SENTENCES = (
    "Phấn đấu đến năm {year}, tổng sản lượng lương thực có hạt đạt {thousands} tấn, tăng {share} so với năm {year}.",
    "Tỷ lệ hộ nghèo giảm từ {share} xuống còn {share}; thu nhập bình quân đạt {decimal} triệu đồng/người/năm.",
    "Trồng mới {decimal} ha rừng, khoanh nuôi {thousands} ha, nâng độ che phủ lên {share} vào cuối năm {year}.",
    "Thu ngân sách trên địa bàn đạt {money} đồng, bằng {share} dự toán giao và tăng {share} so với cùng kỳ.",
    "Thực hiện Quyết định số {reference} ngày {date} của Ủy ban nhân dân tỉnh về giao chỉ tiêu năm {year}.",
    "Căn cứ Nghị quyết số {reference} ngày {day} tháng {month} năm {year} và Công văn số {reference} của Sở Tài chính.",
    "Tỷ suất sinh giảm {permille}, tỷ lệ tăng tự nhiên còn {share}, giải quyết việc làm cho {thousands} lao động.",
    "Hoàn thành trước ngày {date}; báo cáo kết quả về Văn phòng trước {hour} giờ {minute} phút ngày {date}.",
    "Toàn huyện có {count} trường, {thousands} học sinh, {decimal}% giáo viên đạt chuẩn; {count}/{count} xã có trạm.",
    "Năng suất lúa bình quân đạt {decimal} tạ/ha, cao hơn kế hoạch {decimal} tạ/ha; gieo trồng {thousands} ha.",
    "Kiên cố hóa {decimal} km kênh mương, cứng hóa {count} km đường, tổng kinh phí {money} đồng từ nguồn năm {year}.",
    "Cấp giấy cho {thousands} hộ với {decimal} ha, đạt {share}; còn {count} hồ sơ quá hạn {small} ngày.",
    "Giá trị sản xuất tăng {share}, trong đó nông nghiệp tăng {share}, công nghiệp tăng {share}, dịch vụ tăng {share}.",
    "Mỗi xã có từ {small} đến {small} mô hình, mỗi mô hình được hỗ trợ không quá {count} triệu đồng trong {small} năm.",
)
_TYPES = ("QĐ-UBND", "KH-UBND", "NQ-HĐND", "CT-TTg", "NĐ-CP", "TB-VP", "BC-SNN", "CTr-HU")


def paragraphs_of_numbers(seed: int, count: int = 400) -> list[str]:
    """Paragraphs of one to three sentences; the same for the same seed."""
    rng = random.Random(f"{seed} numbers in text")
    return [" ".join(_sentence(rng) for _ in range(rng.randint(1, 3))) for _ in range(count)]


def _sentence(rng: random.Random) -> str:
    return re.sub(r"\{([a-z]{1,12})\}", lambda match: _MAKERS[match[1]](rng), rng.choice(_SENTENCES))


def _decimal(rng: random.Random) -> str:
    return f"{rng.uniform(0, 200):.{rng.choice((1, 1, 2))}f}".replace(".", ",")


def _date(rng: random.Random) -> str:
    mark = rng.choice("//-")
    return f"{rng.randint(1, 28):02d}{mark}{rng.randint(1, 12):02d}{mark}{rng.randint(2001, 2030)}"


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "year": lambda rng: str(rng.randint(2001, 2035)),
    "thousands": lambda rng: f"{rng.randint(1000, 99999):,}".replace(",", "."),
    "money": lambda rng: f"{rng.randint(1_000_000, 9_999_999_999):,}".replace(",", "."),
    "share": lambda rng: f"{rng.uniform(0, 100):.{rng.choice((0, 1, 2))}f}%".replace(".", ","),
    "permille": lambda rng: f"{rng.uniform(0, 20):.1f}‰".replace(".", ","),
    "decimal": _decimal,
    "count": lambda rng: str(rng.randint(2, 999)),
    "small": lambda rng: f"{rng.randint(1, 20):02d}",
    "day": lambda rng: f"{rng.randint(1, 28):02d}",
    "month": lambda rng: f"{rng.randint(1, 12):02d}",
    "hour": lambda rng: str(rng.randint(7, 17)),
    "minute": lambda rng: rng.choice(("00", "15", "30", "45")),
    "date": _date,
    "reference": lambda rng: f"{rng.randint(1, 4999)}/{rng.choice(_TYPES)}",
}


@dataclass(slots=True)
class NumberTally:
    """What was read of the numbers of printed lines: `wrong` holds what was printed, what was read, its confidence."""

    numbers: int = 0
    doubted_right: int = 0
    wrong: list[tuple[str, str, float]] = field(default_factory=list)

    @property
    def doubted(self) -> int:
        """How many wrong numbers have a confidence below one half."""
        return sum(confidence < DOUBT for _, _, confidence in self.wrong)

    def add_page(self, printed: Sequence[str], page: Page) -> None:
        """Counts the numbers of the printed lines of a page."""
        lines = list(_lines(page))
        lines += [_joined(a, b) for a, b in pairwise(lines)]
        for line in printed:
            wanted = " ".join(one_tone_style(line).split())
            best = min(lines, key=lambda other: Levenshtein.distance(wanted, other[0]), default=("", ()))
            for text, read, confidence in _matched(wanted, best):
                self.numbers += 1
                if text != read:
                    self.wrong.append((text, read, confidence))
                else:
                    self.doubted_right += confidence < DOUBT


Read = tuple[str, Sequence[tuple[int, int, float]]]  # a line; its words: where they begin and end, how sure


def _lines(page: Page) -> Iterator[Read]:
    """The printed lines of a page, one blank between words."""
    for line in page.lines:
        inside: list[Word] = [w for w in page.words if line.start <= w.start < line.end]
        text, words = "", []
        for word in inside:
            text += " " * bool(text)
            written = one_tone_style(page.text_raw[word.start : word.end])
            words.append((len(text), len(text) + len(written), word.confidence))
            text += written
        yield text, words


def _joined(one: Read, other: Read) -> Read:
    by = len(one[0]) + 1
    return f"{one[0]} {other[0]}", [*one[1], *((a + by, b + by, c) for a, b, c in other[1])]


def _matched(wanted: str, read: Read) -> Iterator[tuple[str, str, float]]:
    """Every number of a printed line, what was read in its place, and how sure that is."""
    text, words = read
    places = _places(wanted, text)
    for match in re.finditer(r"\S+", wanted):
        if not any(c.isdigit() for c in match[0]):
            continue
        begin, end = places[match.start()], places[match.end()]
        hit = [w for w in words if w[0] < end and begin < w[1]]
        found = " ".join(text[a:b] for a, b, _ in hit)
        yield match[0].strip(_AROUND), found.strip(_AROUND), min((c for *_, c in hit), default=0.0)


def _places(wanted: str, read: str) -> list[int]:
    """For every place between letters of the printed line, the place in the line that was read."""
    places = [0] * (len(wanted) + 1)
    for step in Levenshtein.opcodes(wanted, read):
        for at in range(step.src_start, step.src_end + 1):
            places[at] = min(step.dest_end, step.dest_start + at - step.src_start)
        places[step.src_end] = step.dest_end
    return places
