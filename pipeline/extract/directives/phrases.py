"""The phrases of `rules/directives.toml` that more than one module looks for."""

from __future__ import annotations

from pipeline.extract.directives.rules import DirectiveRules

RULES = DirectiveRules.load()

DATED_LINE = RULES.regex_of("dated_line")
"""The time at the beginning of a line that sets a task to it: `Tháng 02: Phòng Y tế kiểm tra …`."""
DESCRIBED = RULES.regex_of("described_actor")
"""Names that hold verbs: `người tiếp nhận`."""
FOR_SOMEBODY = RULES.regex_of("for_somebody")
LEADS_IN = RULES.regex_of("lead_in")
LISTS_NAMES = RULES.regex_of("lists_names")
MUST = RULES.regex_of("must")
OBLIGED = RULES.regex_of("obligation")
