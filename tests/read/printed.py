"""Small documents, made on the spot: PDFs by reportlab, pictures by Pillow, with a font that has Vietnamese letters."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

FONT_FILE = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
A4 = (595.0, 842.0)

# (left, top, text) in points from the top left of an A4 page.
LETTER = [
    (60, 60, "ỦY BAN NHÂN DÂN"),
    (310, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (70, 76, "XÃ ĐỒNG MÂY"),
    (350, 76, "Độc lập - Tự do - Hạnh phúc"),
    (62, 100, "Số: 12/KH-UBND"),
    (330, 100, "Đồng Mây, ngày 15 tháng 3 năm 2024"),
    (260, 140, "KẾ HOẠCH"),
    (90, 170, "Thực hiện Chỉ thị số 07/CT-UBND của Ủy ban nhân dân huyện Thanh Sơn Hạ, xã Đồng"),
    (60, 188, "Mây xây dựng kế hoạch trồng 1.250 cây xanh, phấn đấu giảm tỷ lệ hộ nghèo còn 3,5% vào"),
    (60, 206, "cuối năm 2024 và giao các thôn tổ chức thực hiện, báo cáo kết quả trước ngày 30/11/2024./."),
    (60, 250, "Nơi nhận:"),
    (360, 250, "TM. ỦY BAN NHÂN DÂN"),
    (60, 266, "- Như trên;"),
    (390, 266, "CHỦ TỊCH"),
    (60, 282, "- Lưu: VT."),
    (380, 340, "Người Ký Thử"),
]


def print_lines(canvas: Canvas, lines: list[tuple[float, float, str]], size: float = 10.5) -> None:
    """Lines at (left, top) in points from the top left."""
    canvas.setFont("Viet", size)
    for left, top, text in lines:
        canvas.drawString(left, A4[1] - top, text)


def draw_page(lines: list[tuple[float, float, str]], dpi: int = 200, size: float = 10.5) -> Image.Image:
    """The same page as a grey picture."""
    scale = dpi / 72
    image = Image.new("L", (round(A4[0] * scale), round(A4[1] * scale)), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT_FILE), round(size * scale))
    for left, top, text in lines:
        draw.text((left * scale, (top - size) * scale), text, font=font, fill=0)
    return image


def noisy(image: Image.Image, deviation: float, seed: int = 0) -> Image.Image:
    """The picture with random noise."""
    values = np.asarray(image, dtype=np.float64)
    noise = np.random.default_rng(seed).normal(0, deviation, values.shape)
    return Image.fromarray(np.clip(values + noise, 0, 255).astype(np.uint8))
