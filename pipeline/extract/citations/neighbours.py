"""What mentions of one running text say of one another: shared issuers, where titles end, relations."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.extract.citations.mentions import Mention
from pipeline.extract.citations.relations import FoundCue, find_cue, sentence_start


def compare_neighbours(text: str, folded: str, mentions: list[Mention]) -> None:
    """Complete the mentions of a text, given in order, from one another. `folded` is `fold_in_place(text)`."""
    _share_issuers(mentions)
    _cut_titles(text, mentions)
    _relate(folded, mentions)


def _share_issuers(mentions: list[Mention]) -> None:
    """In `số A và số B của Thủ tướng` the issuer belongs to both, where both carry the code of the same body; in
    `Báo cáo số A và Tờ trình số B cùng ngày …` the day too."""
    for earlier, later in reversed(list(pairwise(mentions))):
        if earlier.reference is None or later.reference is None or earlier.reference.body != later.reference.body:
            continue
        if later.follows is not earlier and not (later.same_day and later.start - earlier.end <= 6):
            continue
        if earlier.issuer is None and later.issuer:
            earlier.issuer = later.issuer
        if earlier.issued_on is None and later.same_day:
            earlier.issued_on = later.issued_on


def _cut_titles(text: str, mentions: list[Mention]) -> None:
    """A title without quotation marks ends before the next item of a list (`về việc A và Quyết định số 3`)."""
    for mention, following in pairwise(mentions):
        if mention.title_span is None or following.start >= mention.title_span[1]:
            continue
        head = text[mention.title_span[0] : following.start].rstrip()
        shorter = re.sub(r"(?:[,;]|[\s,;]và)$", "", head).rstrip(" ,;")
        if shorter != head or len(head) < 12:
            mention.title = " ".join(shorter.split()) if len(shorter) >= 12 else None


def _relate(folded: str, mentions: list[Mention]) -> None:
    """Relation of each mention to the citing document, or to the mention before it."""
    first_words = folded.lstrip(" -+*•–").startswith("can cu")
    for index, mention in enumerate(mentions):
        if mention.follows is not None:
            mention.relation, mention.change, mention.changed_by = (
                mention.follows.relation, mention.follows.change, mention.follows.changed_by
            )  # fmt: skip
            continue
        floor = sentence_start(folded, mention.start)
        previous = mentions[index - 1] if index and mentions[index - 1].end > floor else None
        cue = find_cue(folded, mention.start, mention.end, floor=floor)
        if cue is None:
            if first_words and previous is None and folded[:floor].rstrip().endswith(";"):
                mention.relation = "legal_basis"
            elif previous is not None and _list_goes_on(folded, previous, mention):
                mention.relation = previous.relation
            continue
        _apply(cue, mention, previous, folded)


def _apply(cue: FoundCue, mention: Mention, previous: Mention | None, folded: str) -> None:
    if (
        cue.cue.acts
        and previous is not None
        and previous.end <= cue.start + 1
        and _same_clause(folded, previous.end, cue.start)
    ):
        actor, acted_on = (mention, previous) if cue.cue.passive else (previous, mention)
        acted_on.change, acted_on.changed_by = cue.cue.relation, actor.label
        if cue.cue.passive:
            mention.relation = previous.relation
        return
    if cue.cue.passive:
        return
    if previous is not None and previous.end > cue.start and not _list_goes_on(folded, previous, mention):
        # The cue is about the mention before; this one follows it in another clause.
        return
    mention.relation = cue.cue.relation
    mention.weak = cue.cue.relation == "mentions"


def _same_clause(folded: str, start: int, end: int) -> bool:
    between = folded[start:end]
    return len(between) <= 90 and ";" not in between and not re.search(r"\b(?:nay|va)\b|,\s*\w+ \w+ nay", between)


def _list_goes_on(folded: str, previous: Mention, mention: Mention) -> bool:
    """Whether two mentions are items of one list: a comma, `và` or `;` and at most a short title between them."""
    between = folded[previous.end : mention.start]
    return len(between) <= 400 and re.search(r"(?:,|;|\bva|\bhoac|\bcung)\s*(?:cac\s*)?$", between) is not None
