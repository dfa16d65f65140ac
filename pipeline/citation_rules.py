"""The rules of citations: `rules/citations.toml` and `rules/relations.toml`, checked when they load."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipeline.models import Relation
from pipeline.rulebook import Rule, RuleFile, problems_with


def _is_regex(pattern: str) -> str:
    plain = re.sub(r"<[A-Z]+>", "x", pattern)
    try:
        re.compile(plain)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    if re.search(r"(?<!\\)[*+](?![)\]])", re.sub(r"\[[^\]]*\]", "", plain)):
        raise ValueError("unbounded repetition (* or +): say how many at most, as in {0,40}")
    return pattern


Pattern = Annotated[str, AfterValidator(_is_regex)]
Confidence = Annotated[float, Field(gt=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Form(Rule):
    """One way to print a reference number; `misread` forms take any letters, which must look like known codes."""

    pattern: Pattern
    style: Literal["state", "party"]
    cue: bool = False
    misread: bool = False
    confidence: Confidence


class NamedForm(Rule):
    """A document that is cited by its name, without a number."""

    pattern: Pattern
    type: str | None = None
    confidence: Confidence = 0.85


class BackReference(Rule):
    """Words that point to a document that was named before; `own`: to the document that says them."""

    pattern: Pattern
    own: bool = False
    issuer: bool = False


class Codes(_Part):
    """Facts about the codes inside numbers."""

    party_bodies: Pattern
    state_bodies: Pattern
    known: tuple[str, ...]
    with_term: tuple[str, ...]
    not_documents: tuple[str, ...]


class Alone(_Part):
    """Types that are cited by a number without `số` and symbol."""

    types: tuple[str, ...]


class LawNames(_Part):
    """How the names of laws go on and end."""

    heads: tuple[str, ...]
    max_words: int
    stops: tuple[str, ...]
    inside: tuple[str, ...]


class IssuerWords(_Part):
    """What issuers' names are made of, without marks."""

    heads: tuple[str, ...]
    offices: tuple[str, ...]
    units: tuple[str, ...]
    fields: tuple[str, ...]
    office_words: tuple[str, ...]
    office_stops: tuple[str, ...]


class TitleWords(_Part):
    """How titles that stand without quotation marks begin, and how long they may be."""

    starts: tuple[str, ...]
    max_length: int


class CitationRules(RuleFile):
    """How other documents are cited."""

    file_name: ClassVar[str] = "citations.toml"

    forms: tuple[Form, ...]
    alone: Alone
    codes: Codes
    named: tuple[NamedForm, ...]
    law: LawNames
    back_references: tuple[BackReference, ...]
    issuers: IssuerWords
    titles: TitleWords

    def check_examples(self) -> list[str]:
        """A form's examples are read by that form, whole; its counter-examples by no form as a whole."""
        from pipeline.extract.citations.named_documents import compiled_named, compiled_references
        from pipeline.reference_numbers import match_form

        problems = problems_with(self.forms, lambda form, text: match_form(form, text) is not None)
        for form in self.forms:
            read = ((text, match_form(form, text)) for text in form.examples if form.id != "number-alone")
            cut = (text for text, match in read if match and match.end != len(text))
            problems += [f"{form.id}: does not match the whole of {text!r}" for text in cut]
        searched: list[tuple[Rule, re.Pattern[str]]] = [*compiled_named(self), *compiled_references(self)]
        patterns = {rule.id: pattern for rule, pattern in searched}
        return problems + problems_with(
            (rule for rule, _ in searched), lambda rule, text: patterns[rule.id].search(text) is not None
        )


class RelationCue(Rule):
    """Words that say what the citing document does with a cited one.

    `side`: whether they stand before the mention or after it; `reach`: how many characters away at most;
    `acts`: the words may also say what the previous mention does to this one (`Nghị định A sửa đổi Nghị định B`).
    """

    relation: Relation
    pattern: Pattern
    side: Literal["before", "after"] = "before"
    reach: int = 120
    acts: bool = False
    passive: bool = False


class RelationRules(RuleFile):
    """What the words around a mention say about it."""

    file_name: ClassVar[str] = "relations.toml"

    cues: tuple[RelationCue, ...]

    def check_examples(self) -> list[str]:
        """In an example `[]` stands for the mention; the cue must give its relation, in a counter-example must not."""
        from pipeline.extract.citations.relations import find_cue

        def found(cue: RelationCue, text: str) -> bool:
            at = text.index("[]")
            return find_cue(text.replace("[]", "[ ]"), at, at + 3, only=cue) is not None

        return problems_with(self.cues, found)
