"""What a number measures, in the words as printed, and where it holds."""

from __future__ import annotations

import re

from pipeline.extract.quantities.clauses import LIGHT, Clause, strong_cuts
from pipeline.extract.quantities.comparators import ComparatorRules
from pipeline.extract.quantities.wording_rules import WordingRules
from pipeline.models import Direction

MAX_WORDS = 28

_RULES = WordingRules.load()
_HEAD = re.compile(rf"(?:{_RULES.words('head')})(?!\w)", re.IGNORECASE)
_MEASURE_HEAD = re.compile(rf"(?<!\w)(?:{_RULES.words('measure')})(?!\w)", re.IGNORECASE)
_DATE = (
    r"(?:ngày \d{1,2}(?:[/-]\d{1,2}(?:[/-]\d{4})?| tháng \d{1,2}(?: năm \d{4})?)|"
    r"tháng \d{1,2}(?:[/-]\d{4}| năm \d{4})?|"
    r"(?:\d{1,2}|sáu) tháng (?:đầu|cuối) năm(?: \d{4})?|quý [IVX\d]{1,3}(?:[/ ](?:năm )?\d{4})?|cuối năm(?: \d{4})?|"
    r"\d{1,2}/\d{1,2}(?:/\d{4})?(?![\d/])|"
    r"hết năm(?: \d{4})?|năm(?: học)? \d{4}(?: ?[-–] ?\d{4})?|\d{4}(?: ?[-–] ?\d{4})?|giai đoạn \d{4} ?[-–] ?\d{4})"
)
_TIME = rf"(?:(?:đến|tới|trong|trước|vào|hết|từ nay đến|kể từ|tính đến|cuối|đầu)\s){{0,4}}(?:{_DATE})"
_MARK = r"\(\d{1,2}\)|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.)/-](?=\s?\D)|[a-zđ]{1,2}[),.]\s"
_LEADING = re.compile(
    rf"(?:[\s,.:;)–•+*“\"-]|{_MARK}|{_TIME}(?!\w)|(?:{_RULES.words('leading')})(?!\w)){{1,14}}", re.IGNORECASE
)
_TRAILING = re.compile(
    rf"(?:[\s,:;(–-]|(?<!\w)(?:{_RULES.words('trailing_hard', 'trailing_soft')}|{_TIME})(?!\w)){{1,8}}$", re.IGNORECASE
)
_TRAILING_HARD = re.compile(
    rf"(?:[\s,:;(–-]|(?<!\w)(?:{_RULES.words('trailing_hard')}|{_TIME})(?!\w)){{1,8}}$", re.IGNORECASE
)
_TRAILING_AFTER = re.compile(
    rf"(?:[\s,:;(–-]|(?<!\w)(?:{_RULES.words('trailing_after')})(?!\w)){{1,4}}$", re.IGNORECASE
)
_AFTER_STOP = re.compile(
    rf"[;()\n\t]|(?<!\w)(?:{_RULES.words('after_stop')}|{_TIME})(?!\w)"
    r"|,\s(?=(?:tăng|giảm|vượt|bằng|so với|góp phần|tạo|đảm bảo|bảo đảm)(?!\w))",
    re.IGNORECASE,
)
_AFTER_BRACKET = re.compile(
    rf"\([^()]{{1,80}}\) (?P<words>(?:(?!{_AFTER_STOP.pattern})[^,.;:()\d]){{3,120}})", re.IGNORECASE
)
_FIRST_WORD = re.compile(r"\s{0,2}[“\"‘']?[^\W\d]")
_NOT_MEASURED = re.compile(rf"\s{{0,2}}(?:/|(?:{_RULES.words('not_measured')})(?!\w))", re.IGNORECASE)
_LIMIT = re.compile(r"(?<!\w)từ \d[\d.,]{0,9} ?[^\d;,.]{0,20}$", re.IGNORECASE)
"""`tàu cá từ 15 mét trở lên`: the limit belongs to the noun."""
_INNER_ONWARD = re.compile(
    r"\s{1,2}trở lên\s(?=(?:hoàn thành|đạt|có|được|tham gia|xếp loại|sử dụng|chấp hành|thực hiện)(?!\w))"
)
"""`từ 90% tổ chức cơ sở đảng trở lên hoàn thành tốt nhiệm vụ`: what is measured goes on behind it."""
_AREA_WORD = "xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|thôn|bản|làng|ấp|xóm|buôn|khu phố|tổ dân phố"
_EACH = re.compile(
    rf"(?:(?:các |những )?[^,;:.]{{0,90}}?(?<!\w))?(?:mỗi|từng) (?:{_AREA_WORD})(?!\w)"
    r"(?= (?:giảm|tăng|có|xây|thành|phấn|đạt|vận|huy|trồng|\d|$))",
    re.IGNORECASE,
)
"""Where it holds, not what is measured: `Mỗi bản giảm 03 hộ nghèo`."""
_TOLD_TO = re.compile(r"[^,;:]{3,90}?(?<!\w)(?:chỉ đạo|có trách nhiệm|sẵn sàng)\s(?=\w)", re.IGNORECASE)
_FOR_WHICH = re.compile(r"(?:đối với|áp dụng cho|cho)(?!\w)", re.IGNORECASE)
_CLASSIFIERS = _RULES.of_list("classifier")
_SAME_AGAIN = re.compile(
    rf"[\s,(]{{0,3}}(?:{_RULES.words('same_again')})(?:\s(?:khoảng|trên|gần|dưới))?\s{{0,2}}", re.IGNORECASE
)
_CLASS = re.compile(
    rf"[\s,;:–-]{{0,4}}(?P<name>(?:(?:xếp )?loại )?(?:{_RULES.words('class')}))"
    r"(?:\s(?:đạt|chiếm|là|có|còn|từ|trên|dưới|khoảng|không quá|ít nhất|tối thiểu|tối đa|không dưới|tỷ lệ)){0,3}"
    r"\s{0,2}",
    re.IGNORECASE,
)
AS_MUCH = r"gấp(?: (?:hơn|trên|khoảng|ít nhất|từ))?"
"""What stands before a number of times, as a regular expression: `gấp khoảng 1,5 lần`."""
_TIMES = re.compile(rf"[\s,;]{{0,3}}{AS_MUCH}\s{{0,2}}", re.IGNORECASE)
_COMMA = re.compile(r",(?!\d)")
_LEAD_REACH = 300
_TOLD = re.compile(r"(?:đạt|được|có|tham gia|hoàn thành|sử dụng|xếp loại|duy trì)(?!\w)", re.IGNORECASE)
_ONLY_CHANGE = re.compile(r"(?:kéo giảm|giảm|tăng|nâng|hạ)(?: thêm| ít nhất)?", re.IGNORECASE)
_GROWS = re.compile(r"(?:tăng|giảm|tăng trưởng)(?: bình quân)?(?: (?:mỗi|hằng|hàng) năm)?", re.IGNORECASE)
_MOVED = re.compile(
    r"[^.;:,]{0,30}(?:xuống còn|xuống|lên|còn|lên đến|lên tới|thành|giảm còn|tăng lên)\s{0,2}(?:khoảng |trên |dưới )?",
    re.IGNORECASE,
)
_UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_NAME = rf"[{_UPPER}][^\W\d_]{{0,12}}(?: [{_UPPER}][^\W\d_]{{0,12}}){{0,3}}"
_SCOPES = (
    re.compile(
        rf"(?<!\w)(?:toàn|mỗi|từng|100%) "
        rf"(?:{_AREA_WORD}|ngành|quốc|đơn vị|cơ quan|chi bộ|đảng bộ|địa phương)(?!\w)(?! hội)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\w)(?:các )?(?:{_AREA_WORD}) {_NAME}(?:(?:, | và ){_NAME}(?!\w| tâm(?!\w))){{0,12}}"),
    re.compile(rf"^\s{{0,3}}(?:{_NAME})(?:(?:, | và )(?:{_NAME})){{1,12}}(?= (?:hoàn thành|đạt|phấn đấu|về đích))"),
    re.compile(r"(?<!\w)(?:trên địa bàn (?:tỉnh|huyện|xã|thành phố|thị xã|phường))(?!\w)", re.IGNORECASE),
)


