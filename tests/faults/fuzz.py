"""Reads damaged copies of sound files for as long as is asked, and says what broke: `fuzz [SECONDS] [SEED]`.

Every copy is read in a child with limits. What a reader refuses or cannot do is as it should be; an error that no
reader foresaw, a child that dies, hangs or eats memory, and a copy that takes too long are findings. A copy is made of
its number and the seed alone, so that each finding can be made again: `fuzz 0 SEED NUMBER`.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.run.executor import Broken, Executor, Finished, Limits
from tests.faults.malformed.pdfs import PDFS, sound_pdf
from tests.faults.malformed.pictures import PICTURES, sound_pictures
from tests.faults.malformed.table import look_at
from tests.faults.malformed.texts import PLAN
from tests.faults.malformed.words import sound_body, word_of

_LIMITS = Limits(seconds=60, stall_seconds=60, memory_mb=1500)
_SLOW_SECONDS = 20.0
_PRELOAD = ("tests.faults.malformed.table", "pipeline.read.recognition.ocr")
_TOKENS = (
    *(b"-1", b"0", b"1", b"65536", b"2147483647", b"4294967295", b"99999999999999999999", b"1e308", b"NaN"),
    *(b"<<", b">>", b"[", b"]", b"(", b")", b" obj", b"endobj", b" 0 R", b"stream", b"null", b"/", b"%", b"\0"),
    *(b"<w:p>", b"</w:p>", b"&amp;", b"]]>", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\r\n", b"\x0c"),
)


# Cases that take long to make or to damage.
_HEAVY = {"empty.pdf", "many-pages.pdf", "picture.pdf", "short-picture.pdf", "comment.png", "many.tif", "animated.png"}


@cache
def seeds() -> tuple[tuple[str, bytes], ...]:
    """The sound files, and malformed ones that are small. A name that ends in .xml stands for what a Word document
    packs: damage to the package would only be told by its checksums."""
    sound = [("plan.pdf", sound_pdf()), ("plan.txt", PLAN.encode() * 20), ("plan16.txt", PLAN.encode("utf-16"))]
    sound += [("plan.docx.xml", sound_body()), ("plan.docx", word_of(sound_body())), *sound_pictures()]
    small = [(case.name, case.make()) for case in (*PDFS, *PICTURES) if not case.slow and case.name not in _HEAVY]
    return (*sound * 6, *small)


def damaged(seed: int, number: int) -> tuple[str, bytes]:
    """Copy `number` of the run with this seed."""
    dice = random.Random(f"{seed}/{number}")
    name, content = dice.choice(seeds())
    damage = _damage(bytearray(content), dice)
    return (name.removesuffix(".xml"), word_of(damage)) if name.endswith(".docx.xml") else (name, damage)


def _damage(data: bytearray, dice: random.Random) -> bytes:
    for _ in range(dice.choice((1, 1, 2, 4, 8, 32))):
        at = dice.randrange(len(data) + 1)
        length = dice.choice((1, 1, 2, 4, 16, 256))
        match dice.randrange(8):
            case 0:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 1 if at < len(data):
                data[at] ^= 1 << dice.randrange(8)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = dice.choice(_TOKENS)
            case 4:
                data[at : at + length] = dice.choice(_TOKENS)
            case 5:
                start = dice.randrange(len(data) + 1)
                data[at:at] = data[start : start + length]
            case 6 if dice.random() < 0.3:
                del data[at:]
            case _:
                data[at:at] = dice.choice(_TOKENS) * dice.choice((1, 10, 1000))
    return bytes(data)


def read_copy(order: tuple[int, int], report: Callable[[int], None]) -> float:
    """Reads one copy; seconds of work. Runs in a child."""
    name, content = damaged(*order)
    started = time.process_time()
    look_at(content, name, report)
    return time.process_time() - started


@dataclass(frozen=True, slots=True)
class Finding:
    """What copy `number` did."""

    number: int
    name: str
    what: str


def fuzz(seconds: float, seed: int, jobs: int = 1) -> tuple[int, list[Finding]]:
    """How many copies were read in that time, and what broke."""
    until, findings, done = time.monotonic() + seconds, [], 0

    def orders() -> Iterator[tuple[int, int]]:
        number = 0
        while time.monotonic() < until:
            yield seed, number
            number += 1

    with Executor[tuple[int, int], float](read_copy, jobs, _LIMITS, _PRELOAD) as executor:
        for event in executor.run(orders()):
            number = event.item[1]
            if isinstance(event, Finished):
                done += 1
                if event.result > _SLOW_SECONDS:
                    findings.append(Finding(number, damaged(seed, number)[0], f"took {event.result:.0f} s"))
            elif isinstance(event, Broken):
                done += 1
                findings.append(Finding(number, damaged(seed, number)[0], f"{event.code}: {event.message}"))
    return done, findings


def main(words: list[str]) -> int:
    """Fuzzes, or makes one copy again and reads it here."""
    seconds = float(words[0]) if words else 60.0
    seed = int(words[1]) if len(words) > 1 else random.SystemRandom().randrange(2**32)
    if len(words) > 2:
        name, content = damaged(seed, int(words[2]))
        Path(f"fuzz-{name}").write_bytes(content)
        print(f"fuzz-{name}", look_at(content, name).failures)
        return 0
    print(f"seed {seed}, {seconds:g} s", flush=True)
    done, findings = fuzz(seconds, seed)
    for finding in findings:
        print(f"copy {finding.number} of {finding.name}: {finding.what}")
    kinds = Counter(finding.what.split(":")[0] for finding in findings)
    print(f"{done} damaged copies read, {len(findings)} findings {dict(kinds) if kinds else ''}; the parent lives")
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
