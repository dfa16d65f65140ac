"""Linking: citations of the whole archive to the documents of the world, and both to one another.

`link` takes whole tables and gives whole tables; it reads and writes nothing.
"""

from pipeline.link.link import Linked, link
from pipeline.link.state import State

__all__ = ["Linked", "State", "link"]