def indicator_of(text: str, clause: Clause, previous: str | None) -> tuple[str, int, int]:
    """(wording, start, end of the words it was taken from). `previous` is the indicator of the clause before, for
    a number in brackets that says the same in another unit."""
    quantity = clause.quantity
    sorted_as = _class_of(text, clause)
    if sorted_as:
        return sorted_as
    if previous and _TIMES.fullmatch(text, clause.before_start, quantity.start):
        return previous, clause.before_start, quantity.end
    before_end = _before_end(text, clause)
    start = _before_start(text, clause.before_start, before_end)
    after_end = _after_end(text, clause)
    before = text[start:before_end]
    following = _INNER_ONWARD.sub(" ", text[_after_start(text, clause) : after_end]) + _behind_bracket(
        text, clause, after_end
    )
    after = _TRAILING_AFTER.sub("", _squeezed(following))
    ends_with_colon = before.rstrip().endswith(":")
    counted = quantity.unit is not None and quantity.unit.dimension == "count"
    noun = quantity.unit.text.split("/")[0] if quantity.unit is not None and counted else ""
    lead = _LEADING.match(before)
    core_start = start + (lead.end() if lead else 0)
    told_to = _TOLD_TO.match(text, core_start, before_end)
    core_start = told_to.end() if told_to else core_start
    each = _EACH.match(text, core_start, before_end)
    core_start = each.end() if each else core_start
    core = text[core_start:before_end]
    trailing = _TRAILING.search(core)
    bare = _squeezed(core[: trailing.start()] if trailing else core)
    moved = _MOVED.fullmatch(before) and (not after or (previous and _MEASURE_HEAD.search(previous)))
    same = _SAME_AGAIN.fullmatch(before) or (not bare and (clause.inside or moved))
    if previous and same:
        return previous, core_start, quantity.end
    if previous and clause.linked and not after and _GROWS.fullmatch(bare):
        return previous, core_start, quantity.end
    measured = bool(_MEASURE_HEAD.search(bare))
    after_names = bool(after) and not _NOT_MEASURED.match(after) and bool(_FIRST_WORD.match(after))
    told = after_names and not measured and (quantity.dimension == "ratio" or bool(_TOLD.match(after)))
    if quantity.dimension == "money" and "/" in text[quantity.number_end : quantity.end] and _FOR_WHICH.match(after):
        what = bare or (previous or "").partition(" đối với ")[0]
        return _limited(_squeezed(f"{what} {after}")), core_start if bare else quantity.start, after_end
    if bare and ends_with_colon and told:
        return _limited(_squeezed(f"{noun} {after}")), quantity.start, after_end
    if bare and ends_with_colon:
        return _limited(bare), core_start, before_end
    if ends_with_colon and after_names and not bare:
        return _limited(_squeezed(f"{noun} {after}")), quantity.start, after_end
    if bare and measured and not counted:
        return _limited(bare), core_start, quantity.end
    if bare and not after_names and noun.lower().split(" ")[-1:] and noun.lower().split(" ")[-1] in _CLASSIFIERS:
        return _limited(bare), core_start, quantity.end
    tail = _squeezed(f"{noun} {after}" if after_names else noun)
    head = _squeezed(_TRAILING_HARD.sub("", core))
    if not bare and tail and _ONLY_CHANGE.fullmatch(head):
        return _limited(f"{head} {tail}"), core_start, after_end if after_names else quantity.end
    if not bare and not tail and previous:
        return previous, core_start, quantity.end
    if not bare:
        return _limited(tail), quantity.start, after_end if after_names else quantity.end
    if not tail:
        return _limited(bare), core_start, quantity.end
    return _limited(_squeezed(f"{head} {tail}")), core_start, after_end if after_names else quantity.end


