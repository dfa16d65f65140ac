"""Who is told to do what: the spaCy component `chithi_directives`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.context import Context, add_found, context_of
from pipeline.extract.directives.actors import canonical, canonical_list, split_actors, tidy
from pipeline.extract.directives.governors import DocumentTasks, document_tasks
from pipeline.extract.directives.instructions import Instruction
from pipeline.extract.directives.phrases import RULES
from pipeline.models import Directive, ParagraphRole


def tasks_of(context: Context) -> DocumentTasks:
    """The tasks of the paragraph's document, worked out at the first call for it."""
    tasks = context.memo.get("tasks")
    if not isinstance(tasks, DocumentTasks):
        tasks = context.memo["tasks"] = document_tasks(context.document)
    return tasks


def find_directives(context: Context) -> list[tuple[int, int, Directive]]:
    """(start, end, directive) of every instruction of one paragraph."""
    if context.paragraph.role is ParagraphRole.TABLE_ROW:
        return _of_row(context)
    text = context.paragraph.text
    return [
        (i.start, i.end, _directive(context, i, text[i.action_start : i.end]))
        for i in tasks_of(context).instructions[context.index]
        if i.end > i.action_start and i.actor is not None and not _speaks_of_itself(context, i)
    ]


_EDGES = frozenset({ParagraphRole.PREAMBLE, ParagraphRole.CLOSING})


def _speaks_of_itself(context: Context, instruction: Instruction) -> bool:
    """Whether the issuer only says in the opening or at the end what it does: `Sở Y tế thông báo đến các đơn vị …`."""
    issuer = context.document.header.issuer
    outside = context.paragraph.role in _EDGES or context.paragraph.section is None
    if not outside or not issuer or instruction.actor is None or not instruction.rule.startswith("named"):
        return False
    own, name = canonical_list(instruction.actor) or "", canonical(issuer) or ""
    return bool(own) and name.casefold().startswith(own.casefold())


def _directive(context: Context, instruction: Instruction, action: str) -> Directive:
    actor_id = canonical_list(instruction.actor) if instruction.actor else None
    confidence = instruction.confidence
    if actor_id and context.document.header.issuer and actor_id == canonical(context.document.header.issuer):
        confidence *= 0.6  # what the issuer says of itself is seldom an order
    return Directive(
        directive_id="",
        evidence=context.evidence(
            instruction.start, instruction.end, round(confidence, 3), f"directives.toml:{instruction.rule}"
        ),
        actor=instruction.actor,
        actor_id=actor_id,
        co_actors=instruction.co_actors,
        role=instruction.role,
        modality=instruction.modality,
        action=tidy(action),
    )


def _of_row(context: Context) -> list[tuple[int, int, Directive]]:
    """The task of a row of a table of tasks, where it says who leads."""
    row = tasks_of(context).rows.get(context.index)
    if row is None:
        return []
    columns = row.columns
    task, leader, helpers = row.at(columns.task), row.at(columns.lead), row.at(columns.cooperate)
    if task is None or leader is None:
        return []
    action, lead = tidy(task.text), tidy(leader.text)
    if task is leader or len(action) < 4 or len(lead) < 3 or not any(c.isalpha() for c in lead):
        return []
    used = [c for c in (task, leader, helpers, row.at(columns.time)) if c is not None]
    start, end = min(c.start for c in used), max(c.end for c in used)
    directive = Directive(
        directive_id="",
        evidence=context.evidence(start, end, RULES.confidence["task_table"], "directives.toml:task_table"),
        actor=lead,
        actor_id=canonical_list(lead),
        co_actors=split_actors(helpers.text) if helpers is not None else (),
        role="lead",
        modality="assign",
        action=action,
    )
    return [(start, end, directive)]


@Language.component("chithi_directives")
def directives(doc: Doc) -> Doc:
    """Puts every instruction of the paragraph under `doc.spans["directives"]`."""
    for start, end, directive in find_directives(context_of(doc)):
        add_found(doc, "directives", start, end, directive)
    return doc
