"""Files of each kind, page by page."""