def _class_of(text: str, clause: Clause) -> tuple[str, int, int] | None:
    """One class of what stands before the colon: `Xếp loại hạnh kiểm: Tốt 75%, Khá 22%`."""
    position = clause.quantity.start
    colon = text.rfind(":", max(clause.sentence_start, position - _LEAD_REACH), position)
    if colon < 0:
        return None
    named = _CLASS.fullmatch(text, max(clause.before_start, colon + 1), position)
    if named is None or named["name"] == "đạt":
        return None
    start = max(clause.sentence_start, colon - _LEAD_REACH)
    start = max(start, text.rfind(";", start, colon) + 1)
    lead = _LEADING.match(text, start, colon)
    start = lead.end() if lead else start
    words = _squeezed(text[start:colon])
    return (_limited(f"{words}: {named['name']}"), start, clause.quantity.end) if words else None


def _before_end(text: str, clause: Clause) -> int:
    comparator = ComparatorRules.load().before(text, clause.quantity.start)
    return max(clause.before_start, comparator[1]) if comparator else clause.quantity.start


def _before_start(text: str, start: int, end: int) -> int:
    """Where the words of this number begin: after the last strong cut, or after a comma that a new head follows."""
    for cut in reversed(strong_cuts(text, start, end)):
        rest = text[cut.end() : end]
        light = LIGHT.fullmatch(rest) or _LEADING.fullmatch(rest)
        parted = cut.group(0).startswith(";") and not rest.strip(" ,:")
        if parted or (rest.strip(" ,:") and not (cut.group(0).startswith(":") and light)):
            start = cut.end()
            break
    words = text[start:end]
    chosen = start
    for comma in re.finditer(r",\s", words):
        rest = words[comma.end() :]
        if LIGHT.fullmatch(rest.rstrip(" :")) and not words.rstrip().endswith(":"):
            return start + comma.end()
        if _HEAD.match(rest):
            chosen = start + comma.end()
    return chosen


