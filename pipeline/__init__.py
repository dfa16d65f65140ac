"""chithi: Vietnamese administrative documents in, Parquet tables out."""

__version__ = "0.1.0"
