"""Numbers that count or measure something, with their units and the words that belong to them."""
