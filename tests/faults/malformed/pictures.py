"""Malformed pictures."""

from __future__ import annotations

import io
import random
import struct
import zlib

from PIL import Image, PngImagePlugin

from tests.faults.malformed.case import Case

_SIZE = (600, 400)


def _save(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def _white(mode: str = "L", size: tuple[int, int] = _SIZE) -> Image.Image:
    return Image.new(mode, size, "white" if mode in ("L", "RGB") else 0)


def _grained() -> Image.Image:
    """Hard to compress, so that a half of the file is a half of the picture."""
    return Image.effect_noise(_SIZE, 3).point(lambda value: 240 + value // 16)


def sound_pictures() -> tuple[tuple[str, bytes], ...]:
    """Small pictures of every kind, without letters: damage to what is around the pixels is what readers trip over."""
    small, many = Image.new("L", (90, 60), 240), _many_frames(3)
    sizes = [Image.new("RGB", (90, 60), (240, 230, 220)), Image.new("1", (90, 60), 1)]
    kinds = [("a.png", _save(small, "PNG")), ("a.jpg", _save(sizes[0], "JPEG")), ("b.png", _save(sizes[1], "PNG"))]
    packings = ("raw", "tiff_lzw", "tiff_deflate")
    tiffs = [(f"{packing}.tif", _save(small, "TIFF", compression=packing)) for packing in packings]
    return (*kinds, *tiffs, ("group4.tif", _save(sizes[1], "TIFF", compression="group4")), ("many.tif", many))


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int, rows: bytes = b"", *, more: bytes = b"") -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _text_bomb() -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    return _png(*_SIZE, bytes(601 * 400), more=_chunk(b"zTXt", b"Comment\0\0" + packed))


def _animated() -> bytes:
    frames = [Image.new("L", (60, 40), shade) for shade in range(200, 240)]
    return _save(frames[0], "PNG", save_all=True, append_images=frames[1:])


def _wrong_sum() -> bytes:
    data = bytearray(_save(_white(), "PNG"))
    data[data.index(b"IHDR") + 20] ^= 0xFF
    return bytes(data)


def _many_frames(count: int) -> bytes:
    frames = [Image.new("1", (80, 60), 1) for _ in range(count)]
    return _save(frames[0], "TIFF", save_all=True, append_images=frames[1:])


def _tiff(entries: list[tuple[int, int, int, int]], *, following: int = 0, tail: bytes = b"") -> bytes:
    """One directory of (tag, type, count, value); `following` is the offset of the next one."""
    out = b"II*\0" + struct.pack("<IH", 8, len(entries))
    for entry in entries:
        out += struct.pack("<HHII", *entry)
    return out + struct.pack("<I", following) + tail


def _bare_tiff(width: int, height: int, *, following: int = 0, strip: int = 0) -> bytes:
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    entries += [(273, 4, 1, strip or 200), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, width * height % 2**32)]
    return _tiff(entries, following=following, tail=bytes(400))


def _wrong_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 77
    exif[0x010E] = "\0" * 5000
    return _save(_white(), "JPEG", exif=exif.tobytes())


def _speckled(width: int, height: int) -> bytes:
    greys = random.Random(20310102).randbytes(width * height)
    return _save(Image.frombytes("L", (width, height), greys), "PNG")


def _wrong_resolution() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add(b"pHYs", struct.pack(">IIB", 2**32 - 1, 1, 1))
    return _save(_white(), "PNG", pnginfo=info)


PICTURES = (
    Case("head.png", "the signature of a PNG and zeros", lambda: b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged_image"),
    Case("cut.png", "the second half is missing", lambda: _half(_save(_grained(), "PNG")), "damaged_image"),
    Case("sum.png", "a wrong checksum", _wrong_sum, "damaged_image"),
    Case("no-rows.png", "a head of 600 × 400 pixels and no pixels", lambda: _png(600, 400), "damaged_image"),
    Case("no-size.png", "0 × 0 pixels", lambda: _png(0, 0), "damaged_image"),
    Case("bomb.png", "50 000 × 50 000 pixels in some bytes", lambda: _png(50_000, 50_000), "too_large"),
    Case("huge.png", "2³¹ × 2³¹ pixels", lambda: _png(2**31 - 1, 2**31 - 1), "too_large"),
    Case("comment.png", "a comment of 200 MB, packed into 200 kB", _text_bomb, "damaged_image"),
    Case("dot.png", "one pixel", lambda: _save(_white(size=(1, 1)), "PNG"), pages=1),
    Case("strip.png", "one pixel high", lambda: _save(_white(size=(5000, 1)), "PNG"), pages=1),
    Case("column.png", "one pixel wide", lambda: _save(_white(size=(1, 5000)), "PNG"), pages=1),
    Case("ribbon.png", "40 × 20 000 pixels", lambda: _speckled(40, 20_000), "too_large", says="limit of a side"),
    Case("slender.png", "9 × 5 000 pixels of all greys", lambda: _speckled(9, 5000), pages=1),
    Case("black.png", "all black", lambda: _save(Image.new("L", _SIZE, 0), "PNG"), pages=1),
    Case("clear.png", "all transparent", lambda: _save(Image.new("RGBA", _SIZE, (0, 0, 0, 0)), "PNG"), pages=1),
    Case("deep.png", "16 bits a pixel", lambda: _save(Image.new("I;16", _SIZE, 65_535), "PNG"), pages=1),
    Case("resolution.png", "4 · 10⁹ dots a metre one way, 1 the other", _wrong_resolution, pages=1),
    Case("animated.png", "40 frames of an animation", _animated, "too_many_pages", pages=12),
    Case("cut.jpg", "the second half is missing", lambda: _half(_save(_grained(), "JPEG")), "damaged_image"),
    Case("head.jpg", "the signature of a JPEG", lambda: b"\xff\xd8\xff\xe0" + bytes(30), "damaged_image"),
    Case("ink.jpg", "four inks (CMYK)", lambda: _save(Image.new("CMYK", _SIZE), "JPEG"), pages=1),
    Case("exif.jpg", "an orientation that does not exist", _wrong_exif, pages=1),
    Case("cut.tif", "the second half is missing", lambda: _half(_save(_grained(), "TIFF")), "damaged_image"),
    Case("loop.tif", "a list of pages that goes round in a circle", lambda: _bare_tiff(20, 10, following=8), pages=1),
    Case("bomb.tif", "60 000 × 60 000 pixels in 500 bytes", lambda: _bare_tiff(60_000, 60_000), "too_large"),
    Case("far.tif", "pixels beyond the end", lambda: _bare_tiff(20, 10, strip=10**9), "damaged_image"),
    Case("no-tags.tif", "a page without any fact", lambda: _tiff([]), "damaged_image"),
    Case("counts.tif", "a fact of 4 · 10⁹ values", lambda: _tiff([(256, 4, 2**32 - 1, 8)]), "damaged_image"),
    Case("many.tif", "300 frames", lambda: _many_frames(300), "too_many_pages", pages=12, says="read.max_pages"),
    Case("picture.gif", "a kind of picture that is not read", lambda: _save(_white(), "GIF"), "unsupported_type"),
    Case("photo.png", "a JPEG called .png", lambda: _save(_white(), "JPEG"), pages=1),
)
