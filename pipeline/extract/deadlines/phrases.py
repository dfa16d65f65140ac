"""The rules of time limits, and the phrases of them that more than one module looks for."""

from __future__ import annotations

from pipeline.extract.deadlines.rules import DeadlineRules

RULES = DeadlineRules.load()

LABEL = RULES.regex_of("label")
PROGRAMME = RULES.regex_of("programme")
