"""Loads what every child needs into the server that children are forked from, once for all of them.

One small document goes through the stages here: what a stage loads when it first needs it (rules and their patterns,
the word segmenter) is then shared, where each child would take a second for it. What goes wrong here goes wrong again,
with a name and a place, in the child that needs it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from types import ModuleType

from pipeline.run.without_pandas import without_pandas

# What underthesea offers beside segmentation; it does without what cannot be imported.
_OTHER_OFFERS = (
    "agent",
    "pipeline.classification",
    "pipeline.lang_detect",
    "pipeline.dependency_parse",
    "pipeline.translate",
)
_ONE_THREAD = ("OPENCV_FOR_THREADS_NUM", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")

_DOCUMENT = """\
ỦY BAN NHÂN DÂN                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ SUỐI CÁT                             Độc lập - Tự do - Hạnh phúc

Số: 12/KH-UBND                     Suối Cát, ngày 05 tháng 3 năm 2024

KẾ HOẠCH
Giảm nghèo năm 2024

Căn cứ Nghị quyết số 07/NQ-HĐND ngày 20/12/2023 của Hội đồng nhân dân xã về nhiệm vụ năm 2024;

I. MỤC TIÊU
1. Giảm tỷ lệ hộ nghèo từ 4,5% xuống còn 2,5%; trồng mới ít nhất 20 ha rừng.
II. TỔ CHỨC THỰC HIỆN
1. Giao Công chức Văn hóa - Xã hội chủ trì, báo cáo Ủy ban nhân dân xã trước ngày 15/12/2024.

Nơi nhận:                               TM. ỦY BAN NHÂN DÂN
- Như trên;                                     CHỦ TỊCH
- Lưu: VT.
                                           Nguyễn Văn A
"""


def _load() -> None:
    import hashlib
    import tempfile
    from pathlib import Path

    from pipeline.models import MediaType, Source
    from pipeline.publish.tables import tables_of
    from pipeline.run.cache import StageCache
    from pipeline.run.document import process
    from pipeline.run.versions import Versions
    from pipeline.settings import Settings

    with tempfile.TemporaryDirectory(prefix="chithi-") as folder:
        path, content = Path(folder) / "document.txt", _DOCUMENT.encode()
        path.write_bytes(content)
        source = Source(path, path.name, hashlib.sha256(content).hexdigest(), MediaType.TEXT, len(content))
        StageCache(Path(folder), Versions("", "", "", ""))
        tables_of(process(source, Settings.model_construct()), "", "")


@contextlib.contextmanager
def _without_side_entrances() -> Iterator[None]:
    """What libraries load for command lines and services of their own, and no stage uses, stays away: half a second."""
    spacy_command = ModuleType("spacy.cli.info")
    spacy_command.info = None  # type: ignore[attr-defined]
    away = {"spacy.cli.info": spacy_command} | {f"underthesea.{name}": None for name in _OTHER_OFFERS}
    added = [name for name in away if name not in sys.modules]
    sys.modules.update({name: away[name] for name in added})  # type: ignore[misc]
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]


# The children are what runs side by side: none of them needs threads, which would take the core of another.
for _name in _ONE_THREAD:
    os.environ.setdefault(_name, "1")
# The collector would go through all that is loaded again and again, here and in every child.
gc.disable()
with contextlib.suppress(Exception), without_pandas(), _without_side_entrances():
    _load()
gc.freeze()
gc.enable()
