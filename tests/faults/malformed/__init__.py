"""Malformed inputs, each made by code: what is wrong with it and what it must yield."""
