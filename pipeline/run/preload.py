"""Loads what every child needs into the server that children are forked from, once for all of them.

What goes wrong here goes wrong again, with a name and a place, in the child that needs it.
"""

from __future__ import annotations

import contextlib

with contextlib.suppress(Exception):
    from pipeline.extract.language import language
    from pipeline.restore.restorer import restorer
    from pipeline.run.document import process as process

    language()
    restorer(None)
