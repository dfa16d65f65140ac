"""Mentions of other documents: by number, by name, by what a document said before."""