def _after_start(text: str, clause: Clause) -> int:
    """Where the words after a number begin: behind `trở lên` for a share (`từ 5% trở lên số vụ cháy`)."""
    comparator = ComparatorRules.load().after(text, clause.quantity.end)
    share = clause.quantity.dimension == "ratio"
    return min(comparator[1], clause.after_end) if comparator and share else clause.quantity.end


def _after_end(text: str, clause: Clause) -> int:
    start, end = _after_start(text, clause), clause.after_end
    for stop in _AFTER_STOP.finditer(text, start, end):
        limited = _LIMIT.search(text, max(start, stop.start() - 40), stop.start())
        inner = clause.quantity.dimension == "ratio" and _INNER_ONWARD.match(text, max(start, stop.start() - 1))
        if not (limited or inner) or not stop.group(0).lower().startswith("trở"):
            end = stop.start()
            break
    comma = _COMMA.search(text, start, end)
    return comma.start() if comma and clause.quantity.dimension != "ratio" else end


def _behind_bracket(text: str, clause: Clause, end: int) -> str:
    """The words of a share that go on behind a bracket: `100% trạm y tế (156/156 trạm) bố trí điểm tiêm chủng`."""
    if clause.quantity.dimension != "ratio" or end != clause.after_end or text[end : end + 1] != "(":
        return ""
    more = _AFTER_BRACKET.match(text, end)
    return f" {more['words']}" if more else ""


def _squeezed(words: str) -> str:
    squeezed = " ".join(words.split()).strip(" .,:;()–-")
    return f"{squeezed})" if squeezed.count("(") > squeezed.count(")") else squeezed


def _limited(words: str) -> str:
    parts = words.split(" ")
    return words if len(parts) <= MAX_WORDS else " ".join(parts[-MAX_WORDS:])


def direction_of(words: str) -> Direction | None:
    """The nearest word of rise, fall or keeping before the number."""
    best: tuple[int, Direction] | None = None
    for rule in _RULES.direction:
        for match in rule.pattern.finditer(words):
            if best is None or match.start() >= best[0]:
                best = (match.start(), rule.id)
    return best[1] if best else None


def scope_of(words: str) -> str | None:
    """Who or where the words before a number say that it holds for."""
    best: tuple[int, str] | None = None
    for pattern in _SCOPES:
        for match in pattern.finditer(words):
            if best is None or match.start() > best[0]:
                best = (match.start(), " ".join(match.group(0).split()))
    return best[1] if best else None
