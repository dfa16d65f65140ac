"""Prints the documents of `corpus/` from their sources, damages some of them, and writes their gold."""
