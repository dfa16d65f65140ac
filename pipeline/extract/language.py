"""The spaCy pipeline: underthesea's words, our rules as components, results as spans.

A component is a module of this package that registers itself under `chithi_<name>` with spaCy, reads
`context_of(doc)` and calls `add_found`. They run in the order of COMPONENTS; a later one may read the spans of the
earlier ones.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.context import Context
from pipeline.extract.tokenizer import UndertheseaTokenizer

COMPONENTS = ("quantities", "deadlines", "targets", "percentages", "directives")


@cache
def language() -> Language:
    """The pipeline, built once per process."""
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})
    nlp.tokenizer = UndertheseaTokenizer(nlp.vocab)
    for name in COMPONENTS:
        import_module(f"pipeline.extract.{name}")
        nlp.add_pipe(f"chithi_{name}")
    return nlp


def make_doc(context: Context) -> Doc:
    """The tokenized paragraph, with its context, before any component has run."""
    doc = language().make_doc(context.paragraph.text)
    doc._.context = context
    return doc
