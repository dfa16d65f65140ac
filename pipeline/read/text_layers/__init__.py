"""The text that a PDF brings along: taken, and judged."""
