"""Words with places: put into reading order, and known for what they are."""
