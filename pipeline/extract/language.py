"""The spaCy pipeline: underthesea's words, our rules as components, results as spans.

A component registers itself under `chithi_<name>` with spaCy when its module is imported, reads
`context_of(doc)` and calls `add_found`. They run in the order of COMPONENTS; a later one may read the spans of the
earlier ones.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.extract.context import Context
from pipeline.extract.tokenizer import UndertheseaTokenizer

COMPONENTS = {
    "quantities": "pipeline.extract.quantities.finding",
    "deadlines": "pipeline.extract.deadlines.finding",
    "targets": "pipeline.extract.targets.finding",
    "percentages": "pipeline.extract.targets.percentages",
    "directives": "pipeline.extract.directives.finding",
}


@cache
def language() -> Language:
    """The pipeline, built once per process."""
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})
    nlp.tokenizer = UndertheseaTokenizer(nlp.vocab)
    nlp.max_length = sys.maxsize  # spaCy's limit is for parsers, of which there is none here
    for name, module in COMPONENTS.items():
        import_module(module)
        nlp.add_pipe(f"chithi_{name}")
    return nlp


def make_doc(context: Context) -> Doc:
    """The tokenized paragraph, with its context, before any component has run."""
    doc = language().make_doc(context.paragraph.text)
    doc._.context = context
    return doc
